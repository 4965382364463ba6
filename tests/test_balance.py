"""The balance, against a cluster that is worked out on paper."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import UnitError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.balance import self_sufficiency, shortage, surplus


@pytest.fixture
def paper(tmp_path: Path) -> Cluster:
    """Three companies, four products, a cycle, a by-product and an outside supplier."""
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("ORE", stage="raw_material", price=100, recruit_gate="resource_bound"),
            product("METAL", price=400),
            product("PART", stage="final", price=900),
            product("SLAG", stage="by_product"),
        ],
        inputs=[
            needs("ORE", "METAL", 1.5, low=1.4, high=1.6),
            needs("METAL", "PART", 0.5, low=0.4, high=0.6),
            needs("PART", "METAL", 0.1, low=0.05, high=0.15),
            needs("SLAG", "PART", 0.2, low=0.1, high=0.3, essential="false"),
            needs("METAL", "SLAG", 0.3, kind="by_product", low=0.2, high=0.4),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A", is_anchor="true"), company("B"), company("C")],
        outputs=[
            {"company_id": "A", "product_id": "METAL", "output": 100, "evidence": "reported"},
            {"company_id": "B", "product_id": "PART", "output": 40, "evidence": "reported"},
            {"company_id": "C", "product_id": "PART", "output": "", "evidence": "reported"},
        ],
        links=[
            {
                "supplier_id": "X",
                "supplier_name": "外地矿业",
                "customer_id": "A",
                "product_id": "ORE",
                "quantity": 120,
            },
            {"supplier_id": "A", "customer_id": "B", "product_id": "", "quantity": 15},
            {
                "supplier_id": "X",
                "supplier_name": "外地矿业",
                "customer_id": "A",
                "product_id": "PART",
                "quantity": 4,
            },
        ],
    )
    return cg.build(cg.load(data), cg.chains(chain))


def test_every_figure_matches_the_paper(paper: Cluster) -> None:
    """
    Check the whole balance of the hand-made cluster.

    On paper. Outputs: x_METAL = 100, x_PART = 40 (and C makes parts, nobody knows how many).

    Direct demand D = A x:
        ORE   1.5 x 100 = 150      (1.4 x 100 = 140 to 1.6 x 100 = 160)
        METAL 0.5 x  40 =  20      (16 to 24)
        PART  0.1 x 100 =  10      (5 to 15)
        SLAG  0.2 x  40 =   8      (4 to 12)

    Total demand z = A (I - A)^-1 x. The cycle METAL -> PART -> METAL multiplies to
    0.5 x 0.1 = 0.05, so everything is divided by 0.95:
        gross METAL = (100 + 0.5 x 40) / 0.95 = 126.3158
        gross PART  = ( 40 + 0.1 x 100) / 0.95 = 52.6316
        ORE 1.5 x 126.3158 = 189.4737, METAL 0.5 x 52.6316 = 26.3158,
        PART 0.1 x 126.3158 = 12.6316, SLAG 0.2 x 52.6316 = 10.5263

    Supply: METAL 100, PART 40, SLAG falls with the metal: 0.3 x 100 = 30, ORE nobody: 0.
    Shortage: ORE 150 (140 to 160), else 0. Surplus: METAL 80, PART 30, SLAG 22.
    Links: A's sale without a product is metal, A's only product: 15 of METAL bought here;
    ORE 120 and PART 4 bought outside.
    Latent match min(S, D) - L: METAL 20 - 15 = 5, PART 10 - 0 = 10, SLAG 8 - 0 = 8.
    Value: 150 x 100 yuan.
    """
    table = cg.balance(paper).set_index("product_id")
    order = ["ORE", "METAL", "PART", "SLAG"]
    expected = {
        "demand": [150, 20, 10, 8],
        "demand_low": [140, 16, 5, 4],
        "demand_high": [160, 24, 15, 12],
        "total_demand": [189.473684, 26.315789, 12.631579, 10.526316],
        "supply": [0, 100, 40, 30],
        "shortage": [150, 0, 0, 0],
        "shortage_low": [140, 0, 0, 0],
        "shortage_high": [160, 0, 0, 0],
        "surplus": [0, 80, 30, 22],
        "self_sufficiency": [0, 1, 1, 1],
        "local_purchases": [0, 15, 0, np.nan],
        "outside_purchases": [120, 0, 4, np.nan],
        "latent_match": [np.nan, 5, 10, 8],
        "value": [15000, 0, 0, np.nan],
    }
    for column, figures in expected.items():
        np.testing.assert_allclose(table.loc[order, column], figures, rtol=1e-6, err_msg=column)
    words = {
        "state": ["broken", "strong", "strong", "strong"],
        "use_state": [None, "partial", "final", "partial"],
        "presence": ["no_record", "sized", "sized", "sized"],
        "absence": ["no_record", None, None, None],
        "single_source": [True, True, False, True],
        "implied": [False] * 4,
        "users": [["A"], ["B", "C"], ["A"], ["B", "C"]],
        "producers": [[], ["A"], ["B", "C"], ["A"]],
        "unsized_users": [[], ["C"], [], ["C"]],
        "unsized_producers": [[], [], ["C"], []],
        "implied_by": [[], [], [], []],
        "evidence": ["expert"] * 4,
    }
    for column, values in words.items():
        assert table.loc[order, column].tolist() == values, column


def test_gaps_of_the_paper_cluster(paper: Cluster) -> None:
    """Ore is the upstream gap; metal and slag could feed more of nothing that is missing."""
    found = cg.gaps(paper)
    assert found["product_id"].tolist() == ["ORE"]
    assert found["direction"].tolist() == ["upstream"]


def test_trade_leads_name_who_can_introduce(paper: Cluster) -> None:
    """The outside supplier of ore is a lead at distance 1, introduced by its customer."""
    lead = cg.targets(paper, "en").set_index("product_id")["leads"]["ORE"][0]
    assert (lead["company_id"], lead["via"], lead["distance"]) == ("X", "A", 1)
    assert lead["name"] == "外地矿业"
    assert "already supplies" in lead["reason"]


def test_explanation_adds_up_to_the_balance(paper: Cluster) -> None:
    """The rows behind a figure sum to the figure."""
    ore = cg.explain(paper, "产品ORE")
    assert ore.demand["amount"].sum() == pytest.approx(ore.figures["demand"])
    slag = cg.explain(paper, "slag")
    assert slag.supply["amount"].sum() == pytest.approx(30)
    assert slag.supply["basis"].tolist() == ["by_product"]
    assert slag.supply["from"].tolist() == ["METAL"]


def test_balance_functions_refuse_other_indexes() -> None:
    """Series of different products are never subtracted."""
    one, other = pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"])
    for function in (shortage, surplus, self_sufficiency):
        with pytest.raises(UnitError, match="same products"):
            function(one, other)


def test_states_follow_their_rules(tmp_path: Path) -> None:
    """Each supply state and use state appears where its rule says."""
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("MADE", stage="final"),
            product("WEAK"),
            product("BROKEN"),
            product("OPTION"),
            product("OUTER", outer_boundary="true"),
            product("PLANNED"),
            product("FAR"),
            product("FAR2"),
            product("USER", stage="final"),
            product("TWICE"),
            product("SHORT"),
        ],
        inputs=[
            needs("WEAK", "MADE", 2),
            needs("BROKEN", "MADE", 1),
            needs("OPTION", "MADE", 1, essential="false"),
            needs("OUTER", "MADE", 1),
            needs("PLANNED", "MADE", 1),
            needs("FAR", "FAR2", 1),
            needs("SHORT", "USER", 1),
            needs("TWICE", "MADE", 1),
        ],
    )
    companies = [
        company("A"),
        company("B"),
        company("P", status="signed"),
        company("T", status="trial"),
        company("Z", status="closed"),
        company("O", region_code="110000"),
        company("U", region_code=""),
    ]
    outputs = [
        {"company_id": "A", "product_id": "MADE", "output": 10},
        {"company_id": "A", "product_id": "WEAK", "output": 5},
        {"company_id": "P", "product_id": "PLANNED", "capacity": 50},
        {"company_id": "T", "product_id": "PLANNED"},
        {"company_id": "Z", "product_id": "BROKEN", "output": 99},
        {"company_id": "O", "product_id": "BROKEN", "output": 99},
        {"company_id": "U", "product_id": "BROKEN", "output": 99},
        {"company_id": "A", "product_id": "SHORT"},
        {"company_id": "A", "product_id": "TWICE"},
        {"company_id": "B", "product_id": "TWICE"},
    ]
    data = write_folder(
        tmp_path / "data",
        companies=companies,
        outputs=outputs,
        absences=[{"product_id": "OPTION", "region_code": "2113"}],
    )
    table = cg.balance(cg.build(cg.load(data), cg.chains(chain))).set_index("product_id")
    assert table["state"].to_dict() == {
        "MADE": "strong",
        "WEAK": "weak",
        "BROKEN": "broken",
        "OPTION": "missing",
        "OUTER": "outer",
        "PLANNED": "planned",
        "FAR": "off_map",
        "FAR2": "off_map",
        "USER": "missing",
        "TWICE": "strong",
        "SHORT": "weak",
    }
    assert table["use_state"].dropna().to_dict() == {
        "MADE": "final",
        "WEAK": "absorbed",
        "TWICE": "absorbed",
        "SHORT": "short",
    }
    assert table.loc["OPTION", "absence"] == "confirmed"
    assert table.loc["BROKEN", "absence"] == "no_record"
    assert table.loc["BROKEN", "supply"] == 0
    assert table.loc["PLANNED", "planned_supply"] == 50
    assert table.loc["PLANNED", "planned_producers"] == ["P", "T"]
    assert table.loc["PLANNED", "supply"] == 0
    assert bool(table.loc["TWICE", "implied"])
    assert np.isnan(table.loc["SHORT", "supply"])


def test_capacity_stands_in_and_says_so(tmp_path: Path) -> None:
    """A blank output takes capacity times utilisation, as a derived figure."""
    chain = write_folder(
        tmp_path / "chain", products=[product("M"), product("N")], inputs=[needs("N", "M", 1)]
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[
            {
                "company_id": "A",
                "product_id": "M",
                "capacity": 2,
                "unit": "万吨",
                "utilisation": 0.8,
                "evidence": "reported",
            }
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    row = cg.balance(cluster).set_index("product_id").loc["M"]
    assert row["supply"] == pytest.approx(16000)
    assert row["evidence"] == "derived"
    assert cg.explain(cluster, "M").supply["basis"].tolist() == ["capacity"]
    assert cg.balance(cluster).set_index("product_id").loc["N", "demand"] == pytest.approx(16000)


def test_suppliers_without_outputs_are_sized_by_their_links(tmp_path: Path) -> None:
    """A company that only stands in the links supplies what it is reported to sell."""
    chain = write_folder(
        tmp_path / "chain", products=[product("M"), product("N")], inputs=[needs("N", "M", 2)]
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A"), company("S")],
        outputs=[{"company_id": "A", "product_id": "M", "output": 10}],
        links=[
            {"supplier_id": "S", "customer_id": "A", "product_id": "N", "quantity": 7},
            {
                "supplier_id": "S",
                "customer_id": "OUT",
                "customer_name": "外地",
                "product_id": "N",
                "quantity": 3,
            },
        ],
    )
    row = cg.balance(cg.build(cg.load(data), cg.chains(chain))).set_index("product_id").loc["N"]
    assert row["supply"] == 10
    assert row["shortage"] == 10
    assert row["local_purchases"] == 7
    assert row["outside_sales"] == 3


def test_total_reaches_behind_what_is_missing(tmp_path: Path) -> None:
    """
    Metal is missing here; its ore is needed by nobody yet, and by whoever makes the metal.

    40 t of parts take 20 t of metal, and those 30 t of ore. `--total` adds the ore.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE"), product("METAL"), product("PART"), product("PAINT")],
        inputs=[
            needs("ORE", "METAL", 1.5),
            needs("METAL", "PART", 0.5),
            {"input_id": "PAINT", "output_id": "PART", "kind": "material", "essential": "true"},
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A", alias="部件厂")],
        outputs=[{"company_id": "A", "product_id": "PART", "output": 40}],
    )
    tables, reference = cg.load(data), cg.chains(chain)
    cluster = cg.build(tables, reference)
    direct = cg.gaps(cluster, "upstream").set_index("product_id")
    assert list(direct.index) == ["METAL", "PAINT"]
    total = cg.gaps(cluster, "upstream", total=True).set_index("product_id")
    assert list(total.index) == ["METAL", "ORE", "PAINT"]
    assert total.loc["ORE", ["demand", "total_demand", "total_shortage"]].tolist() == [0, 30, 30]
    assert total.loc["ORE", "users"] == []
    # Nobody knows how much paint a part takes: unknown is not zero, along the chain either.
    assert np.isnan(total.loc["PAINT", "total_demand"])
    anchored = cg.build(tables, reference, anchor="部件厂")
    assert list(cg.gaps(anchored, "upstream", total=True)["product_id"]) == list(total.index)


def test_supply_that_meets_demand_is_no_gap(tmp_path: Path) -> None:
    """
    Ten times a tenth of an output is that output, whatever binary fractions make of it.

    0.1 x 3 = 0.30000000000000004, and 0.3 t are made: nothing is short, nothing left over.
    """
    folder = write_folder(
        tmp_path / "chain",
        products=[product("N"), product("M")],
        inputs=[needs("N", "M", 0.1)],
    )
    outputs = [
        {"company_id": "A", "product_id": "M", "output": 3, "unit": "t"},
        {"company_id": "B", "product_id": "N", "output": 0.3, "unit": "t"},
    ]
    data = write_folder(tmp_path / "data", companies=[company("A"), company("B")], outputs=outputs)
    assert 0.1 * 3 > 0.3
    row = cg.balance(cg.build(cg.load(data), cg.chains(folder))).set_index("product_id").loc["N"]
    assert row["shortage"] == 0
    assert row["surplus"] == 0
    assert row["state"] == "strong"


def test_ends_contain_the_figure_where_a_by_product_replaces_making(tmp_path: Path) -> None:
    """The more gas falls the less is made: the low end takes the high end of what falls."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("STEEL"), product("GAS", stage="by_product"), product("COAL")],
        inputs=[
            needs("GAS", "STEEL", 1.0, low=0.9, high=1.1),
            needs("STEEL", "GAS", 0.5, kind="by_product", low=0.2, high=0.8),
            needs("COAL", "GAS", 1.0, low=1.0, high=1.0),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A"), company("B")],
        outputs=[
            {"company_id": "A", "product_id": "STEEL", "output": 100, "evidence": "reported"},
            {"company_id": "B", "product_id": "GAS", "output": "", "evidence": "reported"},
        ],
    )
    table = cg.balance(cg.build(cg.load(data), cg.chains(chain)))
    coal = table.set_index("product_id").loc["COAL"]
    ends = coal[["demand_low", "demand", "demand_high"]].tolist()
    # 90 - 80, 100 - 50, 110 - 20
    assert ends == pytest.approx([10, 50, 90])
