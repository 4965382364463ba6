"""What every command does around its call: language, progress, notes, tables out."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cluster_graph import _shipped
from cluster_graph._errors import InputError
from cluster_graph.cli.front import careful_streams
from cluster_graph.cli.large import Large
from cluster_graph.cli.options import Format
from cluster_graph.text import Lang, say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.progress import Progress

    from cluster_graph.cluster.model import Cluster
    from cluster_graph.tables.model import Tables

_PATIENCE = 1.0  # seconds after which a bar says that something is going on
_LOOK = 0.2  # seconds between two looks at an engine's progress


class Steps:
    """
    A progress bar on standard error, shown only when the work lasts.

    Parameters
    ----------
    bar
        The bar; None shows nothing.
    lang
        The language of the steps.
    total
        How many steps there are.
    """

    def __init__(self, bar: "Progress | None", lang: Lang, total: int) -> None:
        self._bar = bar
        self._lang = lang
        self._task = bar.add_task("", total=total) if bar else None

    def next(self, key: str, **values: object) -> None:
        """Say which step begins."""
        if self._bar is not None and self._task is not None:
            text = say(f"cli.step_{key}", self._lang, **values)
            self._bar.update(self._task, description=text, advance=1)

    @contextmanager
    def watch(self, share: Callable[[], float | None]) -> Iterator[None]:
        """Show how far an engine is, in a bar of its own with the time left."""
        if self._bar is None:
            yield
            return
        bar, over = self._bar, threading.Event()
        task = bar.add_task(say("cli.step_cut", self._lang), total=None)

        def look() -> None:
            while not over.wait(_LOOK):
                done = share()
                bar.update(task, total=1.0 if done is not None else None, completed=done or 0.0)

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        try:
            yield
        finally:
            over.set()
            looking.join()
            bar.remove_task(task)


@dataclass(frozen=True)
class Said:
    """
    What the user says about the data on the command line.

    Parameters
    ----------
    maps
        `--map`: which heading means which column.
    same, apart
        `--same` and `--keep-apart`: pairs of companies.
    large
        How large tables are worked through.
    as_of
        `--as-of`: the day by which something was known.
    """

    maps: list[str] | None
    same: list[str] | None
    apart: list[str] | None
    large: Large
    as_of: str | None = None


@dataclass(frozen=True)
class Session:
    """
    One run of one command.

    Parameters
    ----------
    lang
        The language of everything printed.
    quiet
        Print results only.
    shown
        The steps that are being worked through.
    """

    lang: Lang
    quiet: bool
    shown: list[Steps] = field(default_factory=list)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the command line's own catalogue."""
        return say(f"cli.{key}", self.lang, **values)

    def note(self, text: str) -> None:
        """Print a line on standard error, unless quiet."""
        if not self.quiet:
            sys.stderr.write(printable(text, sys.stderr.encoding) + "\n")

    @contextmanager
    def steps(self, total: int) -> Iterator[Steps]:
        """Work through steps, with a bar once they last more than a second."""
        # A bar in a log file would be line noise.
        if self.quiet or not sys.stderr.isatty():
            yield self._shown(Steps(None, self.lang, total))
            return
        from rich.progress import Progress  # noqa: PLC0415  slow to import

        bar = Progress(console=console(error=True), transient=True)
        timer = threading.Timer(_PATIENCE, bar.start)
        timer.start()
        try:
            yield self._shown(Steps(bar, self.lang, total))
        finally:
            timer.cancel()
            timer.join()
            bar.stop()

    def _shown(self, steps: Steps) -> Steps:
        self.shown[:] = [steps]
        return steps

    def tables(self, data: str | None, said: Said, region: Sequence[str] = ()) -> "Tables":
        """Load the data, of large tables only what is about a region; None: the shipped folder."""
        from cluster_graph import load  # noqa: PLC0415  slow to import
        from cluster_graph.tables.asked import (  # noqa: PLC0415  slow to import
            asked_headings,
            asked_pairs,
        )

        return load(
            data,
            asked_headings(said.maps or ()),
            same=asked_pairs("--same", said.same or ()),
            apart=asked_pairs("--keep-apart", said.apart or ()),
            around=said.large.around(region, self.shown[0].watch),
        )

    def cluster(
        self,
        data: str | None,
        chains: list[str] | None,
        regions: list[str] | None,
        anchor: str | None,
        said: Said,
    ) -> "Cluster":
        """Load, check and build; say on standard error how many rows were set aside."""
        from cluster_graph import build  # noqa: PLC0415  slow to import
        from cluster_graph import chains as load_chains  # noqa: PLC0415  slow to import

        chain = load_chains(*(chains or ()))
        region = regions or [_shipped.DEFAULT_REGION]
        tables = self.tables(data, said, region)
        for name, (taken, whole) in tables.parts.items():
            part = {"table": name, "taken": f"{taken:,}", "whole": f"{whole:,}"}
            self.note(self.say("part_taken", **part))
        cluster = build(tables, chain, region, anchor, said.as_of)
        problems = cluster.tables.problems
        if problems:
            from cluster_graph.tables.urls import (  # noqa: PLC0415  slow to import
                is_url,
                without_password,
            )

            place = data or str(_shipped.data_folder() / _shipped.DEFAULT_DATA)
            place = without_password(place) if is_url(place) else place
            self.note(self.say("problems_found", count=len(problems), data=place))
        return cluster

    def put(self, frame: "pd.DataFrame", form: Format, output: Path | None, title: str) -> None:
        """Write a table to a file, or print it on standard output."""
        from cluster_graph.views import terminal  # noqa: PLC0415  slow to import
        from cluster_graph.views.write import write_whole  # noqa: PLC0415  slow to import

        if form is Format.XLSX:
            if output is None:
                raise InputError("xlsx_needs_file")
            write_whole(output, terminal.frame_xlsx(frame, self.lang, title))
            self.note(self.say("written", path=output))
        elif form is Format.TABLE and output is None:
            terminal.print_table(frame, list(frame.columns), self.lang, console=console())
        else:
            # A table drawn for a screen is no file; Markdown reads the same and lasts.
            kind: Literal["csv", "json", "md"] = "md"
            if form in (Format.CSV, Format.JSON):
                kind = "csv" if form is Format.CSV else "json"
            # Excel takes a CSV file for the console's encoding unless it begins with a BOM.
            encoding = "utf-8-sig" if form is Format.CSV else "utf-8"
            self.print(terminal.frame_text(frame, kind, self.lang), output, encoding)

    def print(self, text: str, output: Path | None, encoding: str = "utf-8") -> None:
        """Write a text to a file, or print it on standard output."""
        from cluster_graph.views.write import write_whole  # noqa: PLC0415  slow to import

        if output is None:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            return
        write_whole(output, text.encode(encoding))
        self.note(self.say("written", path=output))


def session(lang: str | None, *, quiet: bool) -> Session:
    """
    Begin a command.

    Parameters
    ----------
    lang
        The language of the command line; None takes the program's.
    quiet
        Print results only.

    Returns
    -------
    session
        The command's session.
    """
    careful_streams()
    return Session("en" if lang == "en" else "zh", quiet)


def console(*, error: bool = False) -> "Console":
    """
    A Rich console on standard output or standard error.

    Parameters
    ----------
    error
        Standard error instead of standard output.

    Returns
    -------
    console
        Plain where the stream is no terminal, and wide there: a pipe has no edge.
    """
    from rich.console import Console  # noqa: PLC0415  slow to import

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the program, which takes a closed pipe for a reader who has enough."""
            raise BrokenPipeError

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else 200
    return Screen(file=stream, width=width, legacy_windows=False, highlight=False)


def printable(text: str, encoding: str | None) -> str:
    """
    A line in the characters that a console has.

    Parameters
    ----------
    text
        The line.
    encoding
        The console's; GBK lacks the arrow of a place's parts.

    Returns
    -------
    line
        The same, with a plain sign where the console lacks the arrow.
    """
    try:
        "›".encode(encoding or "ascii")
    except UnicodeEncodeError:
        return text.replace("›", ">")
    return text
