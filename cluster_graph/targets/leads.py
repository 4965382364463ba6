"""Leads: outside companies that could come, and the local company that can introduce them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows import aggregate
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.tables.regions import inside
from cluster_graph.targets.criteria import company_criteria, place_mark
from cluster_graph.targets.weights import Weights
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number, in_language

# From the closest to the farthest: trades with us, trades with our partners, makes it, makes
# an input of it, uses it.
KINDS: Final = ("trades", "partner", "makes", "input", "buys")
WAYS: Final = ("through_business", "enclave", "leaders", "one_to_one", "chain")
_MOST: Final = {"trades": 10, "partner": 10, "makes": 20, "input": 5, "buys": 5}
_BETWEEN: Final = re.compile(r"\s*[;；、]\s*")
_TIES: Final = 100  # the strongest of a product; the others would not be shown anyway
_LEAST_NAME: Final = 4  # shorter names of investors stand in the names of strangers
_CLUSTER: Final = "cluster"
_STRONG: Final = 0.5  # a company of which half the marks of strength are full
_USED_UP: Final = ("material", "component")

Lead = dict[str, Any]
Rows = dict[str, list[dict[Any, Any]]]
_Words = tuple[str, dict[str, str]]  # a text's key, and the products and companies it names


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """Whoever may become a lead, before it is put in words: few of them do."""

    kind: str
    firm: str
    via: str | None
    region: str
    source: Mapping[Any, Any]
    reason: _Words
    path: tuple[str | _Words, ...]
    row: Mapping[Any, Any] | None = None


class Directory:
    """
    Everybody outside who could be called, found by product.

    Parameters
    ----------
    cluster
        A built cluster.
    weights
        What the article's criteria and the places weigh.
    products
        The targets that are asked about.
    lang
        The language of names and reasons.
    """

    def __init__(
        self, cluster: Cluster, weights: Weights, products: Iterable[str], lang: Lang
    ) -> None:
        self.criteria = company_criteria(cluster, weights)
        self._place_mark = cache(lambda code: place_mark(code, weights))
        self._cluster = cluster
        self._lang: Lang = lang
        frame = cluster.companies_frame
        firms = frame["company_id"].tolist()
        self._regions = dict(zip(firms, frame["region_code"].tolist(), strict=True))
        marks = as_dicts(self.criteria)
        self._marks = dict(zip(self.criteria.index.tolist(), marks, strict=True))
        flags = zip(firms, frame["is_anchor"].tolist(), strict=True)
        heads = {firm for firm, flag in flags if flag is True}
        parents = zip(firms, frame["parent_id"].tolist(), strict=True)
        self._doors = dict.fromkeys((firm for firm, parent in parents if parent in heads), 1)
        self._doors |= dict.fromkeys(heads, 0)
        chain = cluster.chain
        self._products = {str(name): chain.name(name, lang) for name in chain.products.index}
        self._sold = _ties_of(cluster, "supplier")
        self._bought = _ties_of(cluster, "customer")
        self._beyond = self._second(list(products))
        makers = cluster.makers
        self._makers = _by_product(
            makers[(makers["place"] != LOCAL) & (makers["role"] == "operating")]
        )
        prospects = cluster.tables.prospects
        outside = [not (code and inside(code, cluster.region)) for code in prospects["region_code"]]
        self._prospects = _by_product(
            prospects[np.array(outside, dtype=bool)].explode("product_id")
        )
        inputs = cluster.chain.inputs
        inputs = inputs[inputs["kind"].isin(_USED_UP)].sort_values(
            ["value_share", "typical"], ascending=False, na_position="last", kind="stable"
        )
        self._inputs = _lists(inputs, "output_id", "input_id")
        self._uses = _lists(inputs, "input_id", "output_id")
        self._projects = _invested(cluster)

    def makers(self, product_id: str) -> list[str]:
        """Ids of the outside companies and prospects that make a product."""
        return [
            str(row[key])
            for rows, key in ((self._makers, "company_id"), (self._prospects, "prospect_id"))
            for row in rows.get(product_id, [])
        ]

    def leads(
        self, product_id: str, hosts: list[str], users: list[str], fed_by: list[str]
    ) -> list[Lead]:
        """
        Whom to call about a product.

        First outside companies that sell it to a local company or take from one what it is
        made of (distance 1), then those that sell it to partners of local companies (distance
        2), then companies elsewhere and prospects that make it, then those that make its
        inputs or use it; within each the preferred place first, then the better company.

        Parameters
        ----------
        product_id
            The product to recruit.
        hosts
            The local companies that need it or would feed it, the anchor first: the first of
            them can introduce whoever has no link of their own.
        users
            Those of them that need it.
        fed_by
            The local products that it would be made of.

        Returns
        -------
        leads
            Dicts with prospect_id or company_id (the other None), name, region_code, via (the
            local company's id), distance (1, 2, or None where no trade is reported), kind (of
            `KINDS`), way (of `WAYS`: the recruiting way it suits), path (how to get there, one
            line), reason, flags (what speaks against it, sentences), strength, tax, technology,
            green, place, score and coverage (0 to 1, None if unknown), tax_kept (10,000
            yuan/year), tax_per_mu (10,000 yuan/mu), energy_per_output (tce a 10,000 yuan),
            source, evidence.
        """
        host = hosts[0] if hosts else None
        own = "makes" if host in users else "takes"
        found: dict[str, Lead] = {}
        for kind, some in (
            ("trades", self._traders(product_id, fed_by)),
            ("partner", self._partners(product_id, host)),
            ("makes", self._by_making(product_id, product_id, "makes", host, own)),
            ("input", self._around(product_id, self._inputs, "input", host)),
            ("buys", self._around(product_id, self._uses, "buys", host)),
        ):
            # Ties come with the strongest first; nothing reported tells the others apart.
            ordered = some if kind in ("trades", "partner") else sorted(some, key=self._preference)
            new: dict[str, _Candidate] = {}
            for candidate in ordered:
                if len(new) == _MOST[kind]:
                    break
                if candidate.firm not in found:
                    new.setdefault(candidate.firm, candidate)
            found |= {firm: self._lead(candidate) for firm, candidate in new.items()}
        return list(found.values())

    def hosts(self, companies: list[str]) -> list[str]:
        """Put the local companies that can open doors first: anchors, then their own firms."""
        return sorted(companies, key=lambda company: self._doors.get(company, 2))

    # ---- the five kinds

    def _traders(self, product_id: str, fed_by: list[str]) -> list[_Candidate]:
        found = [
            _Candidate(
                kind="trades",
                firm=tie["supplier_id"],
                via=tie["customer_id"],
                region=tie["supplier_region"],
                source=tie,
                reason=_words("lead_supplies", customer=tie["customer_id"], product=product_id),
                path=(_words("path_buys_from", product=product_id),),
            )
            for tie in self._bought.get(product_id, [])[:_TIES]
        ]
        able = set(self.makers(product_id))
        found += [
            _Candidate(
                kind="trades",
                firm=tie["customer_id"],
                via=tie["supplier_id"],
                region=tie["customer_region"],
                source=tie,
                reason=_words("lead_takes", supplier=tie["supplier_id"], product=feed),
                path=(_words("path_sells_to", product=feed),),
            )
            for feed in fed_by
            for tie in self._sold.get(feed, [])[:_TIES]
            # Whoever takes the feed and makes something else is no candidate for this.
            if tie["customer_id"] in able or tie["customer_id"] not in self._able
        ]
        return found

    def _partners(self, product_id: str, host: str | None) -> list[_Candidate]:
        found = []
        for tie in self._beyond.get(product_id, [])[:_TIES]:
            partner = tie["customer_id"]
            local, step = self._near[partner]
            found.append(
                _Candidate(
                    kind="partner",
                    firm=tie["supplier_id"],
                    via=local or host,
                    region=tie["supplier_region"],
                    source=tie,
                    reason=_words("lead_beyond", partner=partner, product=product_id),
                    path=(step, partner, _words("path_buys_from", product=product_id)),
                )
            )
        return found

    def _by_making(
        self, product_id: str, made: str, kind: str, host: str | None, word: str = ""
    ) -> list[_Candidate]:
        reason = _words(f"lead_{kind}", product=made, target=product_id)
        step = _words(f"path_{word or kind}", product=made, target=product_id)
        return [
            _Candidate(
                kind=kind,
                firm=row[key],
                row=row if key == "prospect_id" else None,
                via=host,
                region=row.get("region_code") or self._regions.get(row[key], ""),
                source=row,
                reason=reason,
                path=(step,),
            )
            for rows, key in ((self._makers, "company_id"), (self._prospects, "prospect_id"))
            for row in rows.get(made, [])
        ]

    def _around(
        self, product_id: str, table: Mapping[str, list[str]], kind: str, host: str | None
    ) -> list[_Candidate]:
        return [
            candidate
            for other in table.get(product_id, [])
            for candidate in self._by_making(product_id, other, kind, host)
        ]

    # ---- one lead

    def _preference(self, candidate: _Candidate) -> tuple[float, float]:
        mark = as_number(self._place_mark(self._place(candidate)))
        score = as_number(self._marks.get(candidate.firm, {}).get("score"))
        return -(mark or 0.0), -(score or 0.0)

    def _place(self, candidate: _Candidate) -> str:
        return self._regions.get(candidate.firm) or candidate.region

    def _lead(self, candidate: _Candidate) -> Lead:
        firm, row, source = candidate.firm, candidate.row, candidate.source
        marks = self._marks.get(firm, {})
        flags = [
            say(f"reason.{key}", self._lang, **values) for key, values in marks.get("flags", [])
        ]
        if row is not None and row["red_flags"]:
            flags.insert(0, in_language(row["red_flags"], self._lang))
        name = self._name(firm, row)
        if name == firm:
            # Two links away, only the link itself says what the company is called.
            name = source.get("supplier_name") or firm
        via = candidate.via
        door = [self._cluster.company_name(via, self._lang)] if via else []
        steps = [
            self._name(part, None) if isinstance(part, str) else self._say(part)
            for part in candidate.path
        ]
        flags += self._projects_of(row["name"] if row is not None else self._name(firm, None, "zh"))
        place = self._place(candidate)
        # An outside company known by its name alone has a place and no other mark.
        marks = {**marks, "place": self._place_mark(place)}
        return {
            "prospect_id": firm if row is not None else None,
            "company_id": None if row is not None else firm,
            "name": name,
            "region_code": place,
            "via": via,
            "distance": {"trades": 1, "partner": 2}.get(candidate.kind),
            "kind": candidate.kind,
            "way": _way(candidate.kind, marks, row),
            "path": say("word.path", self._lang).join([*door, *steps, name]),
            "reason": self._say(candidate.reason),
            "flags": flags,
            **{
                key: as_number(marks.get(key))
                for key in (
                    "strength",
                    "tax",
                    "technology",
                    "green",
                    "place",
                    "score",
                    "coverage",
                    "tax_kept",
                    "tax_per_mu",
                    "energy_per_output",
                )
            },
            "source": source["source"],
            "evidence": source["evidence"],
        }

    def _say(self, words: _Words) -> str:
        key, ids = words
        names = {
            word: self._products[value]
            if word in ("product", "target")
            else self._cluster.company_name(value, self._lang)
            for word, value in ids.items()
        }
        return say(f"reason.{key}", self._lang, **names)

    def _name(self, firm: str, row: Mapping[Any, Any] | None, lang: Lang | None = None) -> str:
        lang = lang or self._lang
        if row is None:
            return self._cluster.company_name(firm, lang)
        return (row["name_en"] if lang == "en" else "") or str(row["name"])

    def _projects_of(self, name: str) -> list[str]:
        """The projects here that the company stands behind already: one project counts once."""
        return [
            say(
                "reason.flag_project",
                self._lang,
                project=(row["name_en"] if self._lang == "en" else "") or row["name"],
                stage=texts("word", self._lang)[f"stage_{row['stage']}"] if row["stage"] else "",
            )
            for investor, row in self._projects
            if investor in name
        ]

    def _second(self, products: list[str]) -> Rows:
        """The ties two links away, and for each partner the local company next to it."""
        self._near: dict[str, tuple[str, _Words]] = {}
        self._able = set(self._cluster.makers["company_id"])
        links = self._cluster.links
        if links is None:
            return {}
        for word, table, near, far in (
            ("buys_from", self._bought, "customer_id", "supplier_id"),
            ("sells_to", self._sold, "supplier_id", "customer_id"),
        ):
            for product, ties in table.items():
                known = product in self._cluster.chain.products.index
                step = _words(f"path_{word}", product=product) if known else _words("path_trades")
                for tie in ties:
                    self._near.setdefault(tie[far], (tie[near], step))
        found = _strongest(aggregate.beyond(links, list(self._near), products))
        return _by_product(found.groupby("product_id", sort=False).head(_TIES))


def _ties_of(cluster: Cluster, local: str) -> Rows:
    """The ties whose `local` end is local and whose other end is not, by product."""
    if cluster.trade is None:
        return {}
    other = "supplier" if local == "customer" else "customer"
    ties = cluster.trade.ties
    ties = ties[(ties[f"{local}_place"] == LOCAL) & (ties[f"{other}_place"] != LOCAL)]
    return _by_product(_strongest(ties))


def _strongest(ties: pd.DataFrame) -> pd.DataFrame:
    return ties.sort_values(
        ["quantity", "value"], ascending=False, na_position="last", kind="stable"
    )


def _by_product(rows: pd.DataFrame) -> Rows:
    found: Rows = {}
    for row in as_dicts(rows):
        found.setdefault(row["product_id"], []).append(row)
    return found


def _lists(rows: pd.DataFrame, key: str, value: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in zip(rows[key], rows[value], strict=True):
        found.setdefault(one, []).append(other)
    return found


def _invested(cluster: Cluster) -> list[tuple[str, dict[Any, Any]]]:
    """The projects with an investor's name, or none."""
    projects = cluster.tables.projects
    return [
        (investor, row)
        for row in as_dicts(projects)
        for investor in _BETWEEN.split(row["investor"])
        if len(investor) >= _LEAST_NAME
    ]


def _words(key: str, **ids: str) -> _Words:
    return key, ids


def _way(kind: str, marks: Mapping[Any, Any], row: Mapping[Any, Any] | None) -> str:
    """
    The recruiting way a lead suits, of the article's five.

    Whoever trades with us comes through that business; an enclave project through its
    township; a strong company through the county's leaders; any other named maker is called on
    by itself, and clusters and makers further off along the chain.
    """
    if kind in ("trades", "partner"):
        return "through_business"
    if row is not None and row["enclave"] is True:
        return "enclave"
    if row is not None and row.get("record_type") == _CLUSTER:
        return "chain"
    if marks.get("strength", 0.0) >= _STRONG:
        return "leaders"
    return "one_to_one" if kind == "makes" else "chain"
