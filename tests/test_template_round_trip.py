"""The workbook for companies: written, filled in as a company would, read back without a map."""

from pathlib import Path

import openpyxl
import pytest
from conftest import Run

import cluster_graph as cg

SHEETS = {
    "company": ["示例钢铁有限公司", "", "唐山市", None, None, "3120", 120, 8000, 260, 1500, "2024"],
    "outputs": ["转炉粗钢 [S_CRUDE]", 100, 120, "万吨", 2024],
    "suppliers": ["外地矿业", "", "北京市", "铁精矿/成品铁矿石", 30, "万吨", 500, 2024],
    "customers": ["外地用钢", "", "天津市", "转炉粗钢 [S_CRUDE]", 5, "万吨", 900, 2024],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_arrives(lang: str, tmp_path: Path, run: Run) -> None:
    """Example rows are passed over; the company of the first sheet is the other end of links."""
    assert run("--lang", lang, "template", "表.xlsx").returncode == 0
    path = tmp_path / "表.xlsx"
    book = openpyxl.load_workbook(path)
    for title, cells in zip(book.sheetnames[1:5], SHEETS.values(), strict=True):
        for column, value in enumerate(cells, 2):
            book[title].cell(3, column).value = value
    book.save(path)
    tables = cg.load(path)
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
    assert skipped == [(2,)] * 4
