"""The command line: one file a command, each a thin cover of the package's functions."""
