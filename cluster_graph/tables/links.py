"""Checks a link table lazily, on its own engine: only what is set aside is collected."""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pandas as pd

from cluster_graph.tables.model import Lazy, LinkTable
from cluster_graph.tables.problems import Count, Problem
from cluster_graph.tables.schema import LINKS, Kind
from cluster_graph.tables.units import KNOWN_UNITS, factor, normal_unit

_NUMBER: Final = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
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


def check_links(links: LinkTable, companies: pd.Series, file: str) -> CheckedLinks:
    """
    Type the cells of a link table, and set aside links to nobody and bad quantities.

    Parameters
    ----------
    links
        As it came: any column types; columns of the schema may be absent.
    companies
        The known company ids.
    file
        What the user calls the table.

    Returns
    -------
    checked
        Links whose ends have an id, and a name where the id is unknown.
    """
    typed = _typed(links.frame)
    known = pd.DataFrame({"known_id": companies.astype(object)}).drop_duplicates()
    for end in ("supplier", "customer"):
        flags = links.lift(known.assign(**{f"{end}_known": "y"}).astype(object))
        typed = typed.join(flags, left_on=f"{end}_id", right_on="known_id", how="left")
    col = nw.col
    nobody = {
        end: col(f"{end}_known").is_null() & (col(f"{end}_name") == "")
        for end in ("supplier", "customer")
    }
    faults = {
        "blank_supplier": col("supplier_id") == "",
        "blank_customer": col("customer_id") == "",
        "self_link": col("supplier_id") == col("customer_id"),
        "supplier_nobody": nobody["supplier"],
        "customer_nobody": nobody["customer"],
        "quantity_not_a_number": (col("quantity_cell") != "") & col("quantity").is_null(),
        "value_not_a_number": (col("value_cell") != "") & col("value").is_null(),
        "quantity_negative": col("quantity") < 0,
        "value_negative": col("value") < 0,
        "unknown_unit": (col("unit_name") != "") & ~col("unit_name").is_in(list(KNOWN_UNITS)),
    }
    return _split(LinkTable(typed, links.lift), faults, file)


def match_links(links: LinkTable, products: pd.DataFrame, file: str) -> CheckedLinks:
    """
    Set aside links of unknown products, and bring quantities to the product's own unit.

    Parameters
    ----------
    links
        Checked by `check_links`.
    products
        `product_id`, `unit`.
    file
        What the user calls the table.

    Returns
    -------
    checked
        `quantity` in the product's own unit, where the product is given.
    """
    pairs = [
        (product, name, factor(name, own))
        for product, own in zip(products["product_id"], products["unit"], strict=True)
        for name in ("", normal_unit(own), *KNOWN_UNITS)
    ]
    factors = pd.DataFrame(pairs, columns=["known_product", "known_unit", "factor"])
    factors = factors.dropna().drop_duplicates(["known_product", "known_unit"])
    ids = pd.DataFrame({"known_product": products["product_id"], "product_known": "y"})
    frame = links.frame.join(
        links.lift(ids.astype(object)), left_on="product_id", right_on="known_product", how="left"
    ).join(
        links.lift(factors.astype({"known_product": object, "known_unit": object})),
        left_on=["product_id", "unit_name"],
        right_on=["known_product", "known_unit"],
        how="left",
    )
    col = nw.col
    given = col("product_id") != ""
    faults = {
        "unknown_product": given & col("product_known").is_null(),
        "wrong_unit": given & ~col("quantity").is_null() & col("factor").is_null(),
    }
    checked = _split(LinkTable(frame, links.lift), faults, file)
    scaled = nw.when(given).then(col("quantity") * col("factor")).otherwise(col("quantity"))
    matched = checked.links.frame.with_columns(quantity=scaled).drop("factor", "product_known")
    return CheckedLinks(LinkTable(matched, links.lift), checked.problems, checked.count)


def _typed(frame: Lazy) -> Lazy:
    schema = frame.collect_schema()
    here = set(schema.names())
    col = nw.col
    blank = nw.lit("")

    def text(name: str) -> nw.Expr:
        if name not in here:
            return blank.alias(name)
        return col(name).cast(nw.String).fill_null("").str.strip_chars().alias(name)

    texts = frame.with_columns(
        *(text(name) for name in _TEXTS),
        *(text(name).alias(f"{name}_cell") for name in _NUMBERS),
    )
    numbers = [
        nw.when(col(f"{name}_cell").str.contains(_NUMBER))
        .then(col(f"{name}_cell"))
        .otherwise(None)
        .cast(nw.Float64)
        .alias(name)
        for name in _NUMBERS
    ]
    unit = col("unit").str.replace_all(" ", "", literal=True)
    unit = unit.str.replace_all(r"/(?:年|a|yr|year)$", "")
    return texts.with_columns(*numbers, unit.str.to_lowercase().alias("unit_name"))


def _split(links: LinkTable, faults: dict[str, nw.Expr], file: str) -> CheckedLinks:
    fault = nw.lit(None, dtype=nw.String)
    for name, wrong in reversed(faults.items()):
        fault = nw.when(wrong).then(nw.lit(name)).otherwise(fault)
    frame = links.frame.with_columns(fault.alias(_FAULT))
    good = frame.filter(nw.col(_FAULT).is_null()).drop(_FAULT)
    bad = frame.filter(~nw.col(_FAULT).is_null()).sort("row").collect("pandas").to_native()
    read = int(frame.select(nw.len()).collect("pandas").to_native().iloc[0, 0])
    problems = tuple(_problem(record, file) for record in bad.to_dict("records"))
    count = Count(read, read - len(bad), 0, len(bad))
    return CheckedLinks(LinkTable(good, links.lift), problems, count)


def _problem(record: dict[object, object], file: str) -> Problem:
    cells = {
        name: str(record[f"{name}_cell" if name in _NUMBERS else name] or "")
        for name in LINKS.names
    }
    fault = str(record[_FAULT])
    column = _PLACE[fault]
    return Problem(
        table=LINKS.name,
        file=file,
        key=_KEY.get(fault, fault),
        row=int(str(record["row"])),
        column=column,
        value=cells[column],
        details={"name_column": column.replace("_id", "_name")},
        cells={name: text for name, text in cells.items() if text},
    )
