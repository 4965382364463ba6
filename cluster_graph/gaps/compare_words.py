"""Two snapshots in words: what happened to each gap, and the rows behind it."""

from typing import Any

from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.change_words import change_sentences
from cluster_graph.gaps.compare import Comparison
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.numbers import quantity


def compare_sentences(found: Comparison, lang: Lang) -> list[str]:
    """
    Tell what differs between two snapshots.

    Parameters
    ----------
    found
        From `compare`.
    lang
        The language.

    Returns
    -------
    sentences
        Firms taken for one or perhaps one, gaps that changed, how many projects moved.
    """
    words = texts("compare", lang)
    said = []
    for key in ("matched", "doubtful"):
        for row in as_dicts(getattr(found, key)):
            names = {
                f"{when}_name": row[f"{when}_name" if lang == "zh" else f"{when}_name_en"]
                for when in ("old", "new")
            }
            ids = {"old_id": row["old_id"], "new_id": row["new_id"]}
            if key == "matched":
                how = words[f"reason_{row['reason']}"]
                said.append(words["matched"].format(**names, **ids, how=how))
            elif row["reason"] == "code_changed":
                said.append(words["code_changed"].format(**names, **ids))
            else:
                said.append(words["doubtful"].format(**names, **ids))
    told = change_sentences(found.changes, found.balance_after, found.new, lang)
    said += [words["none"]] if found.changes.empty else told
    if len(found.projects):
        kinds = ("forward", "back", "stalled", "new", "dropped")
        counts = {kind: int((found.projects["moved"] == kind).sum()) for kind in kinds}
        said.append(words["projects_moved"].format(**counts))
    return said


def row_sentence(found: Comparison, row: dict[str, Any], lang: Lang) -> str:
    """
    Tell what changed in one row.

    Parameters
    ----------
    found
        From `compare`.
    row
        A row of its `rows`.
    lang
        The language.

    Returns
    -------
    sentence
        Who, what, and both values.
    """
    clusters = (found.new, found.old)
    values: dict[str, str] = {"company": _company(clusters, row["company_id"], lang)}
    unit = ""
    if row["product_id"]:
        values["product"] = found.new.chain.name(row["product_id"], lang)
        unit = found.new.chain.products["unit"][row["product_id"]]
    else:
        values["product"] = texts("word", lang)["unknown"]
    values["customer"] = _company(clusters, row["customer_id"], lang)
    for side in ("before", "after"):
        values[side] = _value(row, row[side], unit, lang)
    return say(f"compare.{row['table']}_{row['column']}_{row['change']}", lang, **values)


def _company(clusters: tuple[Cluster, Cluster], company: str, lang: Lang) -> str:
    for cluster in clusters:
        name = cluster.company_name(company, lang)
        if name != company:
            return name
    return company


def _value(row: dict[str, Any], value: object, unit: str, lang: Lang) -> str:
    if row["column"] in ("output", "quantity"):
        return quantity(value, unit, lang)
    if not isinstance(value, str):
        return ""  # a row that came or went has no other value
    words = texts("word", lang)
    if row["column"] == "role":
        return texts("explanation", lang)[f"role_{value}"]
    if row["column"] == "status":
        return words[f"status_{value or 'operating'}"]
    return words[f"place_{value}"]
