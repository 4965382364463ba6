"""How a link table of any size hangs together, worked out on the engine that reads it."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import narwhals as nw
import pandas as pd

from cluster_graph.flows.neighbourhood import (
    HANDLE,
    NAMES,
    Table,
    called,
    ends_of,
    folded_cells,
    handles_of,
    listed,
    local,
    tables_of,
)
from cluster_graph.tables.engine import Scanner
from cluster_graph.tables.handles import folded
from cluster_graph.tables.leftovers import temporary_folder
from cluster_graph.tables.model import Lazy, collected
from cluster_graph.tables.parquet import SUFFIX, parquet
from cluster_graph.tables.schema import COMPANIES, LINKS
from cluster_graph.tables.take import Understood
from cluster_graph.text.cells import as_dicts

COLUMNS: Final = ("part", "item", "firms", "links")
_Rows = list[tuple[str, str, int | None, int | None]]
_SHOWN: Final = 10  # hubs, and components named one by one
_HOPS: Final = 3


class _Store:
    """
    Frames that are worked out once, and read again from a folder.

    Parameters
    ----------
    scanner
        The engine.
    folder
        Where to.
    """

    def __init__(self, scanner: Scanner, folder: Path) -> None:
        self._scanner, self._folder, self._count = scanner, folder, 0
        self.rows = 0

    def kept(self, frame: Lazy) -> Lazy:
        """Work a frame out; `rows` is how many rows it has."""
        self._count += 1
        path = self._folder / f"kept_{self._count}{SUFFIX}"
        self.rows = self._scanner.write(frame, path)
        return self._scanner.scan(parquet(path))


def summary(
    sheets: Sequence[Understood], region: tuple[str, ...], hops: int | None, scanner: Scanner
) -> pd.DataFrame:
    """
    Size, components, degrees and hubs of a link table, and the neighbourhood of a region.

    A firm is whatever the links call by one name or id: one that they call by two counts
    twice. Links of a firm with itself, and those without an end, are left out.

    Parameters
    ----------
    sheets
        Recognised sheets that an engine can cut.
    region
        GB/T 2260 codes.
    hops
        How many links away from the region to go; None: three; 0: until nothing more is
        reached.
    scanner
        The engine.

    Returns
    -------
    summary
        part, item, firms, links. Parts: `whole`; `component` (item: its place by size, `+n`
        for the n smaller ones together); `customers` and `suppliers` (item: how many a firm
        has, such as `4-7`); `hub` (item: the firm, links: with how many it trades); `within`
        (item: so many links away from the region, firms and links that far at most).
    """
    links = tables_of(sheets, LINKS.name, scanner)
    with temporary_folder() as folder:
        store = _Store(scanner, folder)
        ends = store.kept(_ends(links))
        counted = store.rows
        pairs = store.kept(ends.unique())
        edges = store.kept(_both_ways(pairs))
        firms = store.kept(edges.select(nw.col("one").alias("firm")).unique())
        rows: _Rows = [("whole", "", store.rows, counted)]
        rows += _by_size(_components(edges, firms, store))
        for part, end in (("customers", "supplier"), ("suppliers", "customer")):
            rows += _degrees(pairs, part, end)
        companies = tables_of(sheets, COMPANIES.name, scanner)
        rows += _hubs(edges, companies, scanner)
        here = listed(handles_of(local(table, region, scanner) for table in companies), scanner)
        alike = store.kept(_alike(companies, firms))
        hops = _HOPS if hops is None else hops
        rows += _within(here.frame, ends, (edges, alike), hops, store)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"firms": "Int64", "links": "Int64"})


def _ends(links: Sequence[Table]) -> Lazy:
    col = nw.col
    found = nw.concat(
        [
            table.frame.select(
                *(_narrow(cells).alias(end) for end, cells in ends_of(table).items())
            )
            for table in links
        ]
    )
    named = (col("supplier") != "") & (col("customer") != "")
    return found.filter(named & (col("supplier") != col("customer")))


def _narrow(cells: nw.Expr) -> nw.Expr:
    """With one kind of brackets."""
    narrow = cells.str.replace_all("（", "(", literal=True)
    narrow = narrow.str.replace_all("）", ")", literal=True)
    return nw.when(cells.str.contains("（", literal=True)).then(narrow).otherwise(cells)


def _both_ways(pairs: Lazy) -> Lazy:
    col = nw.col
    there = pairs.select(col("supplier").alias("one"), col("customer").alias("other"))
    back = pairs.select(col("customer").alias("one"), col("supplier").alias("other"))
    return nw.concat([there, back]).unique()


def _components(edges: Lazy, firms: Lazy, store: _Store) -> Lazy:
    """
    The connected component of each firm, whichever way the links go.

    Each firm points to the least of its neighbours and itself; the firms that point to one
    firm, straight or through others, become one firm, and the pairs between such groups are
    joined up in the same way, until none is left. The number of firms with a pair at least
    halves each time.

    Parameters
    ----------
    edges
        one, other: each pair both ways; no firm with itself.
    firms
        firm: all of them.
    store
        Keeps what was worked out between two rounds.

    Returns
    -------
    components
        firm, component: the least firm that it can be reached from.

    References
    ----------
    Boruvka's contraction, as in Rastogi et al. (2013), Finding connected components in
    Map-Reduce in logarithmic rounds, ICDE.
    """
    col = nw.col
    found = firms.with_columns(col("firm").alias("component"))
    while True:
        least = edges.group_by("one").agg(col("other").min())
        parents = store.kept(
            least.with_columns(
                nw.when(col("other") < col("one"))
                .then(col("other"))
                .otherwise(col("one"))
                .alias("parent")
            ).select("one", "parent")
        )
        if not store.rows:
            return found
        parents = _roots(parents, store)
        found = store.kept(_moved(found, "component", parents))
        ends = _moved(_moved(edges, "one", parents), "other", parents)
        edges = store.kept(ends.filter(col("one") != col("other")).unique())


def _roots(parents: Lazy, store: _Store) -> Lazy:
    """Let every firm point to where its parent, and that one's, and so on, points in the end."""
    while True:
        above = parents.rename({"one": "of", "parent": "grandparent"})
        joined = store.kept(parents.join(above, left_on="parent", right_on="of", how="left"))
        further = joined.filter(nw.col("grandparent") != nw.col("parent")).select(nw.len())
        parents = joined.select("one", nw.col("grandparent").alias("parent"))
        if not int(collected(further).to_numpy()[0, 0]):
            return parents


def _moved(frame: Lazy, column: str, parents: Lazy) -> Lazy:
    """Put the parent in the place of each firm that has one."""
    own = parents.rename({"one": "moved_from", "parent": "moved_to"})
    joined = frame.join(own, left_on=column, right_on="moved_from", how="left")
    moved = nw.col("moved_to").fill_null(nw.col(column))
    return joined.with_columns(moved.alias(column)).drop("moved_to")


def _by_size(components: Lazy) -> _Rows:
    sizes = components.group_by("component").agg(nw.len().alias("firms"))
    # Most components are small, and there are few sizes.
    small = collected(sizes.group_by("firms").agg(nw.len().alias("components")).sort("firms"))
    rows: _Rows = []
    left = int(small["components"].sum())
    for size, count in zip(small["firms"][::-1], small["components"][::-1], strict=True):
        for _ in range(min(int(count), _SHOWN - len(rows))):
            rows.append(("component", str(len(rows) + 1), int(size), None))
    others = left - len(rows)
    shown = sum(firms or 0 for _, _, firms, _ in rows)
    whole = int((small["firms"] * small["components"]).sum())
    return [*rows, ("component", f"+{others}", whole - shown, None)] if others else rows


def _degrees(pairs: Lazy, part: str, end: str) -> _Rows:
    degrees = pairs.group_by(end).agg(nw.len().alias("degree"))
    counts = collected(degrees.group_by("degree").agg(nw.len().alias("firms")))
    firms: dict[int, int] = {}
    for degree, count in zip(counts["degree"], counts["firms"], strict=True):
        least = 1 << (int(degree).bit_length() - 1)
        firms[least] = firms.get(least, 0) + int(count)
    return [
        (part, "1" if least == 1 else f"{least}-{2 * least - 1}", firms[least], None)
        for least in sorted(firms)
    ]


def _hubs(edges: Lazy, companies: Sequence[Table], scanner: Scanner) -> _Rows:
    degrees = edges.group_by("one").agg(nw.len().alias("links"))
    first = collected(degrees.sort("links", "one", descending=[True, False]).head(_SHOWN))
    wanted = listed(map(folded, first["one"]), scanner)
    names: dict[str, str] = {}
    for table in companies:
        rows = called(table, wanted)
        cells = {name: table.cells(name).alias(name) for name in ("company_id", "name")}
        for row in as_dicts(collected(rows.frame.select(*cells.values()))):
            shown = " ".join(filter(None, dict.fromkeys([row["company_id"], row["name"]])))
            names |= {folded(row["name"]): shown, folded(row["company_id"]): shown}
    return [
        ("hub", names.get(folded(firm), firm), None, int(links))
        for firm, links in zip(first["one"], first["links"], strict=True)
    ]


def _alike(companies: Sequence[Table], firms: Lazy) -> Lazy:
    """Pairs of what the links call one company: one, other."""
    col = nw.col
    called = []
    for table in companies:
        own = table.cells("company_id", "uscc", "name").alias("company")
        aliases = table.cells("alias").str.replace_all("；", ";", literal=True).str.split(";")
        spelled = [table.frame.select(own, table.cells(name).alias("firm")) for name in NAMES]
        spelled.append(table.frame.select(own, aliases.alias("firm")).explode("firm"))
        called += [each.with_columns(_narrow(folded_cells(col("firm")))) for each in spelled]
    # Most companies are called one thing in links, and few by a name.
    names = nw.concat(called).unique().join(firms, on="firm", how="semi")
    pairs = names.join(names.rename({"firm": "other"}), on="company", how="inner")
    return pairs.filter(col("firm") != col("other")).select(col("firm").alias("one"), "other")


def _within(here: Lazy, ends: Lazy, ties: tuple[Lazy, Lazy], hops: int, store: _Store) -> _Rows:
    """Go from firm to firm, and to whatever else each is called: the two kinds of ties."""
    near, rows = here, list[tuple[str, str, int | None, int | None]]()
    for hop in itertools.count(1):
        for pairs in ties:
            near = store.kept(_with_others(near, pairs))
        rows.append(("within", str(hop), *_inside(ends, near)))
        if hop == hops or (hop > 1 and rows[-1][2:] == rows[-2][2:]):
            break
    return rows


def _with_others(near: Lazy, pairs: Lazy) -> Lazy:
    """Some firms, and whoever is paired with one."""
    others = pairs.join(near, left_on="one", right_on=HANDLE, how="semi")
    return nw.concat([near, others.select(nw.col("other").alias(HANDLE))]).unique()


def _inside(ends: Lazy, known: Lazy) -> tuple[int, int]:
    """How many firms have links among those known, and how many links."""
    for end in ("supplier", "customer"):
        ends = ends.join(known, left_on=end, right_on=HANDLE, how="semi")
    firms = nw.concat([ends.select(nw.col(end).alias("firm")) for end in ("supplier", "customer")])
    counts = [frame.select(nw.len()) for frame in (firms.unique(), ends)]
    firms_inside, links = (int(collected(count).to_numpy()[0, 0]) for count in counts)
    return firms_inside, links
