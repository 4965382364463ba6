"""The pages as text: names are never markup, both languages carry the same figures."""

import dataclasses
import json
import re
from html.parser import HTMLParser

import networkx as nx
import pandas as pd
import pytest
from findings_sample import ATTACK, EMOJI, LONG, QUOTES, RTL, sample

from cluster_graph.text import LANGS, Lang
from cluster_graph.views.assets import inert_json, script_hash, vis_network
from cluster_graph.views.findings import Findings
from cluster_graph.views.graph_page import graph_page
from cluster_graph.views.report_page import report_page


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
    labels = {node["label"] for node in data["map"]["nodes"] + data["firms"]["nodes"]}
    assert {ATTACK, QUOTES, EMOJI, RTL, LONG} <= labels
    assert len(data["map"]["nodes"]) == 25
    assert len(data["firms"]["nodes"]) == 8
    assert set(data["details"]) == {f"p:{node}" for node in findings.products} | {
        f"c:{node}" for node in findings.companies
    }


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
    """Every node has as many figures in either language, in the same place and state."""
    pages = [json.loads(Reader(graph_page(sample("zh"), lang)).scripts[0]) for lang in LANGS]
    for mine, other in zip(pages[0]["map"]["nodes"], pages[1]["map"]["nodes"], strict=True):
        assert [mine[key] for key in ("id", "x", "y", "state", "met")] == [
            other[key] for key in ("id", "x", "y", "state", "met")
        ]
    for node, detail in pages[0]["details"].items():
        twin = pages[1]["details"][node]
        assert len(detail["rows"]) == len(twin["rows"])
        assert [len(group["items"]) for group in detail["groups"]] == [
            len(group["items"]) for group in twin["groups"]
        ]


def test_report_puts_what_nature_decides_apart() -> None:
    """Coal and ore stand under their own heading, behind what can be recruited."""
    page = report_page(sample("en"), "en")
    recruit = page.index("Those a county can recruit")
    apart = page.index("Those that geology or utilities decide")
    downstream = page.index('id="downstream"')
    assert recruit < page.index("Sample refractories", recruit) < apart
    assert apart < page.index("Sample coking coal", apart) < downstream
    assert "implied by Sample crude steel" in page
    assert "3.51 Mt (3.2 to 3.72)" in page


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
