"""One company, one node: finds the rows that mean the same firm, and makes one row of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.tables.merge_firms import ENGLISH, Firms, valid_code, written_codes
from cluster_graph.tables.merge_review import alike
from cluster_graph.tables.merge_rows import united_frame
from cluster_graph.text import Lang, say

REVIEW_LIMIT: Final = 10_000
_PREFECTURE: Final = 4
_BY_NAME: Final = ("name", "former_name", "alias")
_RARELY_ONE: Final = ("region", "common")


@dataclass(frozen=True)
class Merge:
    """
    A row that went into another.

    Parameters
    ----------
    kept, gone
        The company ids; equal where one id stood in two rows.
    reason
        `same_id_other_file`, `asked`, `uscc`, `name`, `former_name` or `alias`.
    score
        How alike the names are, 0 to 100; None where the names did not decide.
    rows
        The rows of both in the user's file, first the one that is kept.
    kept_name, gone_name
        What the rows call the firm.
    """

    kept: str
    gone: str
    reason: str
    score: float | None
    rows: tuple[int, int]
    kept_name: str = ""
    gone_name: str = ""


@dataclass(frozen=True)
class Candidate:
    """
    Two firms that may be one; they were not merged.

    Parameters
    ----------
    first, second
        Their company ids.
    score
        How alike the names are, 0 to 100.
    reason
        `alike` (the names differ a little), `form` (the same name as 集团 and without it),
        `region` (the same name in two regions), `several` (the name fits several firms),
        `short_name` (they share only a short name), or `common` (a name such as 水泥厂).
    rows
        Their rows in the user's file.
    first_name, second_name
        What the rows call the firms.
    """

    first: str
    second: str
    score: float
    reason: str
    rows: tuple[int, int]
    first_name: str = ""
    second_name: str = ""


@dataclass(frozen=True)
class Merged:
    """
    Companies, one row a firm.

    Parameters
    ----------
    companies
        The columns and types of the table that came; `alias` holds every further name.
    ids
        Each company id that came -> the id of the row that holds the firm now.
    merges
        One for each row that went into another: rows that came = rows here + merges.
    review
        Pairs for people to look at, the most alike first and the names of two regions last;
        at most `REVIEW_LIMIT`.
    conflicts
        company_id, column, kept_value, other_value, rule (`newest`, `evidence`, `first`,
        `finer`: the region inside the other, `valid_code`, `stated`: a status against
        none), rows (the row that gave the kept value, then those of the other).
    left_off
        How many further pairs have names alike; not one of them was looked into.
    """

    companies: pd.DataFrame
    ids: dict[str, str]
    merges: tuple[Merge, ...]
    review: tuple[Candidate, ...]
    conflicts: pd.DataFrame
    left_off: int = 0


def is_code(uscc: str) -> bool:
    """
    Say whether a unified social credit code names a firm: check digit (GB 32100) and place.

    Parameters
    ----------
    uscc
        18 characters; blanks, hyphens, case and full width do not matter.

    Returns
    -------
    valid
        False also for codes of a place that there is none, such as eighteen zeros.
    """
    return bool(valid_code(written_codes([uscc])[0]))


def merge_companies(
    companies: pd.DataFrame,
    *,
    same: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
) -> Merged:
    """
    Merge the rows that mean the same firm.

    By company id, by what was asked, by a valid code, then by name: equal normal names,
    aliases or former names, where neither codes nor regions contradict. Firms with two
    valid codes stay two, and so do a firm and its `parent_id`, and a 集团 and a 股份, unless
    a code, an id or an asker says otherwise. Names that are only alike go to the review.

    Parameters
    ----------
    companies
        Typed as `schema.COMPANIES` says; columns other than company_id and name may be
        absent. `row` is the row in the user's file.
    same
        Pairs of ids or names that are one firm, whatever else speaks against it.
    apart
        Pairs of ids or names that are two firms, whatever else speaks for one.

    Returns
    -------
    merged
        In the order of the first row of each firm, which keeps its id and its name. Equal
        input gives equal output.

    Raises
    ------
    InputError
        If no row has an id or name given, or the same two are asked to be one and apart.
    """
    frame = companies.reset_index(drop=True)
    firms = Firms(frame)
    firms.join_ids()
    firms.ask(list(same), list(apart))
    firms.join_codes()
    firms.part_from_parents()
    firms.join_names()
    groups, ids = firms.groups(), firms.kept_ids()
    review, left_off = _candidates(firms)
    united, conflicts = united_frame(frame, firms.rows, groups, ids, is_code)
    return Merged(
        companies=united,
        ids=ids,
        merges=tuple(_merges(firms, groups)),
        review=tuple(review),
        conflicts=conflicts,
        left_off=left_off,
    )


def text_of(found: Merge | Candidate, lang: Lang) -> str:
    """
    Say in a sentence what was merged and why, or what wants a look and why.

    Parameters
    ----------
    found
        A merge, or a pair for review.
    lang
        `zh` or `en`.

    Returns
    -------
    sentence
        With names, ids and rows.
    """
    if isinstance(found, Merge):
        ids, names = (found.kept, found.gone), (found.kept_name, found.gone_name)
    else:
        ids, names = (found.first, found.second), (found.first_name, found.second_name)
    kind = "merge" if isinstance(found, Merge) else "review"
    return say(
        f"merge.{kind}_{found.reason}",
        lang,
        first=ids[0],
        second=ids[1],
        first_name=names[0],
        second_name=names[1],
        first_row=found.rows[0],
        second_row=found.rows[1],
        score=f"{found.score or 0:.0f}",
    )


def _merges(firms: Firms, groups: list[list[int]]) -> list[Merge]:
    """One for each row gone, with the reason that tied it to the firm's first row."""
    ties: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for one, other, reason in firms.edges:
        ties[one].append((other, reason))
        ties[other].append((one, reason))
    reasons: dict[int, str] = {}
    for root, *_ in groups:
        reasons[root] = ""
        reached = [root]
        for row in reached:
            for other, reason in ties[row]:
                if other not in reasons:
                    reasons[other] = reason
                    reached.append(other)
    return [
        Merge(
            kept=firms.ids[root],
            gone=firms.ids[row],
            reason=reasons[row],
            score=100.0 if reasons[row] in _BY_NAME else None,
            rows=(firms.rows[root], firms.rows[row]),
            kept_name=firms.names[root],
            gone_name=firms.names[row],
        )
        for root, *rows in groups
        for row in rows
    ]


def _nodes(firms: Firms) -> tuple[list[int], list[str]]:
    """The firms with each of their names that is no common word, each once."""
    owners: list[int] = []
    cores: list[str] = []
    first: dict[int, str] = {}
    further: set[tuple[int, str]] = set()
    for key in firms.keys:
        if key.origin == ENGLISH or key.parts.weak:
            continue
        root, core = firms.find(key.row), key.parts.core
        # Nearly every firm has one name: only further ones are worth a note of the pair.
        if root not in first:
            first[root] = core
        elif first[root] == core or (root, core) in further:
            continue
        else:
            further.add((root, core))
        owners.append(root)
        cores.append(core)
    return owners, cores


def _candidates(firms: Firms) -> tuple[list[Candidate], int]:
    """Pairs for people to look at, the most alike first; how many were left off."""
    found: dict[tuple[int, int], tuple[float, str]] = {}

    def admit(one: int, other: int, score: float, reason: str) -> None:
        pair = firms.find(one), firms.find(other)
        first, second = min(pair), max(pair)
        if first == second or (first, second) in found:
            return
        veto = firms.veto(first, second)
        if veto not in {"apart", "codes"} and (veto != "region" or reason == "region"):
            found[first, second] = (score, reason)

    last = {pair: reason for pair, reason in firms.review.items() if reason in _RARELY_ONE}
    for (one, other), reason in firms.review.items():
        if reason not in _RARELY_ONE:
            admit(one, other, 100.0, reason)
    owners, cores = _nodes(firms)
    places = [firms.places[root][:_PREFECTURE] for root in owners]
    one_of, other_of, scores = alike(cores, places)
    looked = 0
    for i in np.lexsort((other_of, one_of, -scores)):
        if len(found) >= REVIEW_LIMIT:
            break
        admit(owners[one_of[i]], owners[other_of[i]], float(scores[i]), "alike")
        looked += 1
    for (one, other), reason in last.items():
        admit(one, other, 100.0, reason)
    pairs = list(found.items())
    left_off = len(scores) - looked + max(len(pairs) - REVIEW_LIMIT, 0)
    return [
        Candidate(
            first=firms.ids[one],
            second=firms.ids[other],
            score=score,
            reason=reason,
            rows=(firms.rows[one], firms.rows[other]),
            first_name=firms.names[one],
            second_name=firms.names[other],
        )
        for (one, other), (score, reason) in pairs[:REVIEW_LIMIT]
    ], left_off
