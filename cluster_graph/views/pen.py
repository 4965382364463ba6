"""
Draws Vega charts in a process of its own; in this one, drawing would stop all other work.

As a script it is that process: a line with a chart in, a line with the drawing out. It imports
nothing of the package, so that it starts at once.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, Final

_PIPES: Final[ContextVar[tuple[IO[bytes], IO[bytes]]]] = ContextVar("pipes")


@contextmanager
def drawing() -> Iterator[None]:
    """Keep one process for all that is drawn meanwhile."""
    # The folder of a script comes first where modules are looked for, unless it is left out (-P).
    with subprocess.Popen(  # noqa: S603  Python itself, and this file
        [sys.executable, "-P", str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError(process.args)
        token = _PIPES.set((process.stdin, process.stdout))
        try:
            yield
        finally:
            _PIPES.reset(token)
            # Where the process is gone, what it was never told cannot be flushed.
            with suppress(OSError):
                process.stdin.close()


def draw(kind: str, spec: dict[str, Any]) -> str:
    """
    Draw a chart.

    Parameters
    ----------
    kind
        `vega` or `vegalite`.
    spec
        The whole chart.

    Returns
    -------
    svg
        The drawing.

    Raises
    ------
    ValueError
        If the chart is wrong.
    RuntimeError
        If the process that draws is gone.
    """
    pipes = _PIPES.get(None)
    if pipes is None:
        with drawing():
            return draw(kind, spec)
    asking, answering = pipes
    try:
        asking.write(json.dumps([kind, spec]).encode() + b"\n")
        asking.flush()
    except OSError as error:
        raise RuntimeError(str(error)) from error
    answer = answering.readline()
    if not answer:
        raise RuntimeError(kind)
    drawn, fault = json.loads(answer)
    if fault:
        raise ValueError(fault)
    return str(drawn)


def _serve() -> None:
    # Whoever asks is told of Ctrl-C too, and hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import vl_convert  # noqa: PLC0415 (heavy)

    draws: dict[str, Callable[[Any], str]] = {
        "vega": vl_convert.vega_to_svg,
        "vegalite": vl_convert.vegalite_to_svg,
    }
    for line in sys.stdin.buffer:
        kind, spec = json.loads(line)
        try:
            answer = [draws[kind](spec), ""]
        except ValueError as error:
            answer = ["", str(error)]
        try:
            sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
            sys.stdout.buffer.flush()
        except OSError:
            # Nobody listens any more, and Python would complain of that at its end.
            os._exit(0)


if __name__ == "__main__":
    _serve()
