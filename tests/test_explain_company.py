"""The rows behind the figures of a company."""

import json

import pytest
from conftest import Run

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.explain_company import CompanyExplanation
from cluster_graph.gaps.needs import company_needs
from cluster_graph.text import LANGS
from cluster_graph.views.explanation import blocks


def explained(cluster: Cluster, name: str) -> CompanyExplanation:
    """Explain a company."""
    found = cg.explain(cluster, name)
    assert isinstance(found, CompanyExplanation)
    return found


def test_amounts_add_up_to_the_need(lingyuan: Cluster) -> None:
    """What each product takes of an input adds up to what the firm needs of it."""
    needs = company_needs(activity(lingyuan))
    for name in ("KC001", "凌源钢铁股份有限公司"):
        found = explained(lingyuan, name)
        company = found.company["company_id"]
        sums = found.needs.groupby("product_id")["amount"].sum(min_count=1)
        own = needs[needs["company_id"] == company].set_index("product_id")["need"]
        assert sums.round(6).equals(own.reindex(sums.index).round(6).rename("amount"))


def test_an_implied_output_says_so(lingyuan: Cluster) -> None:
    """The mill's iron has no figure: its 4.968 Mt follow from 5.4 Mt of crude steel."""
    row = explained(lingyuan, "KC001").makes.set_index("product_id").loc["S_IRON"]
    assert row[["size", "basis", "evidence"]].tolist() == [4_968_000.0, "implied", "derived"]


def test_risk_is_that_of_the_list(lingyuan: Cluster) -> None:
    """The same index as in `critical`."""
    listed = cg.critical(lingyuan).set_index("company_id")["esri"]
    assert explained(lingyuan, "KC009").risk["esri"] == listed["KC009"]


def test_every_company_can_be_shown(lingyuan: Cluster) -> None:
    """Whatever is known of it, in both languages."""
    for company in lingyuan.companies_frame["company_id"]:
        found = explained(lingyuan, company)
        for lang in LANGS:
            assert all(block.rows for block in blocks(found, lingyuan, lang))


def test_a_name_of_nobody_asks_for_a_product(lingyuan: Cluster) -> None:
    """The message names the products that come close, as before."""
    with pytest.raises(InputError, match="耐火材料"):
        cg.explain(lingyuan, "耐火")


def test_command(run: Run) -> None:
    """JSON for programs, Markdown in English."""
    data = json.loads(run("explain", "KC001", "--format", "json").stdout)
    assert {"company", "makes", "needs", "links", "risk"} <= set(data)
    text = run("--lang", "en", "explain", "KC001", "--format", "md").stdout
    assert "# Where the figures of Lingyuan Iron and Steel Group" in text
    assert "## What it needs: coefficient x own output" in text
