"""Turns the cells of a sheet into the columns of a table: words, codes, units."""

from collections.abc import Mapping, Sequence
from typing import Final

from cluster_graph.tables.clean import cell_text
from cluster_graph.tables.recognise import Recognised, key
from cluster_graph.tables.schema import SCHEMAS, Kind
from cluster_graph.tables.units import factor
from cluster_graph.tables.vocabulary import choice

_MEASURED: Final = {
    "outputs": ("output", "output_low", "output_high", "capacity"),
    "projects": ("capacity",),
    "links": ("quantity",),
    "wishes": ("quantity",),
}
_ID_FROM: Final = {
    "companies": ("company_id", "uscc", "name"),
    "projects": ("project_id", "name"),
    "prospects": ("prospect_id", "name"),
    "sites": ("site_id", "name"),
    "links": (),
}


class Converter:
    """
    Turns the cells of a sheet's rows into the columns of one table.

    Parameters
    ----------
    recognised
        What the sheet was taken for.
    table
        One of its tables.
    owner
        The company that the sheet is about, for columns that it leaves out.
    """

    def __init__(self, recognised: Recognised, table: str, owner: str = "") -> None:
        self._table = table
        self._owned = dict.fromkeys(recognised.ends, owner)
        self._schema = SCHEMAS[table]
        self._columns = [
            recognised.column(table, heading) if heading.column else ""
            for heading in recognised.headings
        ]
        self._units = [heading.unit for heading in recognised.headings]
        self._kept = {
            heading.text: place
            for place, (heading, column) in enumerate(
                zip(recognised.headings, self._columns, strict=True)
            )
            if not column
        }
        self._ids = self._derived_ids(recognised)
        derived = [self._ids[0]] if self._ids else []
        if table == "links" and any(heading.how != "name" for heading in recognised.headings):
            derived = ["supplier_id", "customer_id"]
        measured = ["unit"] if table in _MEASURED else []
        own = [column for column in self._columns if column]
        kept = [self._own_name(name) for name in self._kept]
        self.names = list(dict.fromkeys([*own, *derived, *self._owned, *measured, *kept]))

    def _own_name(self, name: str) -> str:
        return f"{name}_" if name in ("row", "file") or name in self._schema.names else name

    def _derived_ids(self, recognised: Recognised) -> tuple[str, ...]:
        """Ids made of a code or a name, where a bureau's own headings bring no id."""
        chain = _ID_FROM.get(self._table, ())
        headings = dict(zip(self._columns, recognised.headings, strict=True))
        name = headings.get("name")
        bureau = name is not None and key(name.text) != "name"
        return chain if bureau and chain and chain[0] not in self._columns else ()

    def columns(self, texts: Sequence[Sequence[str]], count: int) -> dict[str, Sequence[str]]:
        """
        Some rows, by the columns of the table.

        Parameters
        ----------
        texts
            The cells of each heading, one a row; nothing where there is no row.
        count
            How many rows there are.

        Returns
        -------
        columns
            Column -> its cells; the user's further columns under their own names.
        """
        found: dict[str, Sequence[str]] = dict.fromkeys(self.names, [""] * count)
        if not count:
            return found
        units: dict[str, list[str]] = {}
        for column, unit, cells in zip(self._columns, self._units, texts, strict=True):
            if not column:
                continue
            # What stands in many rows is read once.
            read = {cell: self._read(column, cell, unit) for cell in dict.fromkeys(cells)}
            found[column] = [read[cell][0] for cell in cells]
            if any(own for _, own in read.values()):
                units[column] = [read[cell][1] for cell in cells]
        for name, place in self._kept.items():
            found[self._own_name(name)] = texts[place]
        self._measure(found, units)
        for end in ("supplier", "customer") if "supplier_id" in self.names else ():
            found[f"{end}_id"] = _first_of(found, (f"{end}_id", f"{end}_name"))
        found |= {name: [owner] * count for name, owner in self._owned.items()}
        if self._ids:
            found[self._ids[0]] = _first_of(found, self._ids[1:])
        return found

    def _read(self, column: str, cell: str, unit: str) -> tuple[str, str]:
        declared = self._schema.column(column)
        value, own = cell_text(declared, cell, unit)
        return (choice(declared, value) if declared.kind is Kind.CHOICE else value), own

    def _measure(self, found: dict[str, Sequence[str]], units: dict[str, list[str]]) -> None:
        """Bring the quantities of each row to one unit, and write it into its column."""
        columns = [name for name in _MEASURED.get(self._table, ()) if name in found]
        if not columns or not units:
            return
        chosen, values = list(found["unit"]), {name: list(found[name]) for name in columns}
        for row in range(len(chosen)):
            own = {name: units[name][row] for name in columns if name in units and units[name][row]}
            if not own:
                continue
            chosen[row] = chosen[row] or next(iter(own.values()))
            for name in columns:
                values[name][row] = _in_unit(
                    values[name][row], own.get(name, chosen[row]), chosen[row]
                )
        found |= {"unit": chosen, **values}


def _in_unit(text: str, own: str, chosen: str) -> str:
    """A quantity in the unit of its row; with its own behind it where that cannot be."""
    if own == chosen or not text:
        return text
    scale = factor(own, chosen)
    if scale is None:
        return f"{text}{own}"
    return text if scale == 1 else repr(float(text) * scale)


def _first_of(found: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[str]:
    """The first of some columns that has something, row by row."""
    columns = [found[name] for name in names if name in found]
    return [next(filter(None, cells), "") for cells in zip(*columns, strict=True)]
