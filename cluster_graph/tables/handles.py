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
    return "".join(plain.split()).casefold()


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
    ids = companies["company_id"]
    found = {folded(company): company for company in ids}
    taken: dict[str, set[str]] = {}
    columns = [companies["name"], companies["name_en"], companies["uscc"]]
    for column in columns:
        for company, text in zip(ids, column, strict=True):
            if text:
                taken.setdefault(folded(text), set()).add(company)
    for company, aliases in zip(ids, companies["alias"], strict=True):
        for alias in aliases:
            taken.setdefault(folded(alias), set()).add(company)
    single = {handle: next(iter(owners)) for handle, owners in taken.items() if len(owners) == 1}
    return {**single, **found}
