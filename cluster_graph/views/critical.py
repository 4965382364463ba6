"""The companies by systemic risk, and the cascade of one, as people read them."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_number, as_text
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    import pandas as pd

    from cluster_graph.cluster.model import Cluster

_NAMES: Final = 3
_UP: Final = Context(prec=1, rounding=ROUND_CEILING)  # a bound that is rounded down is none


def notes(frame: pd.DataFrame, lang: Lang) -> list[str]:
    """
    What a reader has to know before the figures.

    Parameters
    ----------
    frame
        From `gaps.critical`: companies, or the steps of a cascade.
    lang
        `zh` or `en`.

    Returns
    -------
    notes
        What the index means; that the links are inferred, and how many have no volume, where
        that is so.
    """
    found = [say("critical.note_index", lang)]
    if "esri_within" in frame and len(frame):
        most = _UP.create_decimal_from_float(float(frame["esri_within"].max()))
        found.append(say("critical.note_within", lang, within=f"{float(most):.1g}"))
    if "evidence" in frame and (frame["evidence"] == "inferred").any():
        found.append(say("critical.note_inferred", lang))
    if "unsized_links" in frame and frame["unsized_links"].sum():
        found.append(say("critical.note_unsized", lang))
    return found


def shown(frame: pd.DataFrame, cluster: Cluster, lang: Lang) -> pd.DataFrame:
    """
    The companies by systemic risk, every cell text.

    Parameters
    ----------
    frame
        From `gaps.critical.critical`.
    cluster
        For names.
    lang
        `zh` or `en`.

    Returns
    -------
    table
        The columns that fit on a screen.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    words = texts("critical", lang)
    rows = [
        {
            "rank": str(row["rank"]),
            "company": cluster.company_name(as_text(row["company_id"]), lang),
            "place": word("place", row["place"], lang),
            "esri": numbers.percent(row["esri"], lang),
            "own_share": numbers.percent(row["own_share"], lang),
            "firms_hit": str(row["firms_hit"]),
            "products_exposed": _exposed(row, cluster, lang),
            "is_articulation": words["cut"] if row["is_articulation"] else "",
            "output_value": numbers.money(row["output_value"], lang),
            "basis": words[f"basis_{row['basis']}"],
        }
        for row in as_dicts(frame)
    ]
    return pd.DataFrame(rows)


def shown_steps(frame: pd.DataFrame, cluster: Cluster, lang: Lang) -> pd.DataFrame:
    """
    A cascade step by step, in sentences.

    Parameters
    ----------
    frame
        From `gaps.critical.stop`.
    cluster
        For names.
    lang
        `zh` or `en`.

    Returns
    -------
    table
        `step` and `what_happens`.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    rows = [
        {"step": str(row["step"]), "what_happens": sentence(row, cluster, lang)}
        for row in as_dicts(frame)
    ]
    return pd.DataFrame(rows)


def sentence(row: dict[str, Any], cluster: Cluster, lang: Lang) -> str:
    """
    One step of a cascade in words.

    Parameters
    ----------
    row
        A row of `gaps.critical.stop`.
    cluster
        For names.
    lang
        `zh` or `en`.

    Returns
    -------
    sentence
        Who falls, from what to what, for want of what, because of whom.
    """
    product = as_text(row["product_id"])
    return say(
        f"critical.step_{row['kind']}"
        if product or row["kind"] == "stopped"
        else f"critical.step_{row['kind']}_unnamed",
        lang,
        company=cluster.company_name(as_text(row["company_id"]), lang),
        cause=cluster.company_name(as_text(row["because_of"]), lang),
        product=cluster.chain.name(product, lang) if product else "",
        before=numbers.percent(row["before"], lang),
        after=numbers.percent(row["after"], lang),
    )


def _exposed(row: dict[str, Any], cluster: Cluster, lang: Lang) -> str:
    parts = [
        say(
            "critical.exposed",
            lang,
            product=cluster.chain.name(part["product_id"], lang),
            lost=numbers.percent(as_number(part["lost"]), lang),
        )
        for part in row["products_exposed"]
        if part["product_id"]
    ]
    return listing(parts, lang, most=_NAMES)
