"""What a page says about one product: figures, partners, why, whence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypedDict

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_names, as_number, as_text, known
from cluster_graph.text.regions import region_name
from cluster_graph.views.figures import amount, headroom
from cluster_graph.views.findings import named
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cluster_graph.views.findings import Findings


MOST_LISTED: Final = 60  # lines of companies in a panel; the page draws all of them


class Item(TypedDict):
    """One line of a group: a name, what is said of it, and the node to go to (or nothing)."""

    text: str
    more: str
    goto: str


class Group(TypedDict):
    """A heading and its lines."""

    heading: str
    items: list[Item]


class Detail(TypedDict):
    """Everything the panel shows of one node."""

    title: str
    under: str
    chips: list[list[str]]
    rows: list[list[str]]
    groups: list[Group]


@dataclass(frozen=True)
class Index:
    """
    The findings by product, so that no page walks a frame twice.

    Parameters
    ----------
    findings
        What the page shows.
    """

    findings: Findings
    balance: dict[str, dict[str, Any]] = field(init=False)
    upstream: dict[str, dict[str, Any]] = field(init=False)
    downstream: dict[str, dict[str, Any]] = field(init=False)
    targets: dict[str, dict[str, Any]] = field(init=False)
    prospects: dict[str, list[dict[str, Any]]] = field(init=False)
    projects: dict[str, list[dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        """Read the frames once."""
        gaps = as_dicts(self.findings.gaps)
        by: dict[str, dict[str, dict[str, Any]]] = {"upstream": {}, "downstream": {}}
        for row in gaps:
            by.setdefault(as_text(row.get("direction")), {})[as_text(row.get("product_id"))] = row
        prospects: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in as_dicts(self.findings.prospects):
            for product_id in as_names(row.get("product_id")):
                prospects[product_id.strip()].append(row)
        projects: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in as_dicts(self.findings.projects):
            if known(row.get("product_id")):
                projects[as_text(row["product_id"])].append(row)
        balance = _by_product(as_dicts(self.findings.balance))
        fallen = _fallen(self.findings, balance)
        for table in (balance, *by.values()):
            for product_id, row in table.items():
                implied = balance.get(product_id, {}).get("implied") is True
                row["supply_implied"] = implied or product_id in fallen
        object.__setattr__(self, "balance", balance)
        object.__setattr__(self, "upstream", by["upstream"])
        object.__setattr__(self, "downstream", by["downstream"])
        object.__setattr__(self, "targets", _by_product(as_dicts(self.findings.targets)))
        object.__setattr__(self, "prospects", dict(prospects))
        object.__setattr__(self, "projects", dict(projects))

    def feeds(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Balance rows of the local products whose surplus makes a row's headroom."""
        return feeds(row, self.balance)


def product_detail(index: Index, product_id: str, lang: Lang) -> Detail:
    """
    What the panel says about a product.

    Parameters
    ----------
    index
        The findings.
    product_id
        A product of the chain.
    lang
        `zh` or `en`.

    Returns
    -------
    detail
        Figures with interval and unit, users, producers, inputs, reasons, evidence, sources;
        what is not known is left out, but the main figures say that they are unknown.
    """
    findings = index.findings
    node = findings.products.nodes[product_id]
    row = {**node, **index.balance.get(product_id, {})}
    chips = [["state", as_text(row.get("state")), word("state", row.get("state"), lang)]]
    if known(row.get("use_state")):
        chips.append(["use", as_text(row["use_state"]), word("use_state", row["use_state"], lang)])
    chips += [
        [flag, flag, texts("column", lang)[flag]]
        for flag in ("implied", "single_source")
        if row.get(flag) is True
    ]
    under = [word("chain", row.get("chain"), lang), word("stage", row.get("stage"), lang)]
    if known(row.get("sector_code")):
        under.append(as_text(row["sector_code"]))
    return Detail(
        title=findings.product_name(product_id, lang),
        under=" · ".join([*under, product_id]),
        chips=chips,
        rows=_product_rows(index, row, lang),
        groups=[group for group in _product_groups(index, product_id, row, lang) if group["items"]],
    )


def coefficient(data: Mapping[str, Any], unit_in: object, unit_out: object, lang: Lang) -> str:
    """
    How much of one product goes with a unit of another.

    Parameters
    ----------
    data
        The input: `low`, `typical`, `high`.
    unit_in, unit_out
        Units of the one and of the other.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `1.37 t per t (1.25 to 1.45)`; the word for unknown where nobody knows.
    """
    typical = as_number(data.get("typical"))
    if typical is None:
        return texts("word", lang)["unknown"]
    low, high = as_number(data.get("low")), as_number(data.get("high"))
    return say(
        "view.coefficient" if low is not None and high is not None else "view.coefficient_only",
        lang,
        typical=numbers.digits(typical),
        low="" if low is None else numbers.digits(low),
        high="" if high is None else numbers.digits(high),
        unit_in=numbers.unit_word(unit_in, lang),
        unit_out=numbers.unit_word(unit_out, lang),
    )


def feeds(row: Mapping[str, Any], balance: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Balance rows of the local products whose surplus makes a row's headroom.

    Parameters
    ----------
    row
        A downstream gap.
    balance
        product_id -> its row of the balance.

    Returns
    -------
    feeds
        The row of the product that binds; of all that feed it where none is said to.
    """
    binding = as_names(row.get("binding_input")) or as_names(row.get("fed_by"))
    return [balance[name] for name in binding if name in balance]


def _fallen(findings: Findings, balance: Mapping[str, dict[str, Any]]) -> set[str]:
    """Products that fall from a main product whose output is implied."""
    return {
        product_id
        for main, product_id, data in findings.products.edges(data=True)
        if data.get("kind") == "by_product" and balance.get(main, {}).get("implied") is True
    }


def _by_product(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows by their product_id; of several the first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(as_text(row.get("product_id")), row)
    return found


def _product_rows(index: Index, row: Mapping[str, Any], lang: Lang) -> list[list[str]]:
    """Headings and figures of a product."""
    heading = texts("column", lang)
    unit = row.get("unit")
    rows = [[heading[name], amount(row, name, lang)] for name in ("demand", "supply", "shortage")]
    rows += [
        [heading[name], amount(row, name, lang)]
        for name in (
            "surplus",
            "total_demand",
            "planned_supply",
            "local_purchases",
            "outside_purchases",
            "latent_match",
        )
        if as_number(row.get(name)) is not None
    ]
    if as_number(row.get("self_sufficiency")) is not None:
        rows.append([heading["self_sufficiency"], amount(row, "self_sufficiency", lang)])
    if as_number(row.get("value")) is not None:
        rows.append([heading["value"], amount(row, "value", lang)])
    if as_number(row.get("price")) is not None:
        rows.append([heading["price"], numbers.price(row["price"], unit, lang)])
    rows += [
        [heading["presence"], word("presence", row.get("presence"), lang)],
        [heading["recruit_gate"], word("gate", row.get("recruit_gate"), lang)],
        [heading["evidence"], word("evidence", row.get("evidence"), lang)],
    ]
    if known(row.get("absence")):
        rows.insert(-2, [heading["absence"], word("absence", row["absence"], lang)])
    if as_names(row.get("implied_by")):
        rows.append([heading["implied_by"], product_names(index, row["implied_by"], lang)])
    down = index.downstream.get(as_text(row.get("product_id")))
    return rows + (_downstream_rows(index, down, lang) if down else [])


def _downstream_rows(index: Index, row: Mapping[str, Any], lang: Lang) -> list[list[str]]:
    """What a downstream gap adds."""
    heading = texts("column", lang)
    rows = [
        [heading["fed_by"], product_names(index, row.get("fed_by"), lang)],
        [heading["headroom"], headroom(row, lang, index.feeds(row))],
        [say("view.value_step", lang), numbers.price(row.get("value_step"), row.get("unit"), lang)],
        [heading["value_multiplier"], numbers.ratio(row.get("value_multiplier"), lang)],
        [heading["readiness"], numbers.percent(row.get("readiness"), lang)],
    ]
    if as_names(row.get("missing_inputs")):
        rows.append([heading["missing_inputs"], product_names(index, row["missing_inputs"], lang)])
    return rows


def product_names(index: Index, cell: object, lang: Lang, *, most: int | None = None) -> str:
    """Names of the products in a cell, or the word for none."""
    names = [index.findings.product_name(item, lang) for item in as_names(cell)]
    return listing(names, lang, most=most) or texts("word", lang)["none"]


def company_names(index: Index, cell: object, lang: Lang, *, most: int | None = None) -> str:
    """Names of the companies in a cell, or the word for none."""
    names = [index.findings.company_name(item, lang) for item in as_names(cell)]
    return listing(names, lang, most=most) or texts("word", lang)["none"]


def _product_groups(
    index: Index, product_id: str, row: Mapping[str, Any], lang: Lang
) -> list[Group]:
    """Users, producers, inputs, users in the chain, prospects, projects, reasons, sources."""
    graph = index.findings.products
    heading = texts("column", lang)
    groups = [
        Group(heading=heading[name], items=_company_items(index, row.get(name), lang))
        for name in (
            "users",
            "unsized_users",
            "producers",
            "unsized_producers",
            "planned_producers",
        )
    ]
    inputs: list[Item] = []
    for source, _, data in sorted(graph.in_edges(product_id, data=True), key=lambda edge: edge[0]):
        inputs.append(
            product_item(index, source, _input_words(index, source, product_id, data, lang), lang)
        )
    users: list[Item] = []
    for _, target, data in sorted(graph.out_edges(product_id, data=True), key=lambda edge: edge[1]):
        users.append(
            product_item(index, target, _input_words(index, product_id, target, data, lang), lang)
        )
    prospects = [
        Item(
            text=named(prospect, lang),
            more=region_name(as_text(prospect.get("region_code")), lang),
            goto="",
        )
        for prospect in index.prospects.get(product_id, [])
    ]
    projects = [
        Item(
            text=named(project, lang),
            more=say(
                "view.project_line",
                lang,
                stage=word("stage", project.get("stage"), lang),
                capacity=numbers.quantity(project.get("capacity"), project.get("unit"), lang),
            ),
            goto="",
        )
        for project in index.projects.get(product_id, [])
    ]
    reasons = [
        Item(text=reason, more="", goto="")
        for reason in index.findings.reasons[lang].get(product_id, ())
    ]
    source = as_text(row.get("source"))
    return [
        *groups,
        Group(heading=say("view.inputs_of", lang), items=inputs),
        Group(heading=say("view.used_in", lang), items=users),
        Group(heading=say("view.why", lang), items=reasons),
        Group(heading=say("view.prospects", lang), items=prospects),
        Group(heading=say("view.projects", lang), items=projects),
        Group(
            heading=heading["source"], items=[Item(text=source, more="", goto="")] if source else []
        ),
    ]


def _input_words(
    index: Index, source: str, target: str, data: Mapping[str, Any], lang: Lang
) -> str:
    """Kind, coefficient and necessity of an input, for one line."""
    units = index.findings.product_unit(source), index.findings.product_unit(target)
    if data.get("kind") == "by_product":
        units = units[1], units[0]
    parts = [word("kind", data.get("kind"), lang), coefficient(data, *units, lang)]
    if data.get("essential") is True:
        parts.append(texts("column", lang)["essential"])
    return " · ".join(parts)


def product_item(index: Index, product_id: str, more: str, lang: Lang) -> Item:
    """
    Make a line of a product.

    Parameters
    ----------
    index
        The findings.
    product_id
        The product.
    more
        What is said of it.
    lang
        `zh` or `en`.

    Returns
    -------
    item
        Its name, leading to its box where it has one.
    """
    inside = product_id in index.findings.products
    return Item(
        text=index.findings.product_name(product_id, lang),
        more=more,
        goto=f"p:{product_id}" if inside else "",
    )


def _company_items(index: Index, cell: object, lang: Lang) -> list[Item]:
    """The companies of a cell as lines that lead to their boxes; of very many the first."""
    ids = as_names(cell)
    items = [
        Item(
            text=index.findings.company_name(company, lang),
            more="",
            goto=f"c:{company}" if company in index.findings.companies else "",
        )
        for company in ids[:MOST_LISTED]
    ]
    left = len(ids) - len(items)
    if left:
        items.append(Item(text=say("view.more_listed", lang, count=left), more="", goto=""))
    return items
