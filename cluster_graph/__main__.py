"""Run the program: `python -m cluster_graph` is `cluster-graph`."""

import gc
import os
import sys
from typing import Final

# Looking for cycles of dead objects took a tenth of a report, and a command leaves few of them.
_SELDOM: Final = (100_000, 20, 100)


def main() -> None:
    """Answer the command line and leave with its exit code: 0 done, 1 problems, 2 unusable."""
    from cluster_graph.cli import front  # noqa: PLC0415  the heavy half waits for its turn

    gc.set_threshold(*_SELDOM)
    argv = sys.argv[1:]
    try:
        if front.answered(argv):
            code = 0
        else:
            from cluster_graph.cli.app import run  # noqa: PLC0415  the heavy half

            code = run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the pipe has seen enough. What is left in the buffer goes nowhere,
        # or Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
