"""Matches tables to a reference chain: known products, quantities in the product's unit."""

from dataclasses import replace

import pandas as pd

from cluster_graph.tables.links import match_links
from cluster_graph.tables.model import Tables
from cluster_graph.tables.problems import CELL, TABLE, Problem
from cluster_graph.tables.schema import LINKS
from cluster_graph.tables.units import factor, is_unit

_QUANTITIES = {"outputs": ("output", "capacity"), "projects": ("capacity",)}


def match_products(
    tables: Tables, products: pd.DataFrame, elsewhere: frozenset[str] = frozenset()
) -> Tables:
    """
    Set aside what the chain does not know, and convert quantities to the chain's units.

    Parameters
    ----------
    tables
        Checked tables.
    products
        `product_id` and `unit` of every product of the chain.
    elsewhere
        Products of chains that were not asked for. Rows about them are sound and count as
        read; they only leave the analysis.

    Returns
    -------
    matched
        The same tables; `output`, `capacity` and `quantity` in the product's own unit.
    """
    own = dict(zip(products["product_id"], products["unit"], strict=True))
    ledger, problems = dict(tables.ledger), list(tables.problems)
    frames: dict[str, pd.DataFrame] = {}
    for name in ("outputs", "projects", "absences"):
        inside = ~tables.small(name)["product_id"].isin(elsewhere)
        frame, found = _matched(tables, name, tables.small(name)[inside], own)
        frames[name] = frame
        problems += found
        if found:
            ledger[name] = ledger[name].aside(len(found))
    frames["prospects"], found = _known_lists(tables, set(own), elsewhere)
    problems += found
    links = tables.links
    if links is not None:
        checked = match_links(links, products, frames["outputs"], elsewhere)
        links = checked.links
        problems += checked.problems
        ledger[LINKS.name] = ledger[LINKS.name].aside(checked.count.rejected)
    return replace(
        tables,
        outputs=frames["outputs"],
        projects=frames["projects"],
        absences=frames["absences"],
        prospects=frames["prospects"],
        links=links,
        problems=tuple(problems),
        ledger=ledger,
    )


def _matched(
    tables: Tables, name: str, frame: pd.DataFrame, own: dict[str, str]
) -> tuple[pd.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    keep = []
    factors = []
    for record in frame.to_dict("records"):
        product, unit = record["product_id"], record.get("unit", "")
        scale = factor(unit, own[product]) if product in own else 1.0
        fault = ""
        if product and product not in own:
            fault, column, value = "unknown_product", "product_id", product
        elif scale is None:
            fault = "wrong_unit" if is_unit(unit) else "unknown_unit"
            column, value = "unit", unit
        if fault:
            problems.append(
                Problem(
                    table=name,
                    file=record["file"],
                    key=fault,
                    row=record["row"],
                    column=column,
                    value=value,
                    cells=tables.original(name, record["file"], record["row"]),
                )
            )
        keep.append(not fault)
        factors.append(1.0 if scale is None else scale)
    scaled = frame.copy()
    for column in _QUANTITIES.get(name, ()):
        scaled[column] = scaled[column] * pd.Series(factors, index=frame.index, dtype=float)
    if "unit" in scaled and name in _QUANTITIES:
        scaled["unit"] = [own.get(product, "") for product in scaled["product_id"]]
    return scaled[pd.Series(keep, index=frame.index, dtype=bool)].reset_index(drop=True), problems


def _known_lists(
    tables: Tables, known: set[str], elsewhere: frozenset[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    frame = tables.prospects
    problems = []
    lists = []
    for record in frame.to_dict("records"):
        products = record["product_id"]
        strange = [name for name in products if name not in known and name not in elsewhere]
        problems += [
            Problem(
                table="prospects",
                file=record["file"],
                key="unknown_product",
                row=record["row"],
                column="product_id",
                value=product,
                scope=CELL,
            )
            for product in strange
        ]
        if not products:
            problems.append(
                Problem(
                    table="prospects",
                    file=record["file"],
                    key="no_product",
                    row=record["row"],
                    column="product_id",
                    scope=TABLE,
                )
            )
        lists.append(tuple(product for product in products if product in known))
    return frame.assign(product_id=pd.Series(lists, index=frame.index, dtype=object)), problems
