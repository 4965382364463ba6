"""Matches tables to a reference chain: known products, quantities in the product's unit."""

from dataclasses import replace
from functools import partial

import pandas as pd

from cluster_graph.tables.codes import sector_code, sector_names
from cluster_graph.tables.links import match_links, renamed_products
from cluster_graph.tables.model import Tables, collected
from cluster_graph.tables.problems import CELL, TABLE, Problem
from cluster_graph.tables.products import match_product, product_names
from cluster_graph.tables.repeats import unrepeated
from cluster_graph.tables.schema import LINKS, OUTPUTS, SCHEMAS
from cluster_graph.tables.units import factor, is_unit
from cluster_graph.text.cells import as_dicts

_ONE = ("outputs", "projects", "absences", "wishes")
_QUANTITIES = {
    "outputs": ("output", "output_low", "output_high", "capacity"),
    "projects": ("capacity",),
    "wishes": ("quantity",),
}


def match_products(
    tables: Tables, products: pd.DataFrame, elsewhere: frozenset[str] = frozenset()
) -> Tables:
    """
    Set aside what the chain does not know, and convert quantities to the chain's units.

    Rows that say the same of a product, by whatever name and in whatever unit, merge.

    Parameters
    ----------
    tables
        Checked tables.
    products
        The chain's products: `product_id`, `unit` and, where there are any, names and sectors.
    elsewhere
        Products of chains that were not asked for. Rows about them are sound and count as
        read; they only leave the analysis.

    Returns
    -------
    matched
        The same tables; products by their ids, `output`, `capacity` and `quantity` in the
        product's own unit. `named` says which texts were taken for which product.
    """
    own = dict(zip(products["product_id"], products["unit"], strict=True))
    tables = _with_ids(_with_sectors(tables, products), products, set(own) | elsewhere)
    ledger, problems = dict(tables.ledger), list(tables.problems)
    frames: dict[str, pd.DataFrame] = {}
    for name in _ONE:
        inside = ~tables.small(name)["product_id"].isin(elsewhere)
        frame, found = _matched(tables, name, tables.small(name)[inside], own)
        problems += found
        if found:
            ledger[name] = ledger[name].aside(len(found))
        if name == OUTPUTS.name:
            frame, found = _in_order(frame)
            problems += found
        if SCHEMAS[name].is_about_products and not frame.empty:
            once = unrepeated(frame, SCHEMAS[name], partial(tables.original, name))
            frame = once.frame
            problems += once.problems
            ledger[name] = ledger[name].united(once.merged).aside(len(once.problems))
        frames[name] = frame
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
        wishes=frames["wishes"],
        prospects=frames["prospects"],
        links=links,
        problems=tuple(problems),
        ledger=ledger,
    )


def _with_sectors(tables: Tables, products: pd.DataFrame) -> Tables:
    """Put the code of 2017 where a company's sector is named or coded otherwise."""
    if "sector_code" not in products or "sector_name_zh" not in products:
        return tables
    names = sector_names(products["sector_code"], products["sector_name_zh"])
    known = {
        text: sector_code(text, names).code or text if text else ""
        for text in tables.companies["sector_code"].unique()
    }
    codes = tables.companies["sector_code"].map(known)
    return replace(tables, companies=tables.companies.assign(sector_code=codes.astype(object)))


def _with_ids(tables: Tables, products: pd.DataFrame, known: set[str]) -> Tables:
    """Put the id of a product where its name stands, if it names one product and no other."""
    texts = {text for name in _ONE for text in tables.small(name)["product_id"]}
    texts |= {text for names in tables.prospects["product_id"] for text in names}
    if tables.links is not None:
        links = collected(tables.links.frame.select("product_id").unique())
        texts |= set(links["product_id"])
    strange = sorted(text for text in texts if text and text not in known)
    if not strange:
        return tables
    names = product_names(products)
    matches = {text: match_product(text, names) for text in strange}
    ids = {text: found.product_id for text, found in matches.items() if found.product_id}
    frames = {
        name: tables.small(name).assign(
            product_id=[ids.get(text, text) for text in tables.small(name)["product_id"]]
        )
        for name in _ONE
    }
    lists = [tuple(ids.get(text, text) for text in row) for row in tables.prospects["product_id"]]
    return replace(
        tables,
        outputs=frames["outputs"],
        projects=frames["projects"],
        absences=frames["absences"],
        wishes=frames["wishes"],
        prospects=tables.prospects.assign(
            product_id=pd.Series(lists, index=tables.prospects.index, dtype=object)
        ),
        links=renamed_products(tables.links, ids) if tables.links is not None else None,
        named=matches,
    )


def _matched(
    tables: Tables, name: str, frame: pd.DataFrame, own: dict[str, str]
) -> tuple[pd.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    keep = []
    factors = []
    for record in as_dicts(frame):
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
                    key=_asking(tables, fault, value),
                    row=record["row"],
                    column=column,
                    value=value,
                    details=_candidates(tables, value),
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


def _in_order(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Blank a range that does not hold its output; both ends of it, for either may be wrong."""
    low, output, high = (frame[name] for name in ("output_low", "output", "output_high"))
    given = low.notna() | high.notna()
    holds = output.notna() & ~(low > output) & ~(high < output)
    wrong = given & ~holds
    problems = [
        Problem(
            table=OUTPUTS.name,
            file=record["file"],
            key="output_order",
            row=int(record["row"]),
            column="output",
            value=f"{record['output']:g}",
            scope=CELL,
            details={"low": f"{record['output_low']:g}", "high": f"{record['output_high']:g}"},
        )
        for record in as_dicts(frame[wrong])
    ]
    return frame.assign(output_low=low.mask(wrong), output_high=high.mask(wrong)), problems


def _candidates(tables: Tables, text: str) -> dict[str, object]:
    found = tables.named.get(text)
    named = found.candidates[:3] if found is not None else ()
    return {"names": ", ".join(f"{product} ({score:.0f}%)" for product, score in named)}


def _asking(tables: Tables, fault: str, text: str) -> str:
    """Ask about the products that come close to an unknown one."""
    close = fault == "unknown_product" and _candidates(tables, text)["names"]
    return "unknown_product_like" if close else fault


def _known_lists(
    tables: Tables, known: set[str], elsewhere: frozenset[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    frame = tables.prospects
    problems = []
    lists = []
    for record in as_dicts(frame):
        products = record["product_id"]
        strange = [name for name in products if name not in known and name not in elsewhere]
        problems += [
            Problem(
                table="prospects",
                file=record["file"],
                key=_asking(tables, "unknown_product", product),
                row=record["row"],
                column="product_id",
                value=product,
                scope=CELL,
                details=_candidates(tables, product),
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
