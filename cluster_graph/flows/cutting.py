"""Decides whether tables are cut, and puts what an engine cut or brought in their place."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cluster_graph._errors import InputError
from cluster_graph.flows.cut import cut
from cluster_graph.flows.neighbourhood import is_cuttable, of_table
from cluster_graph.tables.addresses import about_rows_at
from cluster_graph.tables.cache import is_settled, kept, name_of
from cluster_graph.tables.engine import Engine, running
from cluster_graph.tables.load import Cut
from cluster_graph.tables.parquet import SUFFIX, about_rows, parquet
from cluster_graph.tables.schema import COMPANIES, LINKS
from cluster_graph.tables.served import brought
from cluster_graph.tables.sheet import Sheet
from cluster_graph.tables.take import Understood, look

LARGE: Final = 500_000  # rows of all tables, from which they are cut without being asked
WHOLE: Final = 0  # hops that mean: everything
_HOPS: Final = 1  # hops of large tables, unless asked
_CONTENTS: Final = "contents.json"
_FORM: Final = 3  # of what is kept; one more when it changes, so that older parts are not read

Watch = Callable[[Callable[[], float | None]], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Around:
    """
    What of large tables is wanted, and how it is worked out.

    Parameters
    ----------
    region
        GB/T 2260 codes; none will do where nothing is cut.
    hops
        How many links away a company may be; `WHOLE` cuts nothing; None is one link for
        large tables, and everything of others.
    engine
        What cuts.
    cache
        Whether a part that was cut before is used again, and a new one kept.
    headings
        Heading -> contract column, where the user knows better.
    watch
        Is told, while the engine works, whom to ask how far it is.
    """

    region: tuple[str, ...]
    hops: int | None = None
    engine: Engine = field(default_factory=Engine)
    cache: bool = True
    headings: Mapping[str, str] = field(default_factory=dict)
    watch: Watch = lambda _: nullcontext()


@contextmanager
def cutting(asked: Around) -> Iterator[Cut]:
    """
    Offer to cut tables; the parts stay readable for as long as this lasts.

    Parameters
    ----------
    asked
        What is wanted.

    Yields
    ------
    cut
        Takes recognised sheets; hands on the same, with parts in the place of large ones, and
        copies in the place of others that lie at an address.

    Raises
    ------
    InputError
        If hops are asked for and the tables cannot be cut, no region is named to cut about,
        or the region holds no company.
    """
    with ExitStack() as stack:
        yield lambda sheets: _parts(asked, sheets, stack)


def _parts(asked: Around, sheets: list[Understood], stack: ExitStack) -> list[Understood]:
    if _is_worth_bringing(asked, sheets):
        with asked.watch(lambda: None):
            here = brought(sheets, asked.headings, asked.engine)
            sheets = stack.enter_context(here)
        # What lies on a server may change without a sign.
        asked = replace(asked, cache=False)
    hops = _hops(asked, sheets)
    far = [seen.sheet for seen in sheets if seen.sheet.files]
    if hops == WHOLE and not far:
        return sheets

    def make(folder: Path) -> None:
        with running(asked.engine) as scanner, asked.watch(scanner.progress):
            written = {} if hops == WHOLE else cut(sheets, asked.region, hops, scanner, folder)
            for sheet in far:
                if sheet.file not in written:
                    path = folder / f"{len(written)}{SUFFIX}"
                    scanner.copy(sheet, path)
                    written[sheet.file] = path, 0
        contents = {file: (path.name, whole) for file, (path, whole) in written.items()}
        (folder / _CONTENTS).write_text(json.dumps(contents), encoding="utf-8")

    try:
        folder = stack.enter_context(kept(_name(asked, sheets, hops), make))
    except InputError as error:
        # The careful reader sets the rows of a text table aside that an engine stumbles over.
        is_here = not far and _has_text(sheets)
        if asked.hops is None and error.key == "engine_failed" and is_here:
            return sheets
        raise
    contents = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
    label = f" › {','.join(asked.region)}+{hops}"
    return [
        _part(seen, folder, contents[seen.sheet.file], label, asked.headings)
        if seen.sheet.file in contents
        else seen
        for seen in sheets
    ]


def _hops(asked: Around, sheets: list[Understood]) -> int:
    """How many links away a company may be; `WHOLE` if nothing is cut."""
    if asked.hops == WHOLE:
        return WHOLE
    if asked.hops is None and not (is_cuttable(sheets) and _is_large(asked, sheets)):
        return WHOLE
    if not is_cuttable(sheets):
        raise InputError("not_cuttable")
    if not asked.region:
        raise InputError("region_needed")
    return asked.hops or _HOPS


def _is_worth_bringing(asked: Around, sheets: list[Understood]) -> bool:
    """Whether tables of a server are cut: it has companies and links, many or wanted in part."""
    tables = [of_table(sheets, name) for name in (COMPANIES.name, LINKS.name)]
    served = [seen.sheet.served for seen in sheets if seen.sheet.served]
    if asked.hops == WHOLE or not served or not all(tables):
        return False
    if asked.hops is None and sum(table.about() for table in served) < LARGE:
        return False
    if not asked.region:
        raise InputError("region_needed")
    return True


def _is_large(asked: Around, sheets: list[Understood]) -> bool:
    far = [seen.sheet for seen in sheets if seen.sheet.files]
    here = sum(about_rows(seen.sheet) for seen in sheets)
    return here + (about_rows_at(far, asked.engine) if far else 0) >= LARGE


def _name(asked: Around, sheets: list[Understood], hops: int) -> str | None:
    """
    The name under which a part is kept; None where nobody can tell whether it is still true.

    What lies at an address is known by the names, sizes and times of its files, as the engine
    lists them. A table taken whole is not kept: its copy would cost more than it saves.
    """
    placed = [seen.sheet for seen in sheets if seen.sheet.place]
    if not asked.cache or hops == WHOLE or not all(map(_is_told, placed)):
        return None
    paths = dict.fromkeys(sheet.path for sheet in placed if sheet.path is not None)
    far = [(sheet.place, sheet.files) for sheet in placed if sheet.files]
    return name_of(paths, _FORM, sorted(asked.region), hops, sorted(asked.headings.items()), far)


def _is_told(sheet: Sheet) -> bool:
    return sheet.path is not None or (bool(sheet.files) and is_settled(sheet.files))


def _has_text(sheets: list[Understood]) -> bool:
    return any(seen.sheet.delimiter for seen in sheets)


def _part(
    seen: Understood,
    folder: Path,
    content: tuple[str, int],
    label: str,
    headings: Mapping[str, str],
) -> Understood:
    name, whole = content
    sheet = replace(
        parquet(folder / name),
        file=f"{seen.sheet.file}{label}" if whole else seen.sheet.file,
        name=seen.sheet.name,
        whole=whole,
    )
    return look(sheet, headings)
