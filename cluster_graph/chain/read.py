"""Reads chains from their folders, and refuses one that contradicts itself."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cluster_graph._errors import BrokenChainError, InputError, Sayable
from cluster_graph.chain import schema
from cluster_graph.chain.io_table import read_io
from cluster_graph.chain.model import Chain
from cluster_graph.chain.problems import ChainProblem, input_problems, product_problems
from cluster_graph.chain.productive import check_productive
from cluster_graph.tables.check import FLAGS
from cluster_graph.tables.rows import csv_records, filled_rows, headings

if TYPE_CHECKING:
    from cluster_graph.tables.problems import Problem


def read_chain(folders: Iterable[Path], library: Iterable[Path] = ()) -> Chain:
    """
    Read one chain, or several as one.

    Parameters
    ----------
    folders
        Folders with `products.csv` and `inputs.csv`; a file is an input-output table.
    library
        Folders in which to look up products that an input names and no folder declares:
        the steel chain takes lime, which is at home in the new-materials chain.

    Returns
    -------
    chain
        Checked: known products, no duplicate inputs, ranges in order, units that fit,
        and a spectral radius below 1.

    Raises
    ------
    InputError
        If a file is missing, is not UTF-8, or lacks a required column.
    ChainError
        If the chain contradicts itself; names every row at fault.
    """
    folders = list(folders)
    parts = [
        read_io(folder)
        if folder.is_file()
        else (_products(folder / "products.csv"), _inputs(folder / "inputs.csv"))
        for folder in folders
    ]
    products = _merged(part[0] for part in parts)
    inputs = pd.concat([part[1] for part in parts], ignore_index=True)
    if products.empty:
        raise InputError("empty_chain", path=", ".join(map(str, folders)))
    names = tuple(dict.fromkeys(products["chain"]))
    known = _merged([_products(folder / "products.csv") for folder in library])
    strange = (set(inputs["input_id"]) | set(inputs["output_id"])) - set(products["product_id"])
    borrowed = known[known["product_id"].isin(strange)]
    if not borrowed.empty:
        products = pd.concat([products, borrowed], ignore_index=True)
    elsewhere = frozenset(known["product_id"]) - frozenset(products["product_id"])
    problems = [*product_problems(products), *input_problems(products, inputs)]
    _refuse(problems)
    products = products.drop_duplicates("product_id").set_index("product_id", drop=False)
    products.index.name = None
    chain = Chain(products, inputs, names, elsewhere)
    check_productive(chain.coefficients("high"), products.index)
    return chain


def _refuse(problems: Sequence[Sayable]) -> None:
    if problems:
        raise BrokenChainError("broken_chain", problems)


def _merged(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    frames = list(frames)
    if not frames:
        return pd.DataFrame(columns=["product_id"])
    return pd.concat(frames, ignore_index=True)


def _products(path: Path) -> pd.DataFrame:
    return _typed(
        path,
        schema.PRODUCT_TEXTS,
        schema.PRODUCT_NUMBERS,
        schema.PRODUCT_FLAGS,
        schema.PRODUCT_REQUIRED,
    )


def _inputs(path: Path) -> pd.DataFrame:
    frame = _typed(
        path, schema.INPUT_TEXTS, schema.INPUT_NUMBERS, schema.INPUT_FLAGS, schema.INPUT_REQUIRED
    )
    for end in ("low", "high"):
        frame[end] = frame[end].fillna(frame["typical"])
    # An input is essential unless its row says otherwise.
    frame["essential"] = [flag is not False for flag in frame["essential"]]
    return frame


def _typed(
    path: Path,
    texts: tuple[str, ...],
    numbers: tuple[str, ...],
    flags: tuple[str, ...],
    required: tuple[str, ...],
) -> pd.DataFrame:
    if not path.is_file():
        raise InputError("missing_chain_file", path=path)
    file = f"{path.parent.name}/{path.name}"
    records = csv_records(path)
    names = headings(next(records, []), required, str(path))
    problems: list[Sayable] = []
    spilt: list[Problem] = []
    rows = dict(filled_rows(records, names, path.stem, file, spilt))
    problems += spilt
    cells = pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype=object)
    columns: dict[str, Any] = {"file": file, "row": cells.index}
    blank = pd.Series("", index=cells.index, dtype=object)
    for name in texts:
        columns[name] = cells.get(name, blank)
    for name in numbers:
        given = cells.get(name, blank)
        values = pd.to_numeric(given.where(given != "", np.nan), errors="coerce").astype(float)
        columns[name] = values.mask(np.isinf(values))
        for key, wrong in {
            "not_a_number": (given != "") & columns[name].isna(),
            "negative": columns[name] < 0,
        }.items():
            problems += [
                ChainProblem(file, row, name, key, str(given[row])) for row in cells.index[wrong]
            ]
    for name in flags:
        words = cells.get(name, blank).str.lower()
        problems += [
            ChainProblem(file, row, name, "not_a_flag", str(words[row]))
            for row in cells.index[~words.isin(FLAGS)]
        ]
        columns[name] = pd.Series([FLAGS.get(w) for w in words], index=cells.index, dtype=object)
    _refuse(problems)
    return pd.DataFrame(columns, index=cells.index).reset_index(drop=True)
