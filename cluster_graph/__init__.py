"""
Find what an industrial cluster lacks along its value chain, and whom to recruit.

    import cluster_graph as cg

    cluster = cg.build(cg.load("my_folder"), cg.chains("steel"), region="211382")
    cg.gaps(cluster, direction="upstream")
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cluster_graph._version import __version__

if TYPE_CHECKING:
    from cluster_graph._api import (
        Around,
        Engine,
        balance,
        briefs,
        build,
        chains,
        compare,
        convert,
        critical,
        explain,
        follow_up,
        gaps,
        load,
        network,
        plan,
        report,
        stop,
        targets,
        what_if,
    )

__all__ = [
    "Around",
    "Engine",
    "__version__",
    "balance",
    "briefs",
    "build",
    "chains",
    "compare",
    "convert",
    "critical",
    "explain",
    "follow_up",
    "gaps",
    "load",
    "network",
    "plan",
    "report",
    "stop",
    "targets",
    "what_if",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a function of the package
    # Importing pandas costs more than `--help` may take, so it waits for the first use.
    if name in __all__:
        from cluster_graph import _api  # noqa: PLC0415

        return getattr(_api, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


class _Package(ModuleType):
    """Keeps `gaps` and `targets` the functions, though rooms of these names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system hangs every module on its package; here the function goes first.
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
