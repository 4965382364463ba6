"""Changes of gaps in words: a sentence for each thing that happened to a product."""

from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.text import Lang, say
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.numbers import estimate, percent, quantity

_MOST: Final = 12  # products told of in words; the table has them all


def change_sentences(
    changes: pd.DataFrame, after: pd.DataFrame, cluster: Cluster, lang: Lang
) -> list[str]:
    """
    Say what happened to each product, as far as a sentence says more than a figure.

    Parameters
    ----------
    changes
        From `gaps.changes.changes`.
    after
        The balance after.
    cluster
        The cluster after, for names.
    lang
        The language.

    Returns
    -------
    sentences
        Of the first products that a gap, a size or a surplus changed for; then how many are
        left to the table.
    """
    beside = after.set_index("product_id")["unsized_producers"]
    told = [row for row in as_dicts(changes) if row["change"] != ["other"]]
    said = []
    for row in told[:_MOST]:
        product = row["product_id"]
        name = cluster.chain.name(product, lang)
        for kind, say_it in _SAID.items():
            if kind in row["change"]:
                said += say_it(row, name, lang)
        if "sized" in row["change"]:
            said += _beside(cluster, name, beside[product], lang)
    if len(told) > _MOST:
        said.append(say("change.more", lang, count=len(told) - _MOST))
    return said


def _beside(cluster: Cluster, name: str, companies: list[str], lang: Lang) -> list[str]:
    """Who makes it too and is in no figure."""
    if not companies:
        return []
    names = say("word.join", lang).join(cluster.company_name(who, lang) for who in companies)
    return [say("change.sized_beside", lang, product=name, companies=names)]


def _amount(row: dict[Any, Any], name: str, when: str, lang: Lang) -> str:
    low, high = (row.get(f"{name}_{end}_{when}") for end in ("low", "high"))
    return estimate(row[f"{name}_{when}"], low, high, row["unit"], lang)


def _sized(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    was, now = row["supply_before"], row["supply_after"]
    after = quantity(now, row["unit"], lang)
    if np.isnan(was):
        return [say("change.sized_unknown", lang, product=name, after=after)]
    before = quantity(was, row["unit"], lang)
    said = [say("change.sized_implied", lang, product=name, before=before, after=after)]
    if now < was:
        said.append(say("change.sized_less", lang, product=name))
    return said


def _unsized(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    before, after = (quantity(row[f"supply_{w}"], row["unit"], lang) for w in ("before", "after"))
    return [say("change.unsized", lang, product=name, before=before, after=after)]


def _closed(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    if not row["shortage_before"] > 0:
        return [say("change.closed_unsized", lang, product=name)]
    before = _amount(row, "shortage", "before", lang)
    key = "closed_demand" if row["supply_after"] == row["supply_before"] else "closed"
    return [say(f"change.{key}", lang, product=name, before=before)]


def _opened(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    if not row["shortage_after"] > 0:
        return [say("change.opened_unsized", lang, product=name)]
    return [
        say(
            "change.opened",
            lang,
            product=name,
            demand=quantity(row["demand_after"], row["unit"], lang),
            supply=quantity(row["supply_after"], row["unit"], lang),
            shortage=_amount(row, "shortage", "after", lang),
        )
    ]


def _moved(kind: str, row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    figures = {
        "product": name,
        "before": _amount(row, "shortage", "before", lang),
        "after": _amount(row, "shortage", "after", lang),
    }
    if np.isclose(row["supply_before"], row["supply_after"], equal_nan=True):
        demand = [quantity(row[f"demand_{w}"], row["unit"], lang) for w in ("before", "after")]
        return [say(f"change.{kind}_demand", lang, was=demand[0], now=demand[1], **figures)]
    share = percent(row["self_sufficiency_after"], lang)
    return [say(f"change.{kind}", lang, share=share, **figures)]


def _narrowed(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    return _moved("narrowed", row, name, lang)


def _widened(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    return _moved("widened", row, name, lang)


def _surplus(row: dict[Any, Any], name: str, lang: Lang) -> list[str]:
    after = quantity(row["surplus_after"], row["unit"], lang)
    return [say("change.surplus", lang, product=name, after=after)]


_SAID: Final = {
    "sized": _sized,
    "unsized": _unsized,
    "closed": _closed,
    "opened": _opened,
    "narrowed": _narrowed,
    "widened": _widened,
    "surplus": _surplus,
}
