"""Checks a link table lazily, on its own engine: only what is set aside is collected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import narwhals as nw
import pandas as pd

from cluster_graph.tables.model import Lazy, LinkTable, collected
from cluster_graph.tables.problems import CELL, Count, Problem
from cluster_graph.tables.schema import EVIDENCES, LINKS, Kind
from cluster_graph.tables.units import factor, is_unit
from cluster_graph.text.cells import as_dicts

NUMBER: Final = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
# Python strips these from a text by itself; engines strip the ASCII ones alone.
_BLANKS: Final = " \t\r\n\x0b\x0c\u00a0\u3000\ufeff"
_NARROW: Final = (("（", "("), ("）", ")"), ("\u3000", ""), ("\u00a0", ""))
_INFINITE: Final = 1e300
_FAULT: Final = "fault"
_TEXTS: Final = [column.name for column in LINKS.columns if column.kind is not Kind.NUMBER]
_NUMBERS: Final = [column.name for column in LINKS.columns if column.kind is Kind.NUMBER]

# fault -> the column it sits in
_PLACE: Final = {
    "blank_supplier": "supplier_id",
    "blank_customer": "customer_id",
    "self_link": "customer_id",
    "supplier_nobody": "supplier_id",
    "customer_nobody": "customer_id",
    "quantity_not_a_number": "quantity",
    "value_not_a_number": "value",
    "quantity_negative": "quantity",
    "value_negative": "value",
    "unknown_unit": "unit",
    "unknown_product": "product_id",
    "wrong_unit": "unit",
}
_KEY: Final = {
    "blank_supplier": "blank_required",
    "blank_customer": "blank_required",
    "supplier_nobody": "link_to_nobody",
    "customer_nobody": "link_to_nobody",
    "quantity_not_a_number": "not_a_number",
    "value_not_a_number": "not_a_number",
    "quantity_negative": "negative",
    "value_negative": "negative",
}


@dataclass(frozen=True)
class CheckedLinks:
    """
    A link table after a round of checks.

    Parameters
    ----------
    links
        The rows that count, lazy.
    problems
        One for each row set aside.
    count
        read = accepted + merged + rejected.
    """

    links: LinkTable
    problems: tuple[Problem, ...]
    count: Count


def check_links(links: LinkTable, known: Mapping[str, str]) -> CheckedLinks:
    """
    Type the cells of a link table, and set aside links to nobody and bad quantities.

    Parameters
    ----------
    links
        As it came: any column types; columns of the schema may be absent.
    known
        From `handles`: whatever names a known company -> its id.

    Returns
    -------
    checked
        Links whose ends have an id, and a name where the id is unknown.
    """
    typed = _typed(links)
    col = nw.col
    index = pd.DataFrame({"handle": list(known), "known_id": list(known.values())}, dtype=object)
    for end in ("supplier", "customer"):
        named = links.lift(index.rename(columns={"known_id": f"{end}_known"}))
        typed = typed.join(named, left_on=f"{end}_handle", right_on="handle", how="left")
        own = col(f"{end}_known").fill_null(col(f"{end}_id"))
        typed = typed.with_columns(own.alias(f"{end}_id"))
    nobody = {
        end: col(f"{end}_known").is_null() & (col(f"{end}_name") == "")
        for end in ("supplier", "customer")
    }
    numbers = {
        name: col(name).is_null() | (col(name) > _INFINITE) | (col(name) < -_INFINITE)
        for name in _NUMBERS
    }
    faults = {
        "blank_supplier": col("supplier_id") == "",
        "blank_customer": col("customer_id") == "",
        "self_link": col("supplier_id") == col("customer_id"),
        "supplier_nobody": nobody["supplier"],
        "customer_nobody": nobody["customer"],
        "quantity_not_a_number": (col("quantity_cell") != "") & numbers["quantity"],
        "value_not_a_number": (col("value_cell") != "") & numbers["value"],
        "quantity_negative": col("quantity") < 0,
        "value_negative": col("value") < 0,
    }
    strange = (col("evidence") != "") & ~col("evidence").is_in(list(EVIDENCES))
    words = _strange_words(typed.filter(strange), links)
    blanked = nw.when(strange).then(nw.lit("")).otherwise(col("evidence"))
    typed = typed.with_columns(blanked.alias("evidence"))
    checked = _split(replace(links, frame=typed), faults)
    return replace(checked, problems=(*checked.problems, *words))


def _strange_words(rows: Lazy, links: LinkTable) -> list[Problem]:
    """One problem a word of evidence that is none, at the first row that has it."""
    found = rows.group_by("evidence").agg(nw.col("row").min(), nw.col("sheet").min())
    small = collected(found.sort("evidence"))
    return [
        Problem(
            table=LINKS.name,
            file=links.files[int(record["sheet"])],
            key="not_a_choice",
            row=None if pd.isna(record["row"]) else int(record["row"]),
            column="evidence",
            value=record["evidence"],
            scope=CELL,
            details={"choices": ", ".join(EVIDENCES)},
        )
        for record in as_dicts(small)
    ]


def match_links(
    links: LinkTable,
    products: pd.DataFrame,
    outputs: pd.DataFrame,
    elsewhere: frozenset[str] = frozenset(),
) -> CheckedLinks:
    """
    Give each link its product, and bring quantities to the product's own unit.

    A link without a product takes the supplier's only product, where it makes exactly one
    and the link's unit can measure it; otherwise it stays without. Links of unknown
    products and in units that do not measure their product are set aside.

    Parameters
    ----------
    links
        Checked by `check_links`.
    products
        `product_id`, `unit`.
    outputs
        The matched outputs.
    elsewhere
        Products of chains that were not asked for: links of them leave the analysis.

    Returns
    -------
    checked
        `quantity` in the product's own unit, where the product is given.
    """
    found = collected(links.frame.select("unit").unique())["unit"]
    units = sorted(found)
    factors = links.lift(_factors(products, units))
    ids = pd.DataFrame({"known_product": products["product_id"], "product_known": "y"})
    frame = links.frame.join(
        links.lift(ids.astype(object)), left_on="product_id", right_on="known_product", how="left"
    ).join(
        links.lift(_only_products(outputs)),
        left_on="supplier_id",
        right_on="sole_maker",
        how="left",
    )
    frame = _with_factor(frame, factors, "product_id", "own_factor")
    frame = _with_factor(frame, factors, "sole_product", "sole_factor")
    col = nw.col
    if elsewhere:
        frame = frame.filter(~col("product_id").is_in(sorted(elsewhere)))
    given = col("product_id") != ""
    measured = given & ~col("quantity").is_null() & col("own_factor").is_null()
    known_unit = col("unit").is_in(["", *(unit for unit in units if is_unit(unit))])
    faults = {
        "unknown_product": given & col("product_known").is_null(),
        "wrong_unit": measured & known_unit,
        "unknown_unit": measured & ~known_unit,
    }
    checked = _split(replace(links, frame=frame), faults)
    fits = ~col("sole_product").is_null() & (
        col("quantity").is_null() | ~col("sole_factor").is_null()
    )
    scaled = nw.when(given).then(col("own_factor")).otherwise(col("sole_factor"))
    scaled = nw.when(given | fits).then(col("quantity") * scaled).otherwise(col("quantity"))
    filled = nw.when(~given & fits).then(col("sole_product")).otherwise(col("product_id"))
    matched = checked.links.frame.with_columns(scaled.alias("quantity"), filled.alias("product_id"))
    return replace(
        checked, links=replace(links, frame=matched.select("sheet", "row", *LINKS.names))
    )


def renamed_products(links: LinkTable, ids: Mapping[str, str]) -> LinkTable:
    """
    Put ids where names of products stand.

    Parameters
    ----------
    links
        Checked links.
    ids
        Name as it stands in the links -> product_id.

    Returns
    -------
    links
        The same links.
    """
    pairs = pd.DataFrame({"said": list(ids), "meant": list(ids.values())}, dtype=object)
    frame = links.frame.join(links.lift(pairs), left_on="product_id", right_on="said", how="left")
    meant = nw.col("meant").fill_null(nw.col("product_id"))
    return replace(links, frame=frame.with_columns(meant.alias("product_id")).drop("meant"))


def _with_factor(frame: Lazy, factors: Lazy, product: str, name: str) -> Lazy:
    return frame.join(
        factors.rename({"factor": name}),
        left_on=[product, "unit"],
        right_on=["known_product", "known_unit"],
        how="left",
    )


def _factors(products: pd.DataFrame, units: list[str]) -> pd.DataFrame:
    """Every product and unit of the links that can measure it, with the factor to its own."""
    pairs = [
        (product, unit, factor(unit, own))
        for product, own in zip(products["product_id"], products["unit"], strict=True)
        for unit in units
    ]
    factors = pd.DataFrame(pairs, columns=["known_product", "known_unit", "factor"])
    return factors.dropna().astype({"known_product": object, "known_unit": object, "factor": float})


def _only_products(outputs: pd.DataFrame) -> pd.DataFrame:
    pairs = outputs[["company_id", "product_id"]].drop_duplicates()
    single = pairs[~pairs["company_id"].duplicated(keep=False)]
    return single.set_axis(["sole_maker", "sole_product"], axis=1).astype(object)


def _typed(links: LinkTable) -> Lazy:
    schema = links.frame.collect_schema()
    col = nw.col

    def text(name: str, alias: str) -> nw.Expr:
        if name not in schema:
            return nw.lit("").alias(alias)
        cells = col(name).cast(nw.String).fill_null("")
        if schema[name].is_float() and name not in _NUMBERS:
            # A column of ids with a hole in it comes as floats.
            cells = cells.str.replace_all(r"\.0$", "").str.replace_all("^nan$", "")
        return cells.str.strip_chars(_BLANKS).alias(alias)

    texts = links.frame.select(
        "sheet",
        "row",
        *(text(name, name) for name in _TEXTS),
        *(text(name, f"{name}_cell") for name in _NUMBERS),
        *(text(name, name) for name in links.further),
    )
    numbers = [
        nw.when(col(f"{name}_cell").str.contains(NUMBER))
        .then(col(f"{name}_cell"))
        .otherwise(None)
        .cast(nw.Float64)
        .alias(name)
        for name in _NUMBERS
    ]
    evidence = col("evidence").str.to_lowercase()
    return texts.with_columns(
        *numbers,
        *(_handle(end) for end in ("supplier", "customer")),
        evidence.alias("evidence"),
    )


def _handle(end: str) -> nw.Expr:
    """Fold an id as `handles.folded` does, as far as an engine can."""
    bare = nw.col(f"{end}_id").str.replace_all(" ", "", literal=True).str.to_lowercase()
    for wide, narrow in _NARROW:
        bare = bare.str.replace_all(wide, narrow, literal=True)
    return bare.alias(f"{end}_handle")


def _split(links: LinkTable, faults: dict[str, nw.Expr]) -> CheckedLinks:
    fault = nw.lit(None, dtype=nw.String)
    for name, wrong in reversed(faults.items()):
        fault = nw.when(wrong).then(nw.lit(name)).otherwise(fault)
    frame = links.hold(links.frame.with_columns(fault.alias(_FAULT)))
    good = frame.filter(nw.col(_FAULT).is_null()).drop(_FAULT)
    bad = frame.filter(~nw.col(_FAULT).is_null())
    small = collected(bad.sort("sheet", "row", "supplier_id", "customer_id"))
    read = int(collected(frame.select(nw.len())).to_numpy()[0, 0])
    problems = tuple(_problem(record, links) for record in as_dicts(small))
    count = Count(read, read - len(small), 0, len(small))
    return CheckedLinks(replace(links, frame=good), problems, count)


def _problem(record: dict[Any, Any], links: LinkTable) -> Problem:
    cells = {
        name: str(record[f"{name}_cell" if name in _NUMBERS else name] or "")
        for name in LINKS.names
    }
    cells |= {heading: str(record[name] or "") for name, heading in links.further.items()}
    fault = str(record[_FAULT])
    column = _PLACE[fault]
    return Problem(
        table=LINKS.name,
        file=links.files[int(record["sheet"])],
        key=_KEY.get(fault, fault),
        row=None if pd.isna(record["row"]) else int(record["row"]),
        column=column,
        value=cells[column],
        details={"name_column": column.replace("_id", "_name")},
        cells={name: text for name, text in cells.items() if text},
    )
