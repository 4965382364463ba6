"""The options for large tables, which every command that reads data has."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cluster_graph._errors import InputError

if TYPE_CHECKING:
    from cluster_graph.flows.cutting import Around, Watch

_ALL: Final = "all"
_LOCAL: Final = "local[*]"


class EngineName(StrEnum):
    """What large tables run on."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@dataclass(frozen=True)
class Large:
    """
    How large tables are worked through; the fields are the options.

    Parameters
    ----------
    engine, spark_master
        `duckdb`, or `spark` at a master.
    memory
        At most so much for tables.
    spill
        The folder to spill to.
    hops
        How many links away from the region; `all` takes everything.
    no_cache
        Work everything out anew, and keep nothing.
    """

    engine: Annotated[EngineName, typer.Option("--engine", help="opt_engine")] = EngineName.DUCKDB
    spark_master: Annotated[
        str, typer.Option("--spark-master", metavar="ADDRESS", help="opt_spark_master")
    ] = _LOCAL
    memory: Annotated[str | None, typer.Option("--memory", metavar="SIZE", help="opt_memory")] = (
        None
    )
    spill: Annotated[Path | None, typer.Option("--spill", metavar="PATH", help="opt_spill")] = None
    hops: Annotated[str | None, typer.Option("--hops", metavar="N|all", help="opt_hops")] = None
    no_cache: Annotated[bool, typer.Option("--no-cache", help="opt_no_cache")] = False

    def around(self, region: Sequence[str], watch: "Watch") -> "Around":
        """
        What of large tables is wanted.

        Parameters
        ----------
        region
            GB/T 2260 codes; none takes everything.
        watch
            Shows how far the engine is.

        Returns
        -------
        around
            For `load`.

        Raises
        ------
        InputError
            If the memory, the hops or the master is none.
        """
        from cluster_graph.flows.cutting import WHOLE, Around  # noqa: PLC0415  slow to import
        from cluster_graph.tables.engine import Engine, bytes_of  # noqa: PLC0415  slow to import

        if self.engine is EngineName.DUCKDB and self.spark_master != _LOCAL:
            raise InputError("master_without_spark")
        engine = Engine(
            name="spark" if self.engine is EngineName.SPARK else "duckdb",
            memory=None if self.memory is None else bytes_of(self.memory),
            spill=self.spill,
            master=self.spark_master,
        )
        return Around(
            region=tuple(region),
            hops=_hops(self.hops) if region else WHOLE,
            engine=engine,
            cache=not self.no_cache,
            watch=watch,
        )


DEFAULT: Final = Large()


def _hops(text: str | None) -> int | None:
    from cluster_graph.flows.cutting import WHOLE  # noqa: PLC0415  slow to import

    if text is None:
        return None
    if text.casefold() == _ALL:
        return WHOLE
    if not text.isdecimal() or int(text) < 1:
        raise InputError("bad_hops", value=text)
    return int(text)


def for_large_tables(
    command: Callable[..., None], without: Sequence[str] = ()
) -> Callable[..., None]:
    """
    Put the options for large tables in the place of a command's parameter `large`.

    Parameters
    ----------
    command
        Has a parameter `large` of the class `Large`.
    without
        Fields that mean nothing to this command, and are no option of it.

    Returns
    -------
    command
        Has an option for each other field instead.
    """
    offered = [field for field in fields(Large) if field.name not in without]
    own = inspect.signature(command, eval_str=True)
    hints = inspect.get_annotations(Large, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for parameter in own.parameters.values():
        if parameter.name != "large":
            parameters.append(parameter)
            continue
        parameters += [
            inspect.Parameter(
                field.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=field.default,
                annotation=hints[field.name],
            )
            for field in offered
        ]

    @wraps(command)
    def with_options(**values: Any) -> None:  # noqa: ANN401  whatever the parser read
        large = Large(**{field.name: values.pop(field.name) for field in offered})
        command(**values, large=large)

    with_options.__dict__["__signature__"] = own.replace(parameters=parameters)
    with_options.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    return with_options
