"""The workbook for companies: written, filled in as a company would, read back without a map."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from conftest import Run

import cluster_graph as cg
from cluster_graph.text import LANGS, Lang

SHEETS = {
    "company": ["示例钢铁有限公司", "", "唐山市", None, None, "3120", 120, 8000, 260, 1500, "2024"],
    "outputs": ["转炉粗钢 [S_CRUDE]", 100, 120, "万吨", 2024],
    "suppliers": ["外地矿业", "", "北京市", "铁精矿/成品铁矿石", 30, "万吨", 500, 2024],
    "customers": ["外地用钢", "", "天津市", "转炉粗钢 [S_CRUDE]", 5, "万吨", 900, 2024],
    "wishes": [None, "希望就近采购", "石墨电极", 500, "吨", "2026-06", "王先生 0421-1"],
}


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    """Each language in turn."""
    return cast("Lang", request.param)


@pytest.fixture
def filled(lang: Lang, tmp_path: Path, run: Run) -> Path:
    """The workbook of a language, filled in."""
    assert run("--lang", lang, "template", "表.xlsx").returncode == 0
    path = tmp_path / "表.xlsx"
    book = openpyxl.load_workbook(path)
    for title, cells in zip(book.sheetnames[1:6], SHEETS.values(), strict=True):
        for column, value in enumerate(cells, 2):
            book[title].cell(3, column).value = value
    kind = {"zh": "希望在本地采购", "en": "buy locally"}[lang]
    book[book.sheetnames[5]].cell(3, 2).value = kind
    book.save(path)
    return path


def test_every_cell_arrives(filled: Path) -> None:
    """Example rows are passed over; the company of the first sheet is the other end of links."""
    tables = cg.load(filled)
    assert not tables.problems
    company = tables.companies.iloc[0]
    assert len(tables.companies) == 1
    assert company["name"] == "示例钢铁有限公司"
    figures = ["employees", "revenue", "tax", "energy"]
    assert company[figures].tolist() == [120, 8000, 260, 1500]
    assert company["region_code"] == "130200"
    cluster = cg.build(tables, cg.chains(), "13")
    made = cluster.makers.iloc[0]
    assert (made["product_id"], made["output"], made["capacity"]) == ("S_CRUDE", 1e6, 1.2e6)
    trade = cluster.trade
    assert trade is not None
    ties = trade.ties.set_index("product_id")
    assert ties.loc["S_CONC", "supplier_name"] == "外地矿业"
    assert ties.loc["S_CONC", "customer_id"] == company["company_id"]
    assert ties.loc["S_CONC", "quantity"] == 300_000
    assert ties.loc["S_CRUDE", "customer_name"] == "外地用钢"
    assert ties.loc["S_CRUDE", "supplier_id"] == company["company_id"]
    assert ties.loc["S_CRUDE", "value"] == 900
    skipped = [sheet.skipped.get("example") for sheet in tables.understood if sheet.recognised]
    assert skipped == [(2,)] * 5


def test_wishes_arrive_and_are_heard(lang: Lang, filled: Path) -> None:
    """What a company asks for stands behind the product's figures and the target's reasons."""
    cluster = cg.build(cg.load(filled), cg.chains(), "13")
    wish = cluster.tables.wishes.iloc[0].to_dict()
    company = cluster.companies_frame["company_id"].iloc[0]
    said = ("company_id", "kind", "content", "product_id", "quantity", "unit", "date", "contact")
    told = (company, "buy", "希望就近采购", "S_ELECTRODE", 500, "t", "2026-06", "王先生 0421-1")
    assert tuple(wish[name] for name in said) == told
    assert cg.explain(cluster, "石墨电极").wishes["quantity"].tolist() == [500]
    targets = cg.targets(cluster, lang).set_index("product_id")
    line = {
        "zh": "示例钢铁有限公司已提出希望在本地采购，每年 500 吨。",
        "en": "示例钢铁有限公司 asked to buy it locally: 500 t a year.",
    }[lang]
    assert line in targets.loc["S_ELECTRODE", "reasons"]
