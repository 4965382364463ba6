"""A synthetic cluster for the tests of the views: no figure in it describes a real place."""
# ruff: noqa: E501  a row of a table stays on one line

import networkx as nx
import pandas as pd

from cluster_graph.gaps.anchor import AROUND, PURCHASES, SALES, AnchorView
from cluster_graph.gaps.content import COLUMNS as CONTENT
from cluster_graph.gaps.likely import LEVERS, Likely
from cluster_graph.gaps.main_flows import FLOW_COLUMNS, MainFlows
from cluster_graph.gaps.trade import (
    CONCENTRATION,
    CONTRADICTIONS,
    COVERAGE,
    PAIRS,
    SINGLE_SOURCE,
    TradeFindings,
)
from cluster_graph.targets.funnel import STEPS
from cluster_graph.targets.sites import Occupancy
from cluster_graph.targets.weights import read_weights
from cluster_graph.text import LANGS, Lang
from cluster_graph.views.findings import Findings

ATTACK = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://x")'
LONG = "很长的企业名称" * 43
QUOTES = "\"双\" & 'single' <b>粗</b> {{ 7*7 }} `tick` \\u003c"
EMOJI = "🏭 工厂 👩\u200d🔧"
RTL = "شركة الصلب"

# product: Chinese name, English name, chain, stage, sector, unit, gate, price, state, use state
_PRODUCTS: dict[str, tuple[str, str, str, str, str, str, str, float | None, str, str | None]] = {
    "P_ORE": ("示例矿石", "Sample ore", "steel", "raw_material", "0810", "t", "resource_bound", 300.0, "strong", "unknown"),
    "P_CONC": ("示例精矿", "Sample concentrate", "steel", "raw_material", "0810", "t", "resource_bound", 800.0, "weak", "absorbed"),
    "P_COAL": ("示例精煤", "Sample coking coal", "steel", "raw_material", "0610", "t", "resource_bound", 1500.0, "broken", None),
    "P_COKE": ("示例焦炭", "Sample coke", "steel", "intermediate", "2521", "t", "policy_restricted", 2000.0, "strong", "absorbed"),
    "P_GAS": ("示例煤气", "Sample gas", "steel", "by_product", "4511", "m3", "by_product", 0.5, "strong", "partial"),
    "P_IRON": ("示例铁水", "Sample pig iron", "steel", "intermediate", "3110", "t", "policy_restricted", 3000.0, "strong", "absorbed"),
    "P_CRUDE": ("示例粗钢", "Sample crude steel", "steel", "intermediate", "3120", "t", "policy_restricted", 3500.0, "strong", "partial"),
    "P_REFRAC": ("示例耐火材料", "Sample refractories", "steel", "intermediate", "3089", "t", "open", 4000.0, "broken", None),
    "P_DESULF": (ATTACK, ATTACK, "steel", "intermediate", "2619", "t", "open", 6000.0, "broken", None),
    "P_ELECTRODE": ("示例石墨电极", "Sample electrode", "steel", "intermediate", "3091", "t", "policy_restricted", None, "missing", None),
    "P_BAR": ("示例棒材", "Sample bar", "steel", "intermediate", "3130", "t", "policy_restricted", 3800.0, "strong", "short"),
    "P_FASTENER": ("示例紧固件", "Sample fasteners", "steel", "component", "3482", "t", "open", 9000.0, "missing", None),
    "P_POWER": ("示例电力", "Sample electricity", "steel", "service", "4420", "kWh", "public_utility", 0.5, "outer", None),
    "P_LIME": ("示例石灰", "Sample lime", "new_materials", "intermediate", "3012", "t", "open", 500.0, "weak", "absorbed"),
    "P_QUARTZ": ("示例石英砂", "Sample quartz", "new_materials", "raw_material", "1019", "t", "resource_bound", 200.0, "off_map", None),
    "P_ROVING": ("示例玻纤", "Sample roving", "new_materials", "intermediate", "3061", "t", "policy_restricted", 4500.0, "strong", "short"),
    "P_SIZING": (FORMULA, FORMULA, "new_materials", "intermediate", "2669", "t", "open", 20000.0, "broken", None),
    "P_CCL": ("示例覆铜板", "Sample copper-clad laminate", "new_materials", "component", "3985", "m2", "open", 120.0, "missing", None),
    "P_PIPE": (RTL, RTL, "new_materials", "final", "3062", "t", "open", 12000.0, "missing", None),
    "P_BLADE": (EMOJI, EMOJI, "new_materials", "component", "3415", "set", "scale_gated", 1500000.0, "missing", None),
    "P_SPRING": ("示例板簧", "Sample leaf spring", "auto", "component", "3670", "t", "open", 7000.0, "broken", None),
    "P_CHASSIS": (QUOTES, QUOTES, "auto", "component", "3670", "set", "open", 60000.0, "weak", "unknown"),
    "P_TRUCK": ("示例货车", "Sample truck", "auto", "final", "3611", "vehicle", "open", 250000.0, "planned", None),
    "P_NEV": ("示例新能源车", "Sample electric car", "auto", "final", "3612", "vehicle", "scale_gated", 120000.0, "missing", None),
    "P_TYRE": ("示例轮胎", "", "auto", "component", "2911", "piece", "scale_gated", 1200.0, "off_map", None),
}  # fmt: skip

# input -> user: kind, low, typical, high, share of cost, essential
_INPUTS: list[tuple[str, str, str, float | None, float | None, float | None, float | None, bool]] = [
    ("P_ORE", "P_CONC", "material", 2.2, 2.7, 3.5, 0.6, True),
    ("P_CONC", "P_IRON", "material", 1.5, 1.6, 1.7, 0.55, True),
    ("P_COAL", "P_COKE", "material", 1.25, 1.37, 1.45, 0.85, True),
    ("P_COKE", "P_IRON", "material", 0.38, 0.45, 0.5, 0.3, True),
    ("P_COKE", "P_GAS", "by_product", 400.0, 430.0, 450.0, None, False),
    ("P_GAS", "P_LIME", "energy", 0.0, 200.0, 300.0, 0.1, False),
    ("P_LIME", "P_IRON", "material", 0.03, 0.04, 0.05, 0.01, True),
    ("P_IRON", "P_CRUDE", "material", 0.85, 0.95, 1.0, 0.7, True),
    ("P_REFRAC", "P_CRUDE", "material", 0.01, 0.014, 0.018, 0.015, True),
    ("P_DESULF", "P_CRUDE", "material", 0.005, 0.01, 0.015, 0.01, True),
    ("P_ELECTRODE", "P_CRUDE", "material", 0.0, 0.0003, 0.001, 0.005, False),
    ("P_CRUDE", "P_BAR", "material", 1.02, 1.05, 1.08, 0.85, True),
    ("P_POWER", "P_CRUDE", "energy", 30.0, 50.0, 80.0, 0.02, True),
    ("P_BAR", "P_FASTENER", "material", 1.05, 1.1, 1.2, 0.6, True),
    ("P_BAR", "P_SPRING", "material", 1.05, 1.1, 1.2, 0.6, True),
    ("P_QUARTZ", "P_ROVING", "material", 0.3, 0.35, 0.4, 0.05, True),
    ("P_SIZING", "P_ROVING", "material", 0.005, 0.01, 0.015, 0.06, True),
    ("P_ROVING", "P_CCL", "material", 0.0008, 0.001, 0.0012, 0.2, True),
    ("P_ROVING", "P_PIPE", "material", 0.3, 0.4, 0.5, 0.3, True),
    ("P_ROVING", "P_BLADE", "material", 12.0, 15.0, 18.0, 0.2, True),
    ("P_SPRING", "P_CHASSIS", "component", 0.1, 0.15, 0.2, 0.1, True),
    ("P_FASTENER", "P_CHASSIS", "component", None, None, None, 0.02, False),
    ("P_CHASSIS", "P_TRUCK", "component", 1.0, 1.0, 1.0, 0.4, True),
    ("P_TYRE", "P_TRUCK", "component", 6.0, 6.0, 10.0, 0.05, True),
    ("P_TRUCK", "P_BAR", "service", None, None, None, None, False),
]  # fmt: skip

# company: name, English name, status, region, place, anchor, chain, products
_COMPANIES: dict[str, tuple[str, str, str, str, str, bool, str, list[str]]] = {
    "C_ANCHOR": ("示例钢铁集团", "Sample Steel Group", "operating", "211382", "local", True, "steel", ["P_COKE", "P_IRON", "P_CRUDE", "P_BAR"]),
    "C_MINE": ("示例矿业", "Sample Mining", "operating", "211382", "local", False, "steel", ["P_ORE", "P_CONC"]),
    "C_GLASS": (ATTACK, ATTACK, "operating", "211382", "local", False, "new_materials", ["P_ROVING"]),
    "C_LIME": (LONG, LONG, "operating", "211382", "local", False, "new_materials", ["P_LIME"]),
    "C_TRUCK": (QUOTES, "", "trial", "211382", "local", False, "auto", ["P_TRUCK", "P_CHASSIS"]),
    "C_COAL": (FORMULA, FORMULA, "operating", "130200", "outside", False, "steel", ["P_COAL"]),
    "C_FAST": (EMOJI, EMOJI, "operating", "130400", "outside", False, "steel", ["P_FASTENER"]),
    "C_WHERE": (RTL, RTL, "operating", "", "unknown", False, "", []),
}  # fmt: skip

_FIGURES = (
    "demand", "demand_low", "demand_high", "total_demand", "supply", "planned_supply", "shortage",
    "shortage_low", "shortage_high", "surplus", "self_sufficiency", "local_purchases",
    "outside_purchases", "latent_match", "value",
)  # fmt: skip
_LISTS = (
    "users", "producers", "planned_producers", "unsized_users", "unsized_producers", "implied_by",
)  # fmt: skip
_KNOWN: dict[str, dict[str, object]] = {
    "P_CONC": {"demand": 7.354e6, "demand_low": 6.9e6, "demand_high": 7.8e6, "supply": 604000.0, "shortage": 6.75e6, "shortage_low": 6.296e6, "shortage_high": 7.196e6, "total_demand": 7.4e6, "self_sufficiency": 0.0821, "value": 5.4e9, "users": ["C_ANCHOR"], "producers": ["C_MINE"], "implied_by": ["P_CRUDE"], "outside_purchases": 6.5e6},
    "P_COAL": {"demand": 3.51e6, "demand_low": 3.2e6, "demand_high": 3.72e6, "shortage": 3.51e6, "shortage_low": 3.2e6, "shortage_high": 3.72e6, "supply": 0.0, "self_sufficiency": 0.0, "value": 5.265e9, "users": ["C_ANCHOR"], "implied_by": ["P_CRUDE"]},
    "P_COKE": {"demand": 2.56e6, "demand_low": 2.2e6, "demand_high": 2.8e6, "supply": 2.56e6, "planned_supply": 5e6, "shortage": 0.0, "surplus": 0.0, "self_sufficiency": 1.0, "users": ["C_ANCHOR"], "producers": ["C_ANCHOR"], "unsized_producers": ["C_ANCHOR"], "implied": True, "implied_by": ["P_CRUDE"]},
    "P_GAS": {"demand": 8.4e7, "supply": 1.1e9, "surplus": 1.016e9, "self_sufficiency": 1.0, "producers": ["C_ANCHOR"], "users": ["C_LIME"]},
    "P_CRUDE": {"demand": 0.0, "supply": 5.4e6, "surplus": 5.4e6, "producers": ["C_ANCHOR"]},
    "P_REFRAC": {"demand": 75600.0, "demand_low": 54000.0, "demand_high": 97200.0, "supply": 0.0, "shortage": 75600.0, "shortage_low": 54000.0, "shortage_high": 97200.0, "self_sufficiency": 0.0, "value": 3.024e8, "users": ["C_ANCHOR"]},
    "P_DESULF": {"demand": 54000.0, "demand_low": 27000.0, "demand_high": 81000.0, "supply": 0.0, "shortage": 54000.0, "shortage_low": 27000.0, "shortage_high": 81000.0, "self_sufficiency": 0.0, "value": 3.24e8, "users": ["C_ANCHOR"]},
    "P_ELECTRODE": {"demand": 1620.0, "shortage": 1620.0, "shortage_low": 0.0, "shortage_high": 5400.0, "users": ["C_ANCHOR"]},
    "P_LIME": {"demand": 205200.0, "shortage": 205200.0, "shortage_low": 154000.0, "shortage_high": 256500.0, "value": 1.026e8, "users": ["C_ANCHOR"], "producers": ["C_LIME"], "unsized_producers": ["C_LIME"], "latent_match": 205200.0},
    "P_ROVING": {"demand": 0.0, "supply": 210000.0, "surplus": 210000.0, "producers": ["C_GLASS"]},
    "P_SIZING": {"demand": 2100.0, "demand_low": 1050.0, "demand_high": 3150.0, "shortage": 2100.0, "shortage_low": 1050.0, "shortage_high": 3150.0, "value": 4.2e7, "users": ["C_GLASS"]},
    "P_SPRING": {"users": ["C_TRUCK"], "unsized_users": ["C_TRUCK"]},
    "P_CHASSIS": {"producers": ["C_TRUCK"], "unsized_producers": ["C_TRUCK"]},
    "P_TRUCK": {"planned_supply": 100000.0, "planned_producers": ["C_TRUCK"]},
}  # fmt: skip


def sample(lang: Lang = "zh") -> Findings:
    """Findings of a made-up cluster with 25 products, 8 companies and names that bite."""
    products: nx.DiGraph[str] = nx.DiGraph()
    for product_id, row in _PRODUCTS.items():
        name_zh, name_en, chain, stage, sector, unit, gate, price, _, _ = row
        products.add_node(
            product_id, name_zh=name_zh, name_en=name_en, chain=chain, stage=stage,
            sector_code=sector, unit=unit, recruit_gate=gate, standard_plant_fit=gate == "open",
            price=price, source="synthetic", evidence="expert",
        )  # fmt: skip
    for source, target, kind, low, typical, high, share, essential in _INPUTS:
        products.add_edge(
            source, target, kind=kind, low=low, typical=typical, high=high, value_share=share,
            essential=essential, evidence="expert", source="synthetic",
        )  # fmt: skip
    return Findings(
        region="211382",
        region_name="示例市" if lang == "zh" else "Sample City",
        chains=("steel", "auto", "new_materials"),
        anchor="C_ANCHOR",
        as_of="2024",
        products=products,
        companies=_companies(),
        balance=_balance(),
        gaps=_gaps(),
        total=False,
        targets=_targets(lang),
        reasons={
            each: dict(zip(rows["product_id"], rows["reasons"], strict=True))
            for each in LANGS
            for rows in [_targets(each)]
        },
        weights=read_weights(),
        occupancy=Occupancy(built=1e5, used=5e4, aimed=4e5, coming=2e4, goal=0.8),
        local_companies=_local(),
        flows=MainFlows(_flows(), 3),
        funnel=pd.DataFrame(
            [
                {
                    "group": "",
                    **{step: 5 - place for place, step in enumerate(STEPS)},
                    **{f"to_{step}": 0.8 for step in list(STEPS)[1:]},
                    "no_stage": 1,
                }
            ]
        ),
        arrival=None,
        projects=_projects(),
        prospects=_prospects(),
        facts=_facts(),
        wishes=pd.DataFrame(
            {
                "company_id": ["C_ANCHOR"],
                "kind": ["buy"],
                "product_id": ["P_LIME"],
                "content": [FORMULA],
                "contact": [ATTACK],
            }
        ),
        ledger=pd.DataFrame(
            {
                "table": ["companies", "outputs", "links"],
                "read": [10, 14, 5],
                "accepted": [8, 13, 4],
                "merged": [1, 0, 0],
                "rejected": [1, 1, 1],
            }
        ),
        likely=Likely(
            pd.DataFrame({"shortage_5": [60000.0], "shortage_95": [90000.0]}, index=["P_REFRAC"]),
            (1.0e10, 1.3e10),
            1_000,
        ),
        levers=_levers(),
        content=_content(),
        trade=_trade(),
        anchor_view=_anchor_view(),
        notes=(("view.fact", {"value": ATTACK, "unit": ""}),),
        sources=pd.DataFrame(
            {
                "source": ["synthetic", ATTACK],
                "evidence": ["expert", "reported"],
                "rows": [50, 1],
            }
        ),
        headline={
            "companies_local": 5,
            "companies_sized": 3,
            "products_made": 11,
            "products_sized": 5,
            "gaps_upstream": 9,
            "gaps_downstream": 5,
            "recruitable_gaps": 6,
            "targets": 4,
            "projects_planned": 2,
            "value_upstream": 1.14e10,
        },
    )


def _levers() -> pd.DataFrame:
    """One coefficient of each kind, and a price, with a source that bites."""
    rows = [
        ("input", "P_REFRAC", "P_CRUDE", 0.01, 0.014, 0.018, 0.9e10, 1.2e10, ["C_ANCHOR"]),
        ("by_product", "P_CRUDE", "P_GAS", 0.1, 0.12, 0.15, 1.0e10, 1.1e10, ["C_ANCHOR"]),
        ("price", "P_REFRAC", "", 2500.0, 4000.0, 8000.0, 1.0e10, 1.05e10, []),
    ]
    columns = [name for name in LEVERS if name not in ("swing", "evidence", "source")]
    return pd.DataFrame(rows, columns=columns).assign(swing=1.0, evidence="expert", source=ATTACK)[
        list(LEVERS)
    ]


def _content() -> pd.DataFrame:
    """Local content of a chain, an anchor and a product."""
    part = {"product_id": "P_REFRAC", "share": 0.2}
    rows = [
        ("product", "P_CRUDE", 3e9, 0.8, 0.6, 0.8, 0.3, 0.2, 0.3, [part], []),
        ("company", "C_ANCHOR", float("nan"), 0.8, 0.8, 0.8, 0.3, 0.3, 0.3, [part], ["P_LIME"]),
        ("chain", "steel", 4e9, 0.7, 0.6, 0.8, 0.2, 0.1, 0.3, [part], []),
    ]
    return pd.DataFrame(rows, columns=list(CONTENT))


def _trade() -> TradeFindings:
    """A row in every table of what the links say."""
    return TradeFindings(
        pairs=pd.DataFrame(
            [("P_LIME", "C_LIME", "C_ANCHOR", 5.0, 5.0, 9.0, ["C_GLASS"], "grade")],
            columns=list(PAIRS),
        ),
        concentration=pd.DataFrame(
            [("P_LIME", 2, 0.625, "C_LIME", 0.75, "quantity")], columns=list(CONCENTRATION)
        ),
        single_source=pd.DataFrame(
            [("C_ANCHOR", "P_LIME", "C_LIME", "local", True)], columns=list(SINGLE_SOURCE)
        ),
        coverage=pd.DataFrame([("P_LIME", "reported", 40.0, 60.0, 2 / 3)], columns=list(COVERAGE)),
        contradictions=pd.DataFrame(
            [("C_ANCHOR", "P_LIME", "buys", 600.0, 160.0, 3.75, ["P_CRUDE"])],
            columns=list(CONTRADICTIONS),
        ),
    )


def _anchor_view() -> AnchorView:
    """What the anchor buys and sells, and one firm on either side."""
    return AnchorView(
        purchases=pd.DataFrame(
            [
                (
                    "P_LIME",
                    10.0,
                    9.0,
                    11.0,
                    False,
                    0.0,
                    True,
                    ["P_CRUDE"],
                    3.0,
                    4.0,
                    ["C_LIME"],
                    ["C_GLASS"],
                    ["C_LIME"],
                    False,
                )
            ],
            columns=list(PURCHASES),
        ),
        sales=pd.DataFrame(
            [("P_CRUDE", 100.0, 0.0, 60.0, ["C_TRUCK"], ["C_GLASS"], ["C_TRUCK"])],
            columns=list(SALES),
        ),
        around=pd.DataFrame(
            [
                ("up", 1, "C_GLASS", "outside", ["P_LIME"], "", "reported"),
                ("down", 2, "C_TRUCK", "local", ["P_CRUDE"], "C_GLASS", "inferred"),
            ],
            columns=list(AROUND),
        ),
        content=_content().iloc[:1],
    )


def _companies() -> "nx.MultiDiGraph[str]":
    """Companies and their links."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for company_id, row in _COMPANIES.items():
        name, name_en, status, region, place, anchor, chain, makes = row
        graph.add_node(
            company_id, name=name, name_en=name_en, status=status, region_code=region,
            place=place, is_anchor=anchor, chain=chain, makes=makes,
        )  # fmt: skip
    for supplier, customer, product_id, amount, evidence in (
        ("C_MINE", "C_ANCHOR", "P_CONC", 604000.0, "reported"),
        ("C_COAL", "C_ANCHOR", "P_COAL", None, "reported"),
        ("C_LIME", "C_ANCHOR", "P_LIME", None, "inferred"),
        ("C_ANCHOR", "C_TRUCK", "P_BAR", float("nan"), "inferred"),
        ("C_FAST", "C_TRUCK", None, None, "reported"),
        ("C_FAST", "C_TRUCK", "P_FASTENER", 12.0, "reported"),
    ):
        graph.add_edge(
            supplier, customer, product_id=product_id, quantity=amount, unit="t", value=None,
            evidence=evidence, source="synthetic",
        )  # fmt: skip
    return graph


def _balance() -> pd.DataFrame:
    """One row for each product."""
    rows = []
    for product_id, row in _PRODUCTS.items():
        name_zh, name_en, chain, stage, sector, unit, gate, _, state, use_state = row
        figures = _KNOWN.get(product_id, {})
        made = bool(figures.get("producers"))
        rows.append(
            {
                "product_id": product_id,
                "name_zh": name_zh,
                "name_en": name_en,
                "chain": chain,
                "stage": stage,
                "sector_code": sector,
                "unit": unit,
                "recruit_gate": gate,
                "standard_plant_fit": gate == "open",
                "state": state,
                "use_state": use_state,
                "presence": "unsized"
                if figures.get("unsized_producers")
                else ("sized" if made else ("planned" if state == "planned" else "no_record")),
                "absence": None
                if made
                else ("confirmed" if product_id == "P_COAL" else "no_record"),
                "implied": figures.get("implied", False),
                "single_source": product_id == "P_CONC",
                **{name: figures.get(name, float("nan")) for name in _FIGURES},
                **{name: figures.get(name, []) for name in _LISTS},
                "evidence": "derived" if figures else "expert",
            }
        )
    return pd.DataFrame(rows)


def _gaps() -> pd.DataFrame:
    """Upstream gaps from the balance, and a few downstream ones."""
    balance = _balance()
    upstream = balance[
        balance["state"].isin(["weak", "broken", "missing"]) & balance["users"].map(bool)
    ]
    upstream = upstream.assign(direction="upstream").sort_values("value", ascending=False)
    downstream = balance[balance["product_id"].isin(["P_CCL", "P_PIPE", "P_BLADE", "P_FASTENER"])]
    downstream = downstream.assign(
        direction="downstream",
        fed_by=[["P_BAR"], ["P_ROVING"], ["P_ROVING"], ["P_ROVING"]],
        headroom=[float("nan"), 2.1e8, 525000.0, 14000.0],
        headroom_high=[2e6, float("nan"), 700000.0, float("nan")],
        binding_input=[None, "P_ROVING", "P_ROVING", "P_ROVING"],
        value_step=[4820.0, 96.0, 9000.0, float("nan")],
        value_multiplier=[2.15, 26.7, 6.67, 22.2],
        readiness=[1.0, 0.2, 0.3, float("nan")],
        missing_inputs=[[], ["P_QUARTZ"], ["P_SIZING", "P_QUARTZ"], []],
        depth=[2, 1, 0, 1],
    )
    both = pd.concat([upstream, downstream], ignore_index=True)
    for name in ("fed_by", "missing_inputs"):
        both[name] = both[name].map(lambda cell: cell if isinstance(cell, list) else [])
    return both


def _targets(lang: Lang) -> pd.DataFrame:
    """Targets with leads and reasons."""
    reason = "本地每年需要 7.56 万吨。" if lang == "zh" else "Local users need 75.6 kt a year."
    rows: list[dict[str, object]] = []
    for rank, (product_id, direction, score) in enumerate(
        [("P_REFRAC", "upstream", 0.82), ("P_DESULF", "upstream", 0.74), ("P_PIPE", "downstream", 0.61), ("P_BLADE", "downstream", 0.4), ("P_COAL", "upstream", 0.35)],
        start=1,
    ):  # fmt: skip
        name_zh, name_en, chain, _, sector, _, gate, _, _, _ = _PRODUCTS[product_id]
        rows.append(
            {
                "product_id": product_id,
                "name_zh": name_zh,
                "name_en": name_en,
                "chain": chain,
                "sector_code": sector,
                "direction": direction,
                "score": score,
                "coverage": 0.8 if rank > 1 else 1.0,
                "components": {
                    "need": 0.9,
                    "leverage": 0.7,
                    "readiness": None if rank > 1 else 0.5,
                    "scale": 0.8,
                    "fit": 1.0,
                    "momentum": float("nan"),
                },
                "rank": rank,
                "gate": gate,
                "listed": "recruit" if gate == "open" else "apart",
                "scale": 2.52 if rank == 1 else None,
                "scale_radius": "211382" if rank == 1 else None,
                "missing_inputs": ["P_SIZING"] if product_id == "P_PIPE" else [],
                "leads": [
                    {
                        "prospect_id": "X1",
                        "name": ATTACK,
                        "region_code": "130200",
                        "via": "C_ANCHOR",
                        "distance": 1,
                        "reason": reason,
                    },
                    {
                        "company_id": "C_FAST",
                        "name": FORMULA,
                        "region_code": None,
                        "via": None,
                        "distance": 2,
                        "reason": reason,
                    },
                ]
                if rank <= 2
                else [],
                "reasons": [reason, ATTACK],
            }
        )
    return pd.DataFrame(rows)


def _flows() -> pd.DataFrame:
    """A few flows, two of them with names that are no text."""
    return pd.DataFrame(
        [
            ("P_COAL", "P_COKE", "outside", 3.5e6, "t", 5e9),
            ("P_COKE", "P_IRON", "local", 2e6, "t", 4e9),
            ("P_SIZING", "P_ROVING", "outside", 2500.0, "t", 6e7),
            ("P_DESULF", "P_CRUDE", "outside", 6e4, "t", 4e8),
            ("P_IRON", "P_CRUDE", "local", 5e6, "t", 1.2e10),
            ("P_ROVING", "", "left", 2e5, "t", 7e8),
        ],
        columns=list(FLOW_COLUMNS),
    )


def _local() -> pd.DataFrame:
    """The local companies as the table has them."""
    return pd.DataFrame(
        [
            {
                "company_id": company_id,
                "name": row[0],
                "name_en": row[1],
                "alias": "",
                "uscc": None,
                "region_code": row[3],
                "sector_code": "3120",
                "chain": row[6],
                "status": row[2],
                "is_anchor": row[5],
                "employees": 1200 if row[5] else None,
                "revenue": 1500000.0 if row[5] else float("nan"),
                "tax": None,
                "makes": row[7],
                "source": "synthetic",
                "evidence": "reported",
                "as_of": "2024",
                "note": FORMULA,
            }
            for company_id, row in _COMPANIES.items()
            if row[4] == "local"
        ]
    )


def _projects() -> pd.DataFrame:
    """Recruited investments."""
    return pd.DataFrame(
        {
            "project_id": ["R1", "R2", "R3"],
            "name": ["示例焦化项目", ATTACK, "示例酒店"],
            "name_en": ["Sample coking project", ATTACK, "Sample hotel"],
            "product_id": ["P_COKE", "P_TRUCK", None],
            "capacity": [5e6, 100000.0, float("nan")],
            "unit": ["t", "vehicle", None],
            "investment": [300000.0, 200000.0, float("nan")],
            "stage": ["signed", "trial", None],
            "region_code": ["211382"] * 3,
            "township": [None, "示例镇", None],
            "date": [None, "2024-03", None],
            "investor": ["示例投资方", QUOTES, None],
            "source": ["synthetic"] * 3,
            "evidence": ["planned"] * 3,
        }
    )


def _prospects() -> pd.DataFrame:
    """Outside companies worth a visit."""
    return pd.DataFrame(
        {
            "prospect_id": ["X1", "X2"],
            "name": [ATTACK, "示例招商对象"],
            "name_en": [ATTACK, "Sample prospect"],
            "product_id": ["P_REFRAC;P_DESULF", "P_PIPE"],
            "region_code": ["130200", "110000"],
            "revenue": [float("nan"), 120000.0],
            "high_tech": [None, True],
            "listed_code": [None, "600000"],
            "red_flags": ["", "需核实"],
            "source": ["synthetic"] * 2,
            "evidence": ["reported"] * 2,
        }
    )


def _facts() -> pd.DataFrame:
    """Figures of a survey."""
    return pd.DataFrame(
        {
            "fact_id": ["F1", "F2"],
            "category": ["招商", "招商"],
            "name": ["走出去次数", ATTACK],
            "name_en": ["Visits", ATTACK],
            "value": ["168", "27"],
            "unit": ["次", "个"],
            "as_of": ["2024", "2024"],
            "quote": ["走出去168次", QUOTES],
            "source": ["synthetic"] * 2,
            "evidence": ["reported"] * 2,
        }
    )
