"""What the reader makes of names: products, firms and places that bureaus write their own way."""

from pathlib import Path

import pytest
from conftest import Rows, Run, write_csv

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster

HEADINGS = ("企业名称", "所在地", "主要产品", "产量(万吨)")
FIRMS = (
    ("凌源示例钢铁有限公司", "凌源市", "转炉粗钢", 10),
    ("凌源样例耐火有限责任公司", "凌源", "耐火材料", 1),
    ("辽宁凌源样例耐火有限公司", "211382", "神秘物料", 2),
)
LIST: Rows = [dict(zip(HEADINGS, firm, strict=True)) for firm in FIRMS]
LINKS: Rows = [
    {"供方": "样例耐火", "需方": "凌源示例钢铁", "物料": "耐火材料", "数量": "5,000吨"},
    {"供方": "外地某厂", "需方": "凌源示例钢铁有限公司", "物料": "石墨电极", "数量": "200吨"},
]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Write two synthetic lists as two bureaus would send them."""
    folder = tmp_path / "送来的 数据"
    write_csv(folder / "名录.csv", LIST)
    write_csv(folder / "供需.csv", LINKS)
    return folder


def built(folder: Path, **more: list[tuple[str, str]]) -> Cluster:
    """Build the cluster of a folder."""
    return cg.build(cg.load(folder, **more), cg.chains())


def test_products_and_places_by_name(sent: Path) -> None:
    """Names of products and places become ids and codes; what is unclear is asked about."""
    cluster = built(sent)
    made = cluster.makers.set_index("company_id")["product_id"]
    assert made["凌源示例钢铁有限公司"] == "S_CRUDE"
    assert set(cluster.companies_frame["region_code"]) == {"211382"}
    assert cluster.tables.named["耐火材料"].how == "name"
    asked = [p for p in cluster.tables.problems if p.table == "outputs"]
    assert [(p.key, p.value, p.row) for p in asked] == [("unknown_product", "神秘物料", 4)]
    table = cg.balance(cluster).set_index("product_id")
    assert table.loc["S_CRUDE", "supply"] == 100_000
    assert table.loc["S_ELECTRODE", "outside_purchases"] == 200


def test_one_firm_under_two_names_is_one(sent: Path) -> None:
    """The same firm with another legal form and prefix merges; `apart` keeps the two apart."""
    together = cg.load(sent)
    assert len(together.companies) == 2
    assert together.ledger["companies"].merged == 1
    pair = ("凌源样例耐火有限责任公司", "辽宁凌源样例耐火有限公司")
    assert len(cg.load(sent, apart=[pair]).companies) == 3
    other = ("凌源示例钢铁有限公司", "凌源样例耐火有限责任公司")
    assert len(cg.load(sent, same=[other]).companies) == 1


def test_check_says_what_it_understood(sent: Path, run: Run) -> None:
    """Columns, products and merges are printed, and a saved map is read back."""
    done = run("--lang", "en", "check", sent, "--save-map", "map.toml")
    assert done.returncode == 1
    for word in ("名录.csv", "an alias", "S_REFRAC", "one company", "神秘物料"):
        assert word in done.stdout + done.stderr, word
    again = run("--lang", "en", "check", sent, "--map", "map.toml", "--map", "物料=note")
    assert "--map" in again.stdout
    assert "Traceback" not in again.stderr
    wrong = run("check", sent, "--map", "物料=nonsense")
    assert wrong.returncode == 2
    assert "nonsense" in wrong.stderr
