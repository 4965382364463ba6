"""Spark as an engine: started once, silent, inside this process's own Java or at a master."""

import atexit
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import narwhals as nw
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.engine import Engine, connect, rows_in
from cluster_graph.tables.engine_errors import first_words
from cluster_graph.tables.leftovers import remove_later
from cluster_graph.tables.model import Lazy
from cluster_graph.tables.parquet import files_of
from cluster_graph.tables.sheet import File, Sheet, flat, literal
from cluster_graph.tables.sources import DATABASE_SUFFIXES
from cluster_graph.tables.urls import bare, below, is_url

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_JAVA: Final = 17  # the oldest that Spark 4 runs on
_ANSWER: Final = 5.0  # seconds that a Spark master may take to answer
_NOT_FOUND: Final = "PATH_NOT_FOUND"
_ADDRESS: Final = re.compile(r"spark://([^:,/]+):([0-9]+)")


@cache
def spark(engine: Engine) -> "SparkScanner":
    """
    Spark as the engine asks for it, started once and stopped when the process ends.

    Parameters
    ----------
    engine
        Its master and limits.

    Returns
    -------
    scanner
        Running.

    Raises
    ------
    InputError
        If PySpark or Java is missing or too old, or the master does not answer.
    """
    return SparkScanner(engine)


class SparkScanner:
    """
    Spark, inside this process's own Java or at a master.

    Parameters
    ----------
    engine
        Its master and limits.

    Raises
    ------
    InputError
        If PySpark or Java is missing or too old, or the master does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        _refuse_without_spark(engine.master)
        folder = tempfile.mkdtemp(prefix="cluster_graph_spark_", dir=engine.spill)
        self._folder = remove_later(Path(folder))
        self._session = _session(engine, self._folder)
        atexit.register(self._session.stop)
        self._tables = 0

    def scan(self, sheet: Sheet) -> Lazy:
        """Open a table; see `Scanner.scan`."""
        place = sheet.place if is_url(sheet.place) else Path(sheet.place).absolute().as_uri()
        reader = self._session.read
        if sheet.delimiter:
            native = reader.csv(
                place,
                header=True,
                sep=sheet.delimiter,
                quote='"',
                escape='"',
                multiLine=True,
                mode="FAILFAST",  # otherwise Spark drops the cells that a row has too many
            )
        elif bare(sheet.place).endswith(DATABASE_SUFFIXES):
            raise InputError("engine_cannot_read", path=sheet.file)
        else:
            native = reader.parquet(place)
        return nw.from_native(native)

    def lift(self, small: pd.DataFrame) -> Lazy:
        """Bring a small frame to the engine; see `Scanner.lift`."""
        return lifted_to_spark(self._session, small)

    def write(self, frame: Lazy, path: Path) -> int:
        """Run a frame into a Parquet file; see `Scanner.write`."""
        parts = self._next_folder()
        frame.sink_parquet(str(parts))
        with connect() as connection:
            source = f"read_parquet({literal(files_of(str(parts)))}, hive_partitioning = false)"
            connection.execute(f"COPY (FROM {source}) TO {literal(str(path))} (FORMAT parquet)")
            shutil.rmtree(parts)
            return rows_in(connection, path)

    def files(self, folder: str, names: Sequence[str]) -> list[File]:
        """Find what lies at an address; see `Scanner.files`."""
        from pyspark.errors import AnalysisException  # noqa: PLC0415  an extra, and slow to import

        place = below(folder, f"{{{','.join(names)}}}*") if names else folder
        reader = self._session.read.format("binaryFile").option("recursiveFileLookup", "true")
        try:
            # The content is not asked for, and not read.
            found = reader.load(place).selectExpr("path", "length", "double(modificationTime)")
        except AnalysisException as error:
            if error.getCondition() == _NOT_FOUND:
                return []
            raise
        return [File(*row) for row in found.collect()]

    def tables(self, place: str) -> list[str]:
        """Refuse a database file; see `Scanner.tables`."""
        raise InputError("engine_cannot_read", path=place)

    def lines(self, place: str, count: int) -> list[str]:
        """Read the first lines of a text; see `Scanner.lines`."""
        return [row.value for row in self._session.read.text(place).limit(count).collect()]

    def head(self, sheet: Sheet, count: int) -> list[list[str]]:
        """Read the headings and first rows of a table; see `Scanner.head`."""
        first = self.scan(sheet).to_native().limit(count)
        return [first.columns, *([flat(cell) for cell in row] for row in first.collect())]

    def refuse_mixed(self, sheet: Sheet) -> None:
        """
        Refuse files with different columns; see `Scanner.refuse_mixed`.

        One file of each folder is looked at: those of one folder were written together.
        """
        files = {file.place.rpartition("/")[0]: file.place for file in sheet.files}
        columns: dict[str, str] = {}
        for place in files.values():
            own = dict(self._session.read.parquet(place).dtypes)
            columns = columns or own
            if strange := set(own.items()) ^ set(columns.items()):
                raise InputError(
                    "mixed_partitions",
                    path=place,
                    first=sheet.files[0].place,
                    columns=", ".join(sorted({name for name, _ in strange})),
                    count=len(sheet.files),
                )

    def copy(self, sheet: Sheet, path: Path) -> None:
        """Bring a whole table into a Parquet file; see `Scanner.copy`."""
        self.write(self.scan(sheet), path)

    def progress(self) -> float | None:
        """Say how far the running query is; see `Scanner.progress`."""
        tracker = self._session.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        known = [stage for stage in stages if stage is not None and stage.numTasks]
        if not known:
            return None
        return sum(s.numCompletedTasks for s in known) / sum(s.numTasks for s in known)

    def taken_over(self, frame: Lazy) -> Lazy:
        """Bring a table from DuckDB to Spark."""
        folder = self._next_folder()
        folder.mkdir()
        frame.sink_parquet(str(folder / "table.parquet"))
        return nw.from_native(self._session.read.parquet(folder.as_uri()))

    def hold(self, frame: Lazy) -> Lazy:
        """Let Spark keep the rows of a frame once it has worked them out."""
        kept: Lazy = nw.from_native(frame.to_native().cache())
        return kept

    def _next_folder(self) -> Path:
        self._tables += 1
        return self._folder / f"table_{self._tables}"


def lifted_to_spark(session: "SparkSession", small: pd.DataFrame) -> Lazy:
    """
    Bring a small frame to a Spark session.

    Parameters
    ----------
    session
        A running one.
    small
        Texts and floats.

    Returns
    -------
    frame
        Lazy, with the same rows.
    """
    from pyspark.sql import types  # noqa: PLC0415  an extra, and slow to import

    kinds = {
        str(name): types.DoubleType()
        if pd.api.types.is_float_dtype(small[name])
        else types.StringType()
        for name in small
    }
    schema = types.StructType([types.StructField(name, kind) for name, kind in kinds.items()])
    rows = list(zip(*(small[name].tolist() for name in small), strict=True))
    return nw.from_native(session.createDataFrame(rows, schema))


def _refuse_without_spark(master: str) -> None:
    """Say what Spark lacks before it fails in its own words."""
    from importlib.util import find_spec  # noqa: PLC0415  only where Spark is asked for

    if find_spec("pyspark") is None:
        raise InputError("no_pyspark")
    version = _java_version()
    if version < _JAVA:
        raise InputError("no_java", found=version or "-", least=_JAVA)
    if found := _ADDRESS.match(master):
        try:
            socket.create_connection((found[1], int(found[2])), _ANSWER).close()
        except OSError as error:
            raise InputError("spark_unreachable", master=master, reason=error) from error
    elif not re.fullmatch(r"local(\[(\*|[0-9]+)\])?|yarn|k8s://.+", master):
        raise InputError("bad_spark_master", value=master)


def _java_version() -> int:
    """The version of the Java that Spark would run on; 0 if there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    try:
        said = subprocess.run(  # noqa: S603  the user's own Java
            [java or "java", "-version"], capture_output=True, text=True, check=False, timeout=30
        ).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?([0-9]+)', said)
    return int(found[1]) if found else 0


def _session(engine: Engine, folder: Path) -> "SparkSession":
    """Start Spark without a word on the screen, all of its files in one folder."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  an extra, and slow to import

    builder = SparkSession.builder.master(engine.master).appName("cluster_graph")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.memory": f"{(engine.memory or 2 << 30) // 2**20}m",
        "spark.sql.session.timeZone": "UTC",
    }
    if engine.master.startswith("local"):
        # Nothing outside this machine has to reach it.
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        settings["spark.sql.shuffle.partitions"] = str(2 * (os.cpu_count() or 1))
    for name, value in settings.items():
        builder = builder.config(name, value)
    with _silent(folder / "java.txt"):
        try:
            return builder.getOrCreate()
        except Exception as error:
            said = (
                (folder / "java.txt")
                .read_text(encoding="utf-8", errors="replace")
                .strip()
                .splitlines()
            )
            reason = first_words(str(error)) or "; ".join(said[-2:])
            raise InputError("spark_failed", master=engine.master, reason=reason) from error


@contextmanager
def _silent(path: Path) -> Iterator[None]:
    """Let what starts here write its standard error to a file, for as long as it lives."""
    sys.stderr.flush()
    kept = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
