"""By what a company is called in other tables: its id, its names, its aliases."""

import unicodedata

import pandas as pd


def folded(text: str) -> str:
    """
    A name without what people type differently: width, case, blanks, kinds of brackets.

    Parameters
    ----------
    text
        A name or an id.

    Returns
    -------
    folded
        For comparison only.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found = "".join(plain.split()).casefold()
    # One text instead of two equal ones, in tables of a million.
    return text if found == text else found


def handles(companies: pd.DataFrame) -> dict[str, str]:
    """
    Everything that names exactly one company.

    Parameters
    ----------
    companies
        The companies table.

    Returns
    -------
    handles
        Folded id, name, English name, alias or credit code -> company_id. An id wins over
        a name, and a handle that fits two companies is left out.
    """
    ids = companies["company_id"].tolist()
    named: dict[str, str] = {}
    several: set[str] = set()

    def name(text: str, company: str) -> None:
        handle = folded(text)
        if named.setdefault(handle, company) != company:
            several.add(handle)

    for column in ("name", "name_en", "uscc"):
        for company, text in zip(ids, companies[column], strict=True):
            if text:
                name(text, company)
    for company, aliases in zip(ids, companies["alias"], strict=True):
        for alias in aliases:
            name(alias, company)
    for handle in several:
        del named[handle]
    named.update((folded(company), company) for company in ids)
    return named
