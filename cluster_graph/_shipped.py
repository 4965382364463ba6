"""Where the data that ship with the package lie, installed or in a checkout."""

from pathlib import Path
from typing import Final

from cluster_graph._errors import InputError

DEFAULT_DATA: Final = "lingyuan"
DEFAULT_REGION: Final = "211382"
TABLE: Final = "io:"  # before an input-output table
CHAIN_NAMES: Final = ("steel", "auto", "new_materials")


def data_folder() -> Path:
    """
    The folder of the shipped data.

    Returns
    -------
    folder
        Inside the package when installed, beside it in a checkout.

    Raises
    ------
    InputError
        If the installation lacks it.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "chains").is_dir():
            return folder
    raise InputError("shipped_data_missing")


def chain_folder(name: str) -> Path:
    """
    The folder of a chain.

    Parameters
    ----------
    name
        A shipped chain's name, the path of a folder, or `io:` and an input-output table.

    Returns
    -------
    folder
        Where its products.csv and inputs.csv are; or the table.

    Raises
    ------
    InputError
        If it is neither.
    """
    if name in CHAIN_NAMES:
        return data_folder() / "chains" / name
    if name.startswith(TABLE):
        return Path(name.removeprefix(TABLE))
    folder = Path(name)
    if not folder.is_dir():
        raise InputError("unknown_chain", value=name, known=", ".join(CHAIN_NAMES))
    return folder
