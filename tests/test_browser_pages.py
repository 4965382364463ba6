"""The pages in a real browser: nothing fetched, nothing logged, everything answers."""

import csv
import io
import os
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from axe_playwright_python.sync_playwright import Axe
from findings_sample import ATTACK, FORMULA, sample

import cluster_graph as cg
from cluster_graph import _report
from cluster_graph.cli.app import run
from cluster_graph.targets.weights import read_weights
from cluster_graph.text import LANGS, Lang, say, texts
from cluster_graph.views.brief import brief, brief_page
from cluster_graph.views.details import Index
from cluster_graph.views.findings import Findings
from cluster_graph.views.graph_page import graph_page
from cluster_graph.views.report_page import report_page
from cluster_graph.views.write import write_whole

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """Debian's Chromium, or a plain word why there is none."""
    if CHROMIUM is None:
        message = "no Chromium on this machine: the pages were not opened in a browser"
        if os.environ.get("CLUSTER_GRAPH_NEED_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with playwright.sync_playwright() as runner:
        found = runner.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@dataclass
class Opened:
    """A page in the browser and all it did that a page must not do."""

    page: "playwright.Page"
    uri: str
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Write down requests, console messages, errors and dialogs."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append("dialog"), dialog.dismiss()))

    def assert_quiet(self) -> None:
        """Only the file itself was read, and nobody complained."""
        assert [url for url in self.requests if not url.startswith("data:")] == [self.uri]
        assert self.said == []


@pytest.fixture
def opened(browser: "playwright.Browser", tmp_path: Path) -> Iterator[Opened]:
    """A fresh page on an office screen."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(10_000)
    held = Opened(page, (tmp_path / "页 面" / "page.html").as_uri())
    held.listen()
    yield held
    page.close()


def show(opened: Opened, tmp_path: Path, content: str) -> None:
    """Write a page and open it as a planner would, from a file."""
    path = tmp_path / "页 面" / "page.html"
    write_whole(path, content)
    opened.page.goto(path.as_uri())


def panel(opened: Opened) -> str:
    """Text of the detail panel."""
    return opened.page.inner_text("#panel")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_opens_in_silence(opened: Opened, tmp_path: Path, lang: Lang) -> None:
    """No request, no message; names are text; the page is not wider than the screen."""
    show(opened, tmp_path, report_page(sample(lang), lang))
    assert ATTACK in opened.page.inner_text("main")
    assert opened.page.locator("img").count() == 0
    wide = opened.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
    opened.page.click('nav a[href="#targets"]')
    opened.page.locator("details summary").first.click()
    figure = opened.page.locator("td a.why").first
    body = opened.page.locator(str(figure.get_attribute("href")))
    assert not body.is_visible()
    figure.click()
    assert body.is_visible()  # the browser opens what the address points into
    opened.page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert [url.split("#")[0] for url in opened.requests] == [opened.uri]
    assert opened.said == []


def test_the_report_has_page_numbers(opened: Opened, tmp_path: Path) -> None:
    """At the foot of every sheet, with how many there are."""
    reader = shutil.which("pdftotext")
    if reader is None:
        if os.environ.get("CLUSTER_GRAPH_NEED_LIBREOFFICE"):
            pytest.fail("pdftotext is not installed")
        pytest.skip("pdftotext is not installed")
    show(opened, tmp_path, report_page(sample("zh"), "zh"))
    printed = tmp_path / "report.pdf"
    opened.page.pdf(path=str(printed), prefer_css_page_size=True)
    text = subprocess.run(
        [reader, "-layout", printed, "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    sheets = [sheet for sheet in text.split("\f") if sheet.strip()]
    feet = [sheet.strip().splitlines()[-1].strip() for sheet in sheets]
    assert feet == [f"{number} / {len(sheets)}" for number in range(1, len(sheets) + 1)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_graph_answers(opened: Opened, tmp_path: Path, lang: Lang) -> None:
    """Search, choose, follow to a company and back; the panel shows the figures."""
    show(opened, tmp_path, graph_page(sample(lang), lang))
    opened.page.wait_for_selector("html[data-ready=yes]")
    opened.page.fill("#search", "P_REFRAC")
    opened.page.keyboard.press("Enter")
    text = panel(opened)
    assert ("7.56 万吨（5.4 至 9.72）" if lang == "zh" else "75.6 kt (54 to 97.2)") in text
    assert ("示例钢铁集团" if lang == "zh" else "Sample Steel Group") in text
    opened.page.locator("#panel li button").first.click()
    assert opened.page.get_attribute("#tab-firms", "aria-pressed") == "true"
    assert "C_ANCHOR" in panel(opened)
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#panel")
    opened.assert_quiet()


def test_graph_shows_nasty_names_as_text(opened: Opened, tmp_path: Path) -> None:
    """In the found list and in the panel a name is exactly what it is."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.fill("#search", "onerror")
    assert opened.page.locator("#found button").count() == 2
    opened.page.keyboard.press("Enter")
    assert opened.page.inner_text("#panel h2") == ATTACK
    opened.page.fill("#search", "nothing like it")
    assert opened.page.locator("#found button").count() == 0
    assert opened.page.locator("img").count() == 0
    opened.assert_quiet()


def test_graph_filters(opened: Opened, tmp_path: Path) -> None:
    """States, chains and uses hide boxes; searching a hidden one brings it back."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    assert opened.page.inner_text("#count") == "显示 23 / 25"
    opened.page.uncheck('input[value="missing"]')
    assert opened.page.inner_text("#count") == "显示 17 / 25"
    opened.page.select_option("#chain", "auto")
    assert opened.page.inner_text("#count") == "显示 3 / 25"
    opened.page.fill("#search", "P_TYRE")
    opened.page.keyboard.press("Enter")
    assert "P_TYRE" in panel(opened)
    assert opened.page.is_checked('input[value="off_map"]')
    opened.page.select_option("#use", "short")
    assert opened.page.inner_text("#count") == "显示 2 / 25"
    opened.page.click("#tab-firms")
    assert opened.page.inner_text("#count") == "显示 8 / 8"
    opened.page.uncheck('input[value="outside"]')
    assert opened.page.inner_text("#count") == "显示 6 / 8"
    opened.assert_quiet()


def test_graph_filters_by_value_evidence_status_and_place(opened: Opened, tmp_path: Path) -> None:
    """What is shown is what the findings say; each view has its own filters."""
    findings = sample()
    show(opened, tmp_path, graph_page(findings, "zh"))
    count = "[...document.querySelectorAll('#rows tr')].length - 1"
    opened.page.click("#as-table")
    seen = findings.balance[findings.balance["state"] != "off_map"]
    opened.page.select_option("#value", "100000000")
    assert opened.page.evaluate(count) == (seen["value"] >= 1e8).sum()
    opened.page.select_option("#value", "")
    opened.page.select_option("#evidence", "derived")
    assert opened.page.evaluate(count) == (seen["evidence"] == "derived").sum()
    assert opened.page.is_hidden("#status")
    opened.page.click("#tab-firms")
    assert opened.page.is_hidden("#value")
    nodes = [data for _, data in findings.companies.nodes(data=True)]
    opened.page.select_option("#status", "trial")
    assert opened.page.evaluate(count) == sum(row["status"] == "trial" for row in nodes)
    opened.page.select_option("#status", "")
    opened.page.select_option("#where", "211382")
    assert opened.page.evaluate(count) == sum(row["region_code"] == "211382" for row in nodes)
    opened.assert_quiet()


def test_a_click_on_a_box_opens_it(opened: Opened, tmp_path: Path) -> None:
    """The anchor stands in the middle of the companies; a click there opens the panel."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.click("#tab-firms")
    opened.page.uncheck('input[value="outside"]')
    box = opened.page.locator("#firms canvas").bounding_box()
    assert box is not None
    opened.page.fill("#search", "C_ANCHOR")
    opened.page.keyboard.press("Enter")
    opened.page.click("#close")
    found = False
    for down in range(0, int(box["height"]) // 2, 20):
        for sign in (1, -1):
            opened.page.mouse.click(
                box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + sign * down
            )
            if opened.page.is_visible("#panel"):
                found = "C_" in panel(opened)
                break
        if found:
            break
    assert found
    opened.assert_quiet()


def test_graph_by_keyboard(opened: Opened, tmp_path: Path) -> None:
    """Arrow keys walk from box to box, and Enter leads into the panel."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.focus("#map")
    opened.page.keyboard.press("ArrowRight")
    first = opened.page.inner_text("#panel .under")
    opened.page.keyboard.press("ArrowRight")
    assert opened.page.inner_text("#panel .under") != first
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.id") == "panel"
    opened.assert_quiet()


def test_nothing_moves_after_the_first_paint(opened: Opened, tmp_path: Path) -> None:
    """Two pictures, a second apart, are the same."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.wait_for_selector("html[data-ready=yes]")
    before = opened.page.screenshot()
    opened.page.wait_for_timeout(1000)
    assert opened.page.screenshot() == before
    opened.assert_quiet()


@pytest.mark.parametrize("lang", LANGS)
def test_briefs_print_on_one_page(opened: Opened, tmp_path: Path, lang: Lang) -> None:
    """The shipped briefs fit on a sheet of A4, fetch nothing and run nothing."""
    for file in cg.briefs(cg.build(cg.load(), cg.chains()), tmp_path / "briefs", lang, top=8)[::2]:
        show(opened, tmp_path, file.read_text("utf-8"))
        pages = opened.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1, file.name
    assert opened.page.evaluate("document.querySelector('svg, .near') !== null")
    assert opened.said == []
    assert set(opened.requests) == {opened.uri}


def at_rest(opened: Opened) -> str:
    """Wait until the address follows what was done, and return its state."""
    opened.page.wait_for_timeout(50)
    return opened.page.evaluate("location.hash")


def test_the_address_holds_the_state(opened: Opened, tmp_path: Path) -> None:
    """A link opens the same choice; Back undoes it; nonsense in an address does no harm."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.fill("#search", "P_REFRAC")
    opened.page.keyboard.press("Enter")
    at_rest(opened)
    opened.page.select_option("#reach", "down-2")
    opened.page.uncheck('input[value="planned"]')
    sent = at_rest(opened)
    opened.page.locator("#panel li button").first.click()
    assert "node=c" in at_rest(opened)
    opened.page.go_back()
    opened.page.wait_for_timeout(100)
    assert at_rest(opened) == sent
    assert "P_REFRAC" in panel(opened)
    assert opened.page.get_attribute("#tab-map", "aria-pressed") == "true"
    opened.page.goto("about:blank")
    opened.page.goto(opened.uri + sent)
    opened.page.wait_for_selector("html[data-ready=yes]")
    assert "P_REFRAC" in panel(opened)
    assert opened.page.input_value("#reach") == "down-2"
    assert not opened.page.is_checked('input[value="planned"]')
    opened.page.goto("about:blank")
    opened.page.goto(opened.uri + "#node=%3Cimg%20src=x%3E&reach=up-x&chain=?&view=nowhere")
    opened.page.wait_for_selector("html[data-ready=yes]")
    assert opened.page.is_hidden("#panel")
    assert opened.page.input_value("#reach") == "both-1"
    opened.page.fill("#search", "P_REFRAC")
    opened.page.keyboard.press("Enter")
    assert "P_REFRAC" in panel(opened)
    assert opened.page.locator("img").count() == 0
    assert opened.said == []


def test_what_is_shown_as_a_table(opened: Opened, tmp_path: Path) -> None:
    """One row for each box; the copied text and the file hold the same, and no formula."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.select_option("#chain", "auto")
    opened.page.click("#as-table")
    rows = opened.page.locator("#rows tr").all_inner_texts()
    assert len(rows) == 1 + 4
    opened.page.select_option("#chain", "")
    assert opened.page.locator("#rows tr").count() == 1 + 23
    with opened.page.expect_download() as download:
        opened.page.click("#csv")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(found) == 1 + 23
    assert ["P_DESULF", ATTACK] in [row[:2] for row in found]
    assert ["P_SIZING", "'" + FORMULA] in [row[:2] for row in found]
    opened.page.click("#copy")
    assert opened.page.inner_text("#count") == "已复制"
    opened.page.locator("#rows button", has_text="示例耐火").first.click()
    assert "P_REFRAC" in panel(opened)
    assert opened.page.locator("img").count() == 0


def test_the_drawing_as_a_picture(opened: Opened, tmp_path: Path) -> None:
    """The PNG is as large as the drawing; the SVG holds every name as text and no script."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    for tab, boxes in (("#tab-map", 23), ("#tab-firms", 8)):
        opened.page.click(tab)
        with opened.page.expect_download() as download:
            opened.page.click("#svg")
        content = Path(download.value.path()).read_text("utf-8")
        root = ET.fromstring(content)  # noqa: S314  our own file
        kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
        assert kinds.count("title") == boxes
        assert set(kinds) == {"svg", "rect", "text", "g", "path", "title"}
        names = "\n".join(element.text or "" for element in root.iter())
        assert ATTACK in names
        with opened.page.expect_download() as download:
            opened.page.click("#png")
        head = Path(download.value.path()).read_bytes()[:24]
        assert head.startswith(b"\x89PNG")
        wide, high = struct.unpack(">II", head[16:24])
        box = [float(part) for part in root.attrib["viewBox"].split()]
        assert wide / high == pytest.approx(box[2] / box[3], rel=0.01)
        assert wide > 1000
    assert opened.said == []


def test_boxes_are_drawn_in_the_colours_of_their_states(opened: Opened, tmp_path: Path) -> None:
    """On the canvas stand fills of all states, on both views, and buttons have their edge."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    seen = """(id) => {
        const canvas = document.querySelector(id + " canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set();
        for (let i = 0; i < data.length; i += 4) {
            found.add([data[i], data[i + 1], data[i + 2]].join());
        }
        return [...found];
    }"""
    fills = {"227,243,236", "253,240,217", "253,230,228", "244,245,246", "239,233,251"}
    assert fills <= set(opened.page.evaluate(seen, "#map"))
    opened.page.click("#tab-firms")
    assert "228,240,250" in opened.page.evaluate(seen, "#firms")
    edge = "getComputedStyle(document.getElementById('fit')).borderTopStyle"
    assert opened.page.evaluate(edge) == "solid"


def test_paths_up_and_down(opened: Opened, tmp_path: Path) -> None:
    """Everything downstream of an input is in sight, what is upstream of it fades."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    findings = sample()
    opened.page.fill("#search", "P_ROVING")
    opened.page.keyboard.press("Enter")
    shown: dict[str, bytes] = {}
    for way in ("up-99", "down-99", "both-1"):
        opened.page.select_option("#reach", way)
        shown[way] = opened.page.locator("#map canvas").screenshot()
    assert len(set(shown.values())) == 3
    assert nx.descendants(findings.products, "P_ROVING")
    opened.assert_quiet()


def test_the_other_language_without_a_reload(opened: Opened, tmp_path: Path) -> None:
    """Every text changes, the choice stays, and the address says which language it is."""
    show(opened, tmp_path, graph_page(sample("zh"), "zh"))
    opened.page.fill("#search", "P_REFRAC")
    opened.page.keyboard.press("Enter")
    assert "7.56 万吨（5.4 至 9.72）" in panel(opened)
    opened.page.click("#as-table")
    opened.page.click("#lang")
    assert "75.6 kt (54 to 97.2)" in panel(opened)
    assert opened.page.get_attribute("html", "lang") == "en"
    assert opened.page.get_attribute("#search", "placeholder") == say("view.search_hint", "en")
    assert opened.page.inner_text("#lang") == "中文"
    page = re.sub(r"中文", "", opened.page.inner_text("header") + opened.page.inner_text("footer"))
    assert not re.search("[\u4e00-\u9fff]", page)
    assert "Sample refractories" in opened.page.inner_text("#rows")
    assert "lang=en" in opened.page.evaluate("location.hash")
    opened.page.reload()
    assert "75.6 kt (54 to 97.2)" in panel(opened)
    opened.page.click("#lang")
    assert "7.56 万吨（5.4 至 9.72）" in panel(opened)
    assert opened.said == []


def test_the_panel_shows_what_explain_prints(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Search for glass fibre in the shipped data: the figures are those of the command."""
    cluster = cg.build(cg.load(), cg.chains())
    findings = _report.find(cluster, "zh", read_weights())
    show(opened, tmp_path, graph_page(findings, "zh"))
    opened.page.fill("#search", "玻纤")
    opened.page.get_by_role("button", name="无碱玻纤粗纱").first.click()
    assert "炜盛玻纤二期" in panel(opened)  # a project without a company, by its name
    seen = {
        row.locator("th").inner_text(): row.locator("td").inner_text()
        for row in opened.page.locator("#panel tr").all()
    }
    assert run(["explain", "N_ROVING", "--format", "md"]) == 0
    printed = dict(re.findall(r"^\| (\S+) \| ([^|]+?) \|", capsys.readouterr().out, re.MULTILINE))
    for name in ("demand", "supply", "shortage", "surplus", "total_demand", "price", "value"):
        heading = texts("column", "zh")[name]
        assert seen[heading] == printed[heading], heading
    assert seen["本地供给"] == "21 万吨"
    opened.assert_quiet()


def crumbs(opened: Opened) -> list[str]:
    """The way to where the page is."""
    return opened.page.locator("#crumbs button").all_inner_texts()


def test_from_the_overview_down_and_back(opened: Opened, tmp_path: Path) -> None:
    """Sector, its products, one of them, its companies, one of them; and every step back."""
    show(opened, tmp_path, graph_page(sample("zh"), "zh"))
    opened.page.click("#tab-sectors")
    opened.page.fill("#search", "31 黑色")
    opened.page.keyboard.press("Enter")
    assert "示例棒材" in panel(opened)
    opened.page.get_by_role("button", name="看该行业的环节").click()
    assert opened.page.inner_text("#count") == "显示 3 / 25"
    opened.page.fill("#search", "示例粗钢")
    opened.page.keyboard.press("Enter")
    sector = "31 黑色金属冶炼和压延加工业"
    assert crumbs(opened) == ["概览", sector, "示例粗钢"]
    opened.page.get_by_role("button", name="看它的企业").click()
    assert crumbs(opened) == ["概览", sector, "示例粗钢", "生产和使用它的企业"]
    shown = int(opened.page.inner_text("#count").split()[1])
    assert 0 < shown < 8
    opened.page.reload()
    assert crumbs(opened)[-1] == "生产和使用它的企业"
    assert int(opened.page.inner_text("#count").split()[1]) == shown
    opened.page.go_back()
    assert crumbs(opened)[-1] != "生产和使用它的企业"
    opened.page.locator("#crumbs button").first.click()
    assert opened.page.get_attribute("#tab-sectors", "aria-pressed") == "true"
    assert opened.said == []


def test_several_side_by_side(opened: Opened, tmp_path: Path) -> None:
    """Two products in one table; the address holds them; one can be taken out again."""
    show(opened, tmp_path, graph_page(sample("zh"), "zh"))
    for name in ("P_REFRAC", "P_COAL"):
        opened.page.fill("#search", name)
        opened.page.keyboard.press("Enter")
        opened.page.get_by_role("button", name="加入对比").click()
    opened.page.reload()
    head = opened.page.locator("#panel .beside tr").first.inner_text()
    assert "示例耐火材料" in head
    assert "示例精煤" in head
    row = opened.page.locator("#panel .beside tr", has_text="缺口量").inner_text()
    assert "7.56 万吨" in row
    assert "351 万吨" in row
    opened.page.get_by_role("button", name="移出对比").first.click()
    assert opened.page.locator("#panel .beside").count() == 0
    assert opened.said == []


def test_a_large_cluster_opens_on_the_overview(opened: Opened, tmp_path: Path) -> None:
    """Thousands of companies are drawn a neighbourhood at a time."""
    few = sample("zh")
    many: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(3500):
        many.add_node(f"C{number}", name=f"合成企业{number}", place="local", makes=["P_BAR"])
    for number in range(1, 3500):
        link = {"product_id": "P_BAR", "quantity": 10.0, "unit": "t", "evidence": "reported"}
        many.add_edge(f"C{number // 2}", f"C{number}", **link)
    many.add_node("C_ANCHOR", name="示例", place="local", makes=["P_BAR"])
    show(opened, tmp_path, graph_page(replace(few, companies=many), "zh"))
    assert opened.page.get_attribute("#tab-sectors", "aria-pressed") == "true"
    opened.page.fill("#search", "合成企业1000")
    opened.page.keyboard.press("Enter")
    assert opened.page.inner_text("#count") == "显示 4 / 3501"
    assert "合成企业500" in panel(opened)
    assert "10 吨" in panel(opened)
    opened.page.select_option("#reach", "up-99")
    assert opened.page.inner_text("#count") == "显示 11 / 3501"
    opened.page.get_by_role("button", name="合成企业2000").click()
    assert "C2000" in panel(opened)
    # What was chosen there is forgotten when the companies of a product are asked for.
    opened.page.fill("#search", "示例粗钢")
    opened.page.keyboard.press("Enter")
    opened.page.get_by_role("button", name="看它的企业").click()
    assert crumbs(opened)[-1] == "生产和使用它的企业"
    opened.page.click("#tab-firms")
    assert crumbs(opened) == ["概览"]
    assert int(opened.page.inner_text("#count").split()[1]) <= 400
    opened.assert_quiet()


def odd(kind: str) -> Findings:
    """Findings of a cluster that hardly is one."""
    products: nx.DiGraph[str] = nx.DiGraph()
    companies: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    count = {"alone": 500, "circle": 5}.get(kind, 1)
    for number in range(count):
        products.add_node(f"P{number}", name_zh=f"合成产品{number}", chain="steel", unit="t")
    if kind == "circle":
        products.add_edges_from((f"P{number}", f"P{(number + 1) % 5}") for number in range(5))
        products.add_edge("P0", "P0")
    if kind == "long":
        products.add_node("L", name_zh="长" * 10_000, name_en="l" * 10_000)
        companies.add_node("C", name="长" * 10_000)
    elif kind == "company":
        companies.add_node("C")
    return replace(sample("zh"), products=products, companies=companies)


@pytest.mark.parametrize("kind", ["alone", "circle", "long", "company", "nobody"])
def test_odd_clusters_open_all_the_same(opened: Opened, tmp_path: Path, kind: str) -> None:
    """500 products without an edge, a circle, a name of 10,000 signs, one company, nobody."""
    findings = odd(kind)
    show(opened, tmp_path, graph_page(findings, "zh"))
    assert opened.page.inner_text("#count") == f"显示 0 / {len(findings.products)}"
    opened.page.check('input[value="off_map"]')
    whole = f"显示 {len(findings.products)} / {len(findings.products)}"
    assert opened.page.inner_text("#count") == whole
    opened.page.click("#fit")
    opened.page.click("#tab-sectors")
    opened.page.click("#tab-firms")
    if len(findings.companies):
        opened.page.focus("#firms")
        opened.page.keyboard.press("ArrowDown")
        assert "C" in panel(opened)
    else:
        assert opened.page.inner_text("#empty") == say("view.companies_empty", "zh")
    opened.page.click("#lang")
    opened.assert_quiet()


def test_dark_and_light(opened: Opened, tmp_path: Path) -> None:
    """The system's wish is the beginning, the button the end; text stands out in both."""
    opened.page.emulate_media(color_scheme="dark")
    show(opened, tmp_path, graph_page(sample(), "zh"))
    contrast = """() => {
        const light = (text) => {
            const [r, g, b] = text.match(/[\\d.]+/g).map((part) => {
                const c = Number(part) / 255;
                return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const look = getComputedStyle(document.body);
        const [one, two] = [light(look.color), light(look.backgroundColor)];
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    }"""
    for theme in ("dark", "light"):
        assert opened.page.get_attribute("html", "data-theme") == theme
        assert opened.page.evaluate(contrast) > 7
        opened.page.click("#dark")
    opened.assert_quiet()


@pytest.mark.parametrize(
    "typed", ["shili naihuo", "slnh", "P_REFRAC", "示例耐火", "sample refractories"]
)
def test_search_by_pinyin(opened: Opened, tmp_path: Path, typed: str) -> None:
    """Spelt out, by its initials, in characters, in English, by its id."""
    show(opened, tmp_path, graph_page(sample(), "zh"))
    opened.page.fill("#search", typed)
    opened.page.keyboard.press("Enter")
    assert "P_REFRAC" in panel(opened)


@pytest.mark.parametrize("kind", ["graph", "report", "brief"])
def test_nothing_keeps_people_out(browser: "playwright.Browser", tmp_path: Path, kind: str) -> None:
    """No violation that axe-core knows, with the panel and the table open as well."""
    findings, index = sample(), Index(sample())
    target = {str(key): value for key, value in findings.targets.iloc[0].items()}
    content = {
        "graph": lambda: graph_page(findings, "zh"),
        "report": lambda: report_page(findings, "zh"),
        "brief": lambda: brief_page(brief(index, target, "zh"), "zh"),
    }[kind]()
    path = tmp_path / "page.html"
    write_whole(path, content)
    # What axe brings along is a script that the page itself would refuse.
    page = browser.new_context(bypass_csp=True).new_page()
    page.goto(path.as_uri())
    found = [Axe().run(page)]
    if kind == "graph":
        for theme in ("light", "dark"):
            page.fill("#search", "P_REFRAC")
            page.keyboard.press("Enter")
            found.append(Axe().run(page))
            page.click("#close")
            page.click("#as-table")
            found.append(Axe().run(page))
            page.click("#as-table")
            page.click("#tab-sectors")
            found.append(Axe().run(page))
            page.click("#tab-map")
            assert page.get_attribute("html", "data-theme") == theme
            page.click("#dark")
        page.click("#lang")
        for name in ("P_REFRAC", "P_COAL"):
            page.fill("#search", name)
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Compare").click()
        found.append(Axe().run(page))
    page.context.close()
    assert [result.generate_report() for result in found if result.violations_count] == []
