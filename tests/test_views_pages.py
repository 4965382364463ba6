"""The pages as text: names are never markup, both languages carry the same figures."""

import dataclasses
import io
import json
import re
from html.parser import HTMLParser

import networkx as nx
import openpyxl
import pandas as pd
import pytest
from findings_sample import ATTACK, EMOJI, LONG, QUOTES, RTL, sample

from cluster_graph.text import LANGS, Lang, say, texts
from cluster_graph.views.assets import inert_json, script_hash, vis_network
from cluster_graph.views.facts import fact
from cluster_graph.views.findings import Findings
from cluster_graph.views.graph_page import graph_page
from cluster_graph.views.report_page import report_page
from cluster_graph.views.report_sections import GROUPS, headline
from cluster_graph.views.workbook import recruiting_workbook


class Reader(HTMLParser):
    """Collects the elements, the text and the scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """Leave an element."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Note text, or a script's content."""
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text.append(data)


def empty() -> Findings:
    """A cluster of which nothing is known."""
    nothing = pd.DataFrame()
    return dataclasses.replace(
        sample(),
        anchor=None,
        products=nx.DiGraph(),
        companies=nx.MultiDiGraph(),
        notes=(),
        headline={},
        **dict.fromkeys(
            (
                "balance",
                "gaps",
                "targets",
                "local_companies",
                "projects",
                "prospects",
                "facts",
                "ledger",
                "sources",
            ),
            nothing,
        ),
    )


@pytest.mark.parametrize("lang", LANGS)
def test_report_shows_nasty_names_as_text(lang: Lang) -> None:
    """Names come out as written; no element or handler is born from one."""
    page = Reader(report_page(sample(lang), lang))
    text = "".join(page.text)
    for name in (ATTACK, LONG, QUOTES, EMOJI, RTL):
        assert name in text
    assert not {"img", "script", "b onerror"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "nan" not in re.findall(r"\w+", text.lower())
    assert "None" not in text.replace("None.", "")


@pytest.mark.parametrize("lang", LANGS)
def test_graph_holds_nasty_names_as_data(lang: Lang) -> None:
    """The data element survives every name and gives it back unchanged."""
    findings = sample(lang)
    page = Reader(graph_page(findings, lang))
    assert "img" not in page.tags
    assert page.tags.count("script") == 3
    data = json.loads(page.scripts[0])
    labels = {name for node in data["map"]["nodes"] for name in node["names"]}
    labels |= {name for names in data["firms"]["names"].values() for name in names}
    assert {ATTACK, QUOTES, EMOJI, RTL, LONG} <= labels
    assert len(data["map"]["nodes"]) == 25
    assert len(data["firms"]["id"]) == 8
    sectors = {node["id"] for node in data["sectors"]["nodes"]}
    for details in data["details"].values():
        assert set(details) == {f"p:{node}" for node in findings.products} | sectors


@pytest.mark.parametrize("page", [graph_page, report_page])
def test_pages_ask_nothing_of_any_host(page: object) -> None:
    """No element loads anything, and the policy forbids it."""
    assert callable(page)
    read = Reader(page(sample(), "zh"))
    for name, value in read.attributes:
        if name in {"src", "href", "action", "data", "poster", "srcset"}:
            assert (value or "").startswith(("#", "data:"))
    policy = next(value for name, value in read.attributes if value and "default-src" in value)
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    for script in read.scripts[1:]:
        assert script_hash(script) in policy


def test_vis_network_keeps_its_licence() -> None:
    """The page carries the licence of what it embeds."""
    script, _ = vis_network()
    assert "@license" in script
    assert "Almende" in script
    assert "sourceMappingURL" not in script


def test_both_languages_carry_the_same_figures() -> None:
    """A page holds both; every node has as many figures in either language."""
    pages = [json.loads(Reader(graph_page(sample("zh"), lang)).scripts[0]) for lang in LANGS]
    assert [page.pop("lang") for page in pages] == list(LANGS)
    assert pages[0] == pages[1]
    mine, other = (pages[0]["details"][lang] for lang in LANGS)
    for node, detail in mine.items():
        twin = other[node]
        assert len(detail["rows"]) == len(twin["rows"])
        assert [len(lines) for _, lines in detail["groups"]] == [
            len(lines) for _, lines in twin["groups"]
        ]


def test_report_puts_what_nature_decides_apart() -> None:
    """Three lists under three headings: no gate, gated, decided by nature."""
    page = report_page(sample("en"), "en")
    words = texts("word", "en")
    heads = [page.index(f"<h3>{words[f'group_{group}']}</h3>") for group in GROUPS]
    places = [*heads, page.index('id="downstream"')]
    for name, place in (("refractories", 0), ("electrode", 1), ("coking coal", 2)):
        assert places[place] < page.index(f"Sample {name}", places[place]) < places[place + 1]
    assert "implied by Sample crude steel" in page
    assert "3.51 Mt (3.2 to 3.72), implied" in page


@pytest.mark.parametrize("lang", LANGS)
def test_gates_are_said_in_the_same_words_everywhere(lang: Lang) -> None:
    """The report's lists, its targets apart and the workbook's sheet name the same groups."""
    findings = sample(lang)
    page = report_page(findings, lang)
    words = texts("word", lang)
    apart = say("view.targets_apart", lang, count=1, group=words["group_gated"])
    assert f"<summary>{apart}</summary>" in page
    book = openpyxl.load_workbook(io.BytesIO(recruiting_workbook(findings, lang)))
    sheet = book[texts("view", lang)["sheet_gaps"]]
    head = [cell.value for cell in sheet[1]]
    place = head.index(texts("view", lang)["recruiting"])
    rows = sheet.iter_rows(min_row=2, max_row=sheet.max_row - 1, values_only=True)
    said = {row[place] for row in rows}
    assert said == {words[f"group_{group}"] for group in GROUPS}


@pytest.mark.parametrize("lang", LANGS)
def test_targets_without_a_rank_print_none(lang: Lang) -> None:
    """What is listed apart has no rank, and no word for one."""
    findings = sample(lang)
    targets = findings.targets.assign(
        rank=findings.targets["rank"].where(findings.targets["listed"] == "recruit").astype("Int64")
    )
    page = report_page(dataclasses.replace(findings, targets=targets), lang)
    assert f"{texts('word', lang)['unknown']}. " not in page
    assert '<h3 dir="auto">1. ' in page


def test_implied_figures_say_so_wherever_they_stand() -> None:
    """Chips, tables, boxes and panel: no implied figure without the word."""
    findings = sample()
    page = report_page(findings, "zh")
    assert "缺 351 万吨，推算" in page
    assert "缺 7.56 万吨<" in page
    data = json.loads(Reader(graph_page(findings, "zh")).scripts[0])
    marks = {node["id"]: node["marks"][0] for node in data["map"]["nodes"]}
    assert marks["p:P_COAL"] == "断 · 缺 351 万吨，推算"
    assert marks["p:P_REFRAC"] == "断 · 缺 7.56 万吨"
    details = data["details"]["zh"]
    rows = dict(details["p:P_COAL"]["rows"])
    assert rows["缺口量"] == "351 万吨（320 至 372），推算"
    assert rows["缺口年价值"].endswith("，推算")
    # it falls from coke, whose output is implied
    assert "产 11 亿立方米，推算" in page
    # recorded, though the demand for it is implied
    assert dict(details["p:P_CONC"]["rows"])["本地供给"] == "60.4 万吨"


def test_headline_says_how_many_gaps_have_a_value() -> None:
    """The sum of the gaps' values names how many of them it is made of."""
    findings = sample()
    given = {**findings.headline, "upstream_priced": 7}
    cards = headline(dataclasses.replace(findings, headline=given), "zh")
    assert {
        "label": "上游缺口年价值（9 项中 7 项有价）",
        "figure": "114 亿元，含推算",
        "section": "upstream",
    } in cards
    assert len(cards) == len(findings.headline)
    page = Reader(report_page(findings, "zh"))
    addresses = {value for name, value in page.attributes if name == "id"}
    assert {card["section"] for card in cards} <= addresses


@pytest.mark.parametrize("lang", LANGS)
def test_note_under_the_anchor(lang: Lang) -> None:
    """With an anchor the report says whose figures and whose rows these are."""
    note = texts("view", lang)["anchor_note"]
    assert note in report_page(sample(lang), lang)
    assert note not in report_page(dataclasses.replace(sample(lang), anchor=None), lang)


def test_facts_in_english_units() -> None:
    """A known Chinese unit becomes an English one of the same amount; Chinese is as given."""
    for value, unit, chinese, english in (
        ("77.6", "亿元", "77.6 亿元", "7.76 bn yuan"),
        ("40", "万平方米", "40 万平方米", "400,000 m2"),
        ("12", "家", "12 家", "12 companies"),
        ("80", "%", "80 %", "80 %"),
        ("约三成", "", "约三成", "约三成"),
        ("1", "次/月 / a month", "1 次/月", "1 a month"),
    ):
        row = {"value": value, "unit": unit}
        assert fact(row, "zh") == chinese
        assert fact(row, "en") == english


@pytest.mark.parametrize("lang", LANGS)
def test_pages_of_an_empty_cluster_open(lang: Lang) -> None:
    """Nothing known is a page that says so, not an error."""
    findings = empty()
    assert "<h1>" in report_page(findings, lang)
    data = json.loads(Reader(graph_page(findings, lang)).scripts[0])
    assert data["map"]["nodes"] == []


def test_pages_are_the_same_every_time() -> None:
    """No clock, no chance."""
    assert graph_page(sample(), "zh") == graph_page(sample(), "zh")
    assert report_page(sample(), "zh") == report_page(sample(), "zh")


def test_inert_json() -> None:
    """Nothing in the data can end the element it stands in, and it reads back the same."""
    value = {"name": "</script><!-- & \u2028\u2029 \ud800", "bad": float("nan"), "list": (1, 2.0)}
    text = inert_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["list"] == [1, 2]
    assert json.loads(text)["bad"] is None
