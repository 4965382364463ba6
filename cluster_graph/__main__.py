"""Run the program: `python -m cluster_graph` is `cluster-graph`."""

import sys


def main() -> None:
    """Answer the command line and leave with its exit code: 0 done, 1 problems, 2 unusable."""
    from cluster_graph.cli import front  # noqa: PLC0415  the heavy half waits for its turn

    argv = sys.argv[1:]
    if front.answered(argv):
        sys.exit(0)
    from cluster_graph.cli.app import run  # noqa: PLC0415  the heavy half

    sys.exit(run(argv))


if __name__ == "__main__":
    main()
