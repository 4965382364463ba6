"""One page for each target: what it says, and that nothing in a name does harm."""

import io
import zipfile
from pathlib import Path

import pytest
from conftest import Run
from docx import Document
from findings_sample import ATTACK, sample

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster
from cluster_graph.text import LANGS, Lang, texts
from cluster_graph.views.brief import Brief, brief, brief_page
from cluster_graph.views.brief_docx import brief_docx
from cluster_graph.views.details import Index

PARTS = ("why", "who", "where", "needs", "risks", "sources")


def briefs(lang: Lang) -> list[Brief]:
    """Return the briefs of the synthetic sample."""
    findings = sample(lang)
    rows = findings.targets.to_dict("records")
    index = Index(findings)
    return [brief(index, {str(key): row[key] for key in row}, lang) for row in rows]


def paragraphs(content: bytes) -> list[str]:
    """Return the texts of a document, those of its tables included."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


@pytest.mark.parametrize("lang", LANGS)
def test_page_and_document_say_the_same(lang: Lang) -> None:
    """Every line of a brief stands in both, and a name is never markup."""
    words = texts("brief", lang)
    for found in briefs(lang):
        page, said = brief_page(found, lang), paragraphs(brief_docx(found, lang))
        assert [title for title, _ in found.sections] == [words[part] for part in PARTS]
        assert all(lines for _, lines in found.sections)
        assert found.title in said
        assert "<img" not in page
        assert "<script" not in page
        for title, lines in found.sections:
            assert title in said
            assert set(lines) <= set(said)
            assert f"<h2>{title}</h2>" in page
        for near in (*found.inputs, *found.users):
            assert any(near.name in text for text in said)


@pytest.mark.parametrize("lang", LANGS)
def test_documents_hold_no_link_and_no_field(lang: Lang) -> None:
    """Text is text, also where it looks like a formula; the same findings give the same file."""
    found = briefs(lang)[1]
    assert found.title == ATTACK
    content = brief_docx(found, lang)
    assert content == brief_docx(found, lang)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert "fldSimple" not in body
    assert "hyperlink" not in relations


def test_the_bar_by_hand() -> None:
    """Demand of 50, 75.6 and 100 kt with a plant of 30 kt: the whole bar is the high end."""
    found = briefs("en")[0]
    row = sample("en").balance.set_index("product_id").loc["P_REFRAC"]
    index = Index(sample("en"))
    target = {
        **sample("en").targets.iloc[0].to_dict(),
        **{name: row[name] for name in ("demand", "demand_low", "demand_high", "unit")},
        "shortage": row["demand"],
        "scale": 2.52,
    }
    bar = brief(index, target, "en").bar
    assert found.bar is None  # the sample's targets carry no demand
    assert bar is not None
    assert bar.high == 1
    assert bar.typical == pytest.approx(row["demand"] / row["demand_high"])
    assert bar.low == pytest.approx(row["demand_low"] / row["demand_high"])
    assert bar.smallest == pytest.approx(row["demand"] / 2.52 / row["demand_high"])
    assert bar.supply == 0


def test_unknown_is_said(lingyuan: Cluster, tmp_path: Path) -> None:
    """The shipped data know no tax: every brief says so, and names its sources and date."""
    files = cg.briefs(lingyuan, tmp_path, "en", top=3)
    assert len(files) == 6
    assert [file.suffix for file in files] == [".html", ".docx"] * 3
    for file in files[1::2]:
        said = "\n".join(paragraphs(file.read_bytes()))
        assert "Unknown components" in said
        assert "tax" in said
        assert "Data as of" in said


@pytest.mark.parametrize("lang", LANGS)
def test_the_command(run: Run, tmp_path: Path, lang: Lang) -> None:
    """Two files a target, their names such that every system takes them."""
    done = run("--lang", lang, "targets", "--briefs", tmp_path / "briefs", "--top", "2")
    assert done.returncode == 0
    names = sorted(file.name for file in (tmp_path / "briefs").iterdir())
    assert len(names) == 4
    assert names[0].startswith("01_S_O2_")
    assert not any(set(name) & set('<>:"/\\|?*') for name in names)
