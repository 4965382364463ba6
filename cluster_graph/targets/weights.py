"""What the components of a score weigh: the shipped presets and the user's own file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from math import isfinite
from pathlib import Path
from typing import Any, Final

from cluster_graph._errors import InputError
from cluster_graph.tables.regions import is_region
from cluster_graph.targets.score import COMPONENTS, CRITERIA

PRESETS: Final = ("fill_chain", "tax_first", "green_first")
ELSEWHERE: Final = "elsewhere"
_FLAGS: Final = ("paid_in", "years", "staff")
_TABLES: Final = ("target", "company", "place", "flag", "enclave")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """
    What counts how much in a ranking.

    Parameters
    ----------
    name
        A preset, or the name of the user's file.
    target
        Component of a target's score -> weight, summing to 1.
    company
        Criterion of a company -> weight, summing to 1.
    place
        First digits of a region's code, or `elsewhere` -> preference, 0 to 1.
    flag
        paid_in (share of the registered capital), years (age), staff: below it a company
        carries a red flag.
    kept
        Share of an enclave project's tax that stays here.
    """

    name: str
    target: dict[str, float]
    company: dict[str, float]
    place: dict[str, float]
    flag: dict[str, float]
    kept: float


def read_weights(asked: str | Path | None = None) -> Weights:
    """
    Read weights.

    Parameters
    ----------
    asked
        A preset (`fill_chain`, `tax_first`, `green_first`) or a TOML file; None takes the
        first preset. A table that the file leaves out is taken from there.

    Returns
    -------
    weights
        Checked, the weights of targets and of companies each summing to 1.

    Raises
    ------
    InputError
        If the file is missing or no TOML, a name is unknown, a weight is negative or no
        number, or all of them are 0.
    """
    name = PRESETS[0] if asked is None else str(asked)
    tables = _shipped(PRESETS[0])
    if name in PRESETS:
        return _checked(name, tables | _shipped(name))
    path = Path(name)
    try:
        own = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise InputError("weights_missing", value=name, presets=", ".join(PRESETS)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("weights_unreadable", file=name, error=str(error)) from None
    for table, rows in own.items():
        if table not in _TABLES or not isinstance(rows, dict):
            raise InputError("weights_unknown", file=name, value=table, expected=", ".join(_TABLES))
    return _checked(path.name, tables | own)


def _shipped(name: str) -> dict[str, Any]:
    text = (
        resources.files("cluster_graph.targets")
        .joinpath("presets", f"{name}.toml")
        .read_text("utf-8")
    )
    return tomllib.loads(text)


def _checked(name: str, tables: Mapping[str, Mapping[str, object]]) -> Weights:
    numbers = {table: _numbers(name, table, tables[table]) for table in _TABLES}
    for table in ("place", "enclave"):
        for key, value in numbers[table].items():
            if value > 1:
                raise InputError("weights_above_one", file=name, value=f"{table}.{key}")
    return Weights(
        name=name,
        target=_proportions(name, "target", numbers["target"], COMPONENTS),
        company=_proportions(name, "company", numbers["company"], CRITERIA),
        place=numbers["place"],
        flag={key: numbers["flag"].get(key, 0.0) for key in _FLAGS},
        kept=numbers["enclave"].get("kept", 1.0),
    )


def _numbers(name: str, table: str, rows: Mapping[str, object]) -> dict[str, float]:
    known = {"target": COMPONENTS, "company": CRITERIA, "flag": _FLAGS, "enclave": ("kept",)}
    for key, value in rows.items():
        fits = key in known[table] if table in known else key == ELSEWHERE or is_region(key)
        if not fits:
            expected = ", ".join(known.get(table, (ELSEWHERE, "11", "2113")))
            raise InputError(
                "weights_unknown", file=name, value=f"{table}.{key}", expected=expected
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not isfinite(float(str(value))) or float(str(value)) < 0:
            raise InputError("weights_negative", file=name, name=f"{table}.{key}", value=value)
    return {key: float(str(value)) for key, value in rows.items()}


def _proportions(
    name: str, table: str, numbers: Mapping[str, float], keys: tuple[str, ...]
) -> dict[str, float]:
    total = sum(numbers.values())
    if total <= 0:
        raise InputError("weights_all_zero", file=name, table=table)
    return {key: numbers.get(key, 0.0) / total for key in keys}
