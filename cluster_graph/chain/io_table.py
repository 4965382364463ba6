"""An input-output table as a chain: each sector a product, each coefficient an input, in money."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.chain import schema
from cluster_graph.chain.linkages import Matrix, Vector, technical_coefficients
from cluster_graph.tables.clean import is_total
from cluster_graph.tables.sources import open_path
from cluster_graph.tables.units import factor

YUAN: Final = "yuan"
_LEAST: Final = 2  # sectors that make a table; label columns before it
_DEPTH: Final = 20  # rows in which the sector names must stand
_BLANK: Final = frozenset(("", "-", "--", "---", "—", "n/a", "na"))
_CODE: Final = re.compile(r"[A-Z]?[0-9]{1,5}[A-Z]?")
_OUTPUT: Final = (
    "总产出",
    "总投入",
    "totaloutput",
    "totalindustryoutput",
    "totalinput",
    "totalinputs",
    "grossoutput",
    "output",
    "x",
)
_BEYOND: Final = (
    *_OUTPUT,
    "合计",
    "中间使用",
    "中间投入",
    "最终",
    "消费",
    "资本形成",
    "出口",
    "进口",
    "增加值",
    "total",
    "final",
    "export",
    "import",
    "consumption",
    "valueadded",
    "households",
)
_SAID: Final = re.compile(r"(?:单位|unit|currency)\s*[:：]\s*([^\s,，;；)）]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """
    A sheet taken apart.

    Parameters
    ----------
    labels
        Code (or blank) and name of each sector.
    flows
        What each column's sector buys from each row's, in the table's money; or
        coefficients, where `output` is None.
    output
        Total output of each sector, the same money.
    unit
        The money; `yuan` where it is that or not said.
    """

    labels: list[tuple[str, str]]
    flows: Matrix
    output: Vector | None
    unit: str


@dataclass(frozen=True)
class _Found:
    """The heading row, the label column, and the columns and rows of the sectors."""

    top: int
    side: int
    columns: list[int]
    down: list[int]


def read_io(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read an input-output table.

    One square matrix, sellers in the rows and buyers in the columns: a row of sector names
    (or codes) above it, and the same names in the first or second column. Beside and below it
    may stand totals, final uses, primary inputs and whatever else; a row or column of total
    output (总产出, 总投入, total output, total industry output) makes coefficients of the
    flows. Without one the entries must be coefficients already, each column adding up to
    less than 1. Cells may be blank, `---`, or have thousands separators. `单位：万元` or
    `currency: USD` anywhere above names the money.

    Parameters
    ----------
    path
        A text table, workbook or any other file that `tables.sources` opens; the first sheet
        with such a matrix counts.

    Returns
    -------
    products, inputs
        As `chain.schema` declares them; low, typical and high are one value, evidence
        `derived`.

    Raises
    ------
    InputError
        If there is no such matrix, a sector stands twice, a column before the totals has no
        row, a cell is no number or negative, or a sector buys and has no output.
    """
    sheets = [
        (sheet.file, rows)
        for sheet in open_path(path)
        if (rows := list(sheet.rows())) and _matrix_at(rows) is not None
    ]
    if not sheets:
        raise InputError("io_no_matrix", path=path)
    file, rows = sheets[0]
    table = taken_apart(rows, file)
    coefficients = table.flows
    if table.output is not None:
        _refuse_without_output(table, file)
        coefficients = technical_coefficients(table.flows, table.output)
    elif (coefficients.sum(axis=0) >= 1).any():
        raise InputError("io_no_output_row", path=file)
    return _products(table, path), _inputs(table, coefficients, path)


def taken_apart(rows: Sequence[Sequence[str]], file: str) -> Table:
    """
    Find the matrix in a sheet, its sectors and their output.

    Parameters
    ----------
    rows
        The sheet's cells as texts.
    file
        What the user calls it.

    Returns
    -------
    table
        In the order of the rows.

    Raises
    ------
    InputError
        As `read_io` says.
    """
    found = _matrix_at(rows)
    if found is None:
        raise InputError("io_no_matrix", path=file)
    heads = [_key(rows[found.top][column]) for column in found.columns]
    names = [_key(rows[row][found.side]) for row in found.down]
    for name in names:
        if names.count(name) > 1 or heads.count(name) > 1:
            raise InputError("io_twice", path=file, sector=name)
    # Columns in the order of the rows.
    places = [found.columns[heads.index(name)] for name in names]
    ordered = _Found(found.top, found.side, places, found.down)
    flows = [[_number(rows, row, place, file) for place in places] for row in found.down]
    said = [match[1] for row in rows[: found.top] for cell in row if (match := _SAID.search(cell))]
    unit = said[0] if said else YUAN
    return Table(
        [_label(rows[row][: min(_LEAST, *places)]) for row in found.down],
        np.array(flows, dtype=float),
        _output(rows, ordered, file),
        YUAN if factor(unit, "元") is not None else unit,
    )


def _key(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _is_beyond(cell: str) -> bool:
    """Say whether a heading is no sector: a total, a final use, an output."""
    word = re.sub(r"[\s_()（）\-]+", "", cell).casefold()
    return is_total(cell) or word in _OUTPUT or word.startswith(_BEYOND)


def _matrix_at(rows: Sequence[Sequence[str]]) -> "_Found | None":
    """Where the sectors stand: in the heading row and the label column that share most names."""
    best: _Found | None = None
    for top, heads in enumerate(rows[:_DEPTH]):
        for side in (0, 1):
            down = [
                (row, _key(cells[side]))
                for row, cells in enumerate(rows)
                if row > top and len(cells) > side and cells[side]
            ]
            named = {name for _, name in down}
            columns = [
                place
                for place, head in enumerate(heads)
                if place > side and _key(head) in named and not _is_beyond(head)
            ]
            if len(columns) < _LEAST or (best is not None and len(columns) <= len(best.columns)):
                continue
            wanted = {_key(heads[place]) for place in columns}
            best = _Found(top, side, columns, [row for row, name in down if name in wanted])
    if best is not None:
        heads = rows[best.top]
        stray = [
            heads[place]
            for place in range(best.columns[0], best.columns[-1])
            if place not in best.columns and heads[place] and not _is_beyond(heads[place])
        ]
        if stray:
            raise InputError("io_not_square", sectors=", ".join(stray))
    return best


def _number(rows: Sequence[Sequence[str]], row: int, column: int, file: str) -> float:
    text = rows[row][column] if column < len(rows[row]) else ""
    if text.strip().casefold() in _BLANK:
        return 0.0
    where = {"path": file, "row": row + 1, "column": rows[row][0] or rows[row][1], "value": text}
    try:
        value = float(text.replace(",", "").replace("，", ""))
    except ValueError as error:
        raise InputError("io_not_a_number", **where) from error
    if not value >= 0 or value == float("inf"):
        raise InputError("io_negative", **where)
    return value


def _label(cells: Sequence[str]) -> tuple[str, str]:
    """Code and name of a sector, whichever of the cells before the matrix has them."""
    code = next((cell for cell in cells if _CODE.fullmatch(cell)), "")
    name = next((cell for cell in cells if cell and cell != code), "")
    return code, name or code


def _output(rows: Sequence[Sequence[str]], found: _Found, file: str) -> Vector | None:
    """Total output of the sectors, from a row below the matrix or a column beside it."""
    for row in range(found.down[-1] + 1, len(rows)):
        if any(_says_output(cell) for cell in rows[row][: found.side + 1]):
            return np.array([_number(rows, row, column, file) for column in found.columns])
    for column in range(max(found.columns) + 1, len(rows[found.top])):
        if _says_output(rows[found.top][column]):
            return np.array([_number(rows, row, column, file) for row in found.down])
    return None


def _says_output(cell: str) -> bool:
    """Say whether a heading is that of total output, whatever stands in brackets behind it."""
    word = re.sub(r"[\s_\-]+", "", re.split(r"[(（]", cell)[0]).casefold()
    return word in _OUTPUT


def _refuse_without_output(table: Table, file: str) -> None:
    bought = table.flows.sum(axis=0)
    output = np.zeros(len(bought)) if table.output is None else table.output
    for (_, name), amount, made in zip(table.labels, bought, output, strict=True):
        if amount > 0 and made <= 0:
            raise InputError("io_no_output", path=file, sector=name)


def _ids(table: Table) -> list[str]:
    return [code or name for code, name in table.labels]


def _products(table: Table, path: Path) -> pd.DataFrame:
    names = [name for _, name in table.labels]
    size = len(names)
    frame = pd.DataFrame(
        {
            **dict.fromkeys(schema.PRODUCT_TEXTS, ""),
            **dict.fromkeys(schema.PRODUCT_NUMBERS, np.nan),
            "product_id": _ids(table),
            "name_zh": names,
            "name_en": [name if name.isascii() else "" for name in names],
            "chain": path.stem,
            "stage": "intermediate",
            "sector_code": [code for code, _ in table.labels],
            "unit": table.unit,
            # A yuan of a sector costs a yuan; what another money is worth in yuan is unknown.
            "price": 1.0 if table.unit == YUAN else np.nan,
            "source": path.name,
            "evidence": "derived",
        }
    )
    for name in schema.PRODUCT_FLAGS:
        frame[name] = pd.Series([None] * size, dtype=object)
    frame = frame.astype(dict.fromkeys(schema.PRODUCT_TEXTS, object))
    return frame.assign(file=path.name, row=range(1, size + 1))


def _inputs(table: Table, coefficients: Matrix, path: Path) -> pd.DataFrame:
    ids = np.array(_ids(table), dtype=object)
    sellers, buyers = np.nonzero(coefficients)
    values = coefficients[sellers, buyers]
    frame = pd.DataFrame(
        {
            **dict.fromkeys(schema.INPUT_TEXTS, ""),
            "input_id": ids[sellers],
            "output_id": ids[buyers],
            "kind": "material",
            "unit": f"{table.unit}/{table.unit}",
            "source": path.name,
            "evidence": "derived",
            "low": values,
            "typical": values,
            "high": values,
            "value_share": values,
            # A table says how much is used, not what could be done without.
            "essential": True,
        }
    )
    frame = frame.astype(dict.fromkeys(schema.INPUT_TEXTS, object))
    return frame.assign(file=path.name, row=sellers + 1)
