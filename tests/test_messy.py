"""
Lists as bureaus send them, accounted for figure by figure.

The files of `tests/data/messy` are synthetic; `messy_corpus.py` says what each one copies and
writes them. Products of the synthetic chain are called by the names that the lists use.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import messy_corpus
import pandas as pd
import pytest
from conftest import Run

import cluster_graph as cg
from cluster_graph._errors import ClusterGraphError, InputError
from cluster_graph.tables.match import match_products
from cluster_graph.tables.model import Tables
from cluster_graph.tables.problems import Count, rejects_frame
from cluster_graph.tables.take import Understood

MESSY = Path(__file__).parent / "data" / "messy"
NAN = math.nan

STEEL = "凌源示例钢铁有限公司"
FOUNDRY = "凌源样例铸造有限公司"
MINE = "朝阳虚构矿业有限公司"
ALLOY = "建平示例冶金有限公司"
GLASS = "建平示例玻纤有限公司"
COKING = "凌源虚构焦化有限公司"

PRODUCTS = pd.DataFrame(
    [
        *((name, "t") for name in ("钢坯", "铸件", "铁精矿", "焦炭", "鋼坯", "鑄件", "鐵精礦")),
        ("玻璃布", "m2"),
    ],
    columns=["product_id", "unit"],
)

Key = str | tuple[str, ...]
Cells = Mapping[Key, Mapping[str, object]]
# table, row, column, key of the text
Found = tuple[str, int, str, str]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a sheet must be taken for: heading -> column, or `column [unit]`; blank: ignored."""

    tables: tuple[str, ...] = ("companies", "outputs")
    row: int = 1
    encoding: str = ""
    delimiter: str = ""
    headings: Mapping[str, str]
    skipped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file or folder, and all that must come out of it."""

    path: str
    seen: Mapping[str, Seen]
    left: Mapping[str, str] = field(default_factory=dict)
    ledger: Mapping[str, tuple[int, int, int, int]]
    companies: Cells = field(default_factory=dict)
    outputs: Cells = field(default_factory=dict)
    projects: Cells = field(default_factory=dict)
    links: Cells = field(default_factory=dict)
    problems: tuple[Found, ...] = ()

    def __str__(self) -> str:
        """Name the case in the list of tests."""
        return self.path


# ---- the usual list, in every encoding, delimiter and format

USUAL = {
    "序号": "",
    "企业名称": "company_name",
    "区划代码": "region_code",
    "主要产品": "product_id",
    "设计产能(万吨)": "capacity [万吨]",
    "产值(万元)": "revenue [万元]",
    "从业人员": "employees",
}


def usual(
    path: str,
    rows: tuple[int, int, int] = (2, 3, 4),
    *,
    sheet: str = "",
    names: tuple[str, str, str] = (STEEL, FOUNDRY, MINE),
    products: tuple[str, str, str] = ("钢坯", "铸件", "铁精矿"),
    **seen: object,
) -> Case:
    """The three companies of `messy_corpus.LIST`, standing in these rows."""
    regions = ("211382", "211382", "211302")
    revenues, people = (350_000, 8_200, NAN), (1_200, 160, 95)
    tonnes = (1_200_000, 15_000, 300_000)
    companies = {
        name: {"row": row, "region_code": region, "revenue": revenue, "employees": count}
        for name, row, region, revenue, count in zip(
            names, rows, regions, revenues, people, strict=True
        )
    }
    outputs = {
        (name, product): {"row": row, "capacity": capacity, "unit": "t"}
        for name, product, row, capacity in zip(names, products, rows, tonnes, strict=True)
    }
    file = f"{path} › {sheet}" if sheet else path
    headings = {"headings": USUAL, **seen}
    return Case(
        path=path,
        seen={file: Seen(**headings)},  # type: ignore[arg-type]
        ledger={"companies": (3, 3, 0, 0), "outputs": (3, 3, 0, 0)},
        companies=companies,
        outputs=outputs,
    )


GB = {"encoding": "gb18030", "delimiter": ","}

ENCODINGS = [
    usual("01_utf8.csv", encoding="utf-8", delimiter=","),
    usual("02_utf8_bom.csv", encoding="utf-8-sig", delimiter=","),
    usual(
        "03_gb18030_four_bytes.csv",
        names=("凌源示例𬭎铸有限公司", "凌源样例㐂铸造有限公司", MINE),
        **GB,
    ),
    usual("04_gbk_tab.tsv", encoding="gb18030", delimiter="\t"),
    usual("05_gbk_semicolon.csv", encoding="gb18030", delimiter=";"),
    usual("06_gb18030_pipe.txt", encoding="gb18030", delimiter="|"),
    usual(
        "07_big5_traditional.csv",
        encoding="big5",
        delimiter=",",
        names=("凌源示例鋼鐵有限公司", "凌源樣例鑄造有限公司", "朝陽虛構礦業有限公司"),
        products=("鋼坯", "鑄件", "鐵精礦"),
        headings={
            "序號": "",
            "企業名稱": "company_name",
            "區劃代碼": "region_code",
            "主要產品": "product_id",
            "設計產能(萬噸)": "capacity [万吨]",
            "產值(萬元)": "revenue [万元]",
            "從業人員": "employees",
        },
    ),
    usual(
        "08_big5_english_headings.csv",
        encoding="big5",
        delimiter=",",
        names=("凌源示例鋼鐵有限公司", "凌源樣例鑄造有限公司", "朝陽虛構礦業有限公司"),
        products=("鋼坯", "鑄件", "鐵精礦"),
        headings={
            "Company": "company_name",
            "Region": "region_code",
            "Product": "product_id",
            "Capacity (kt)": "capacity [kt]",
            "Turnover (10,000 yuan)": "revenue [10,000 yuan]",
            "Headcount": "employees",
        },
    ),
    usual("09_utf16le_tab.txt", encoding="utf-16", delimiter="\t"),
    usual("10_utf16be_comma.csv", encoding="utf-16", delimiter=","),
]

FORMATS = [
    usual("31_xlsx_plain.xlsx", sheet="Sheet1"),
    usual("37_macro.xlsm", sheet="Sheet1"),
    usual(
        "38_xlsx_offset.xlsx",
        (4, 5, 6),
        sheet="Sheet1",
        row=3,
        headings={"column_1": "", "column_2": "", **USUAL},
    ),
    usual(
        "41_open_document.ods",
        (4, 5, 6),
        sheet="名录",
        row=3,
        skipped={"title": (1,), "total": (7,)},
    ),
    usual("44_xlsx_named_xls.xls", sheet="Sheet1"),
    usual("15_repeated_headings.csv", (2, 4, 5), skipped={"heading": (3, 6)}, **GB),
    usual(
        "16_title_blank_total_notes.csv",
        (5, 7, 10),
        row=4,
        skipped={"title": (1, 2, 3), "total": (8, 11), "remark": (12, 13)},
        **GB,
    ),
    usual(
        "32_xlsx_title_units_total_note.xlsx",
        (5, 6, 8),
        sheet="规上企业",
        row=4,
        headings={
            **{text: column for text, column in USUAL.items() if "(" not in text},
            "设计产能\n(万吨)": "capacity [万吨]",
            "产  值": "revenue [万元]",
            "从业人员": "employees [人]",
        },
        skipped={"title": (1, 2), "total": (9,), "remark": (10,)},
    ),
]

# ---- cells and rows that need care

CARE = [
    Case(
        path="17_units_in_cells.csv",
        seen={
            "17_units_in_cells.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "产品": "product_id",
                    "产能": "capacity",
                    "产量": "output",
                    "年产值": "revenue",
                    "用工人数": "employees",
                },
                **GB,
            )
        },
        ledger={"companies": (4, 4, 0, 0), "outputs": (4, 3, 0, 1)},
        companies={
            STEEL: {"region_code": "211382", "revenue": 350_000, "employees": 1_200},
            FOUNDRY: {"region_code": "211382", "revenue": 8_200, "employees": 160},
            MINE: {"region_code": "211302", "revenue": 1_200, "employees": 95},
            GLASS: {"region_code": "211322", "revenue": NAN, "employees": 40},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000, "output": 1_050_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000, "output": 12_000},
            (MINE, "铁精矿"): {"capacity": 300_000, "output": 280_000},
        },
        problems=(
            ("companies", 5, "revenue", "not_a_number"),
            ("outputs", 5, "output", "not_a_number"),
        ),
    ),
    Case(
        path="18_blank_words.csv",
        seen={
            "18_blank_words.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "统一社会信用代码": "uscc",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "营业收入(万元)": "revenue [万元]",
                    "税收(万元)": "tax [万元]",
                    "状态": "status",
                },
                **GB,
            )
        },
        ledger={"companies": (4, 4, 0, 0), "outputs": (4, 3, 0, 1)},
        companies={
            STEEL: {"uscc": "", "revenue": NAN, "tax": NAN, "status": "operating"},
            FOUNDRY: {"uscc": "", "region_code": "", "revenue": NAN, "status": "idle"},
            MINE: {"uscc": "", "revenue": 0, "tax": 0, "status": "construction"},
            ALLOY: {"uscc": "", "revenue": 1_000, "tax": NAN, "status": ""},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": NAN},
            (FOUNDRY, "铸件"): {"capacity": NAN},
            (MINE, "铁精矿"): {"capacity": 0},
        },
        # A capacity of nothing in particular: the company counts, its product does not.
        problems=(("outputs", 5, "product_id", "blank_required"),),
    ),
    Case(
        path="19_formula_texts.csv",
        seen={
            "19_formula_texts.csv": Seen(
                encoding="utf-8",
                delimiter=",",
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "备注": "note",
                },
            )
        },
        ledger={"companies": (5, 5, 0, 0), "outputs": (5, 5, 0, 0)},
        companies={
            "=示例一厂": {"note": "=1+1"},
            "+示例二厂": {"note": '=HYPERLINK("http://example.invalid","x")'},
            "-示例三厂": {"note": "-2+3"},
            "@示例四厂": {"note": "@SUM(A1:A9)"},
            "=cmd|' /C calc'!A0": {"note": "=2"},
        },
        outputs={
            ("=示例一厂", "钢坯"): {"capacity": 100},
            ("+示例二厂", "铸件"): {"capacity": 200},
            ("-示例三厂", "铁精矿"): {"capacity": 300},
            ("@示例四厂", "焦炭"): {"capacity": 400},
            ("=cmd|' /C calc'!A0", "焦炭"): {"capacity": 500},
        },
    ),
    # The firms are the same by name and place: row 3 repeats row 2 but for its serial number,
    # row 5 says another revenue than row 4 (a conflict to show, and no firm of its own).
    Case(
        path="22_duplicates.csv",
        seen={"22_duplicates.csv": Seen(headings=USUAL, **GB)},
        ledger={"companies": (5, 3, 2, 0), "outputs": (5, 3, 2, 0)},
        companies={
            STEEL: {"row": 2, "revenue": 350_000},
            FOUNDRY: {"row": 4, "revenue": 8_200},
            MINE: {"row": 6, "revenue": NAN},
        },
        outputs={
            (STEEL, "钢坯"): {"row": 2, "capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"row": 4, "capacity": 15_000},
            (MINE, "铁精矿"): {"row": 6, "capacity": 300_000},
        },
    ),
    Case(
        path="24_yuan_in_unit_row.csv",
        seen={
            "24_yuan_in_unit_row.csv": Seen(
                row=3,
                headings={
                    "序号": "",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "营业收入": "revenue [元]",
                },
                skipped={"title": (1, 2)},
                **GB,
            )
        },
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={STEEL: {"revenue": 350_000}, FOUNDRY: {"revenue": 8_200}},
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
    ),
    Case(
        path="25_units_row_below.csv",
        seen={
            "25_units_row_below.csv": Seen(
                headings={
                    "序号": "",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能": "capacity [万吨]",
                    "产值": "revenue [亿元]",
                    "从业人员": "employees [人]",
                },
                skipped={"unit": (2,)},
                **GB,
            )
        },
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={
            STEEL: {"revenue": 350_000, "employees": 1_200},
            FOUNDRY: {"revenue": 8_200, "employees": 160},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
    ),
    Case(
        path="26_place_names.csv",
        seen={
            "26_place_names.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "所在地": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                },
                **GB,
            )
        },
        ledger={"companies": (4, 4, 0, 0), "outputs": (4, 4, 0, 0)},
        companies={
            STEEL: {"region_code": "211382"},
            ALLOY: {"region_code": "211322"},
            MINE: {"region_code": "211302"},
            "某地样例焦化有限公司": {"region_code": ""},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 100},
            (ALLOY, "钢坯"): {"capacity": 200},
            (MINE, "铁精矿"): {"capacity": 300},
            ("某地样例焦化有限公司", "焦炭"): {"capacity": 400},
        },
        problems=(("companies", 5, "region_code", "unknown_region"),),
    ),
    # Below the table: a total with its count, a note of two lines, who filled the form in.
    Case(
        path="27_signatures.csv",
        seen={
            "27_signatures.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "产值(万元)": "revenue [万元]",
                },
                skipped={"total": (4,), "remark": (5, 6, 7)},
                **GB,
            )
        },
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={STEEL: {"revenue": 10}, FOUNDRY: {"revenue": 20}},
        outputs={(STEEL, "钢坯"): {"capacity": 100}, (FOUNDRY, "铸件"): {"capacity": 200}},
    ),
    # A firm with two products says its own figures twice: that is no contradiction.
    Case(
        path="28_several_products.csv",
        seen={
            "28_several_products.csv": Seen(
                headings={
                    "序号": "",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "产值(万元)": "revenue [万元]",
                },
                skipped={"total": (5,)},
                **GB,
            )
        },
        ledger={"companies": (3, 2, 1, 0), "outputs": (3, 3, 0, 0)},
        companies={STEEL: {"revenue": 5_000}, FOUNDRY: {"revenue": 800}},
        outputs={
            (STEEL, "钢坯"): {"capacity": 100},
            (STEEL, "焦炭"): {"capacity": 200},
            (FOUNDRY, "铸件"): {"capacity": 300},
        },
    ),
    # 千元 is the unit of statistics bureaus; a unit that cannot be converted loses its cells,
    # never its meaning: 1,700 of 万美元 are not 1,700 of 万元.
    Case(
        path="52_other_units.csv",
        seen={
            "52_other_units.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(千吨)": "capacity [千吨]",
                    "营业收入(千元)": "revenue [千元]",
                    "税收(万美元)": "tax [万美元]",
                },
                **GB,
            )
        },
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={
            STEEL: {"revenue": 350_000, "tax": NAN},
            FOUNDRY: {"revenue": 8_200, "tax": NAN},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
        problems=(
            ("companies", 2, "tax", "unknown_unit"),
            ("companies", 3, "tax", "unknown_unit"),
        ),
    ),
]

# ---- several tables

TABLES = [
    # The buyer's column stands before the seller's.
    Case(
        path="29_folder_swapped",
        seen={
            "企业名录.csv": Seen(
                tables=("companies",),
                headings={
                    "企业编号": "company_id",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                },
                **GB,
            ),
            "购销台账.csv": Seen(
                tables=("links",),
                headings={
                    "开票日期": "",
                    "购方名称": "customer_name",
                    "销方名称": "supplier_name",
                    "货物名称": "product_id",
                    "数量": "quantity",
                    "单位": "unit",
                    "金额(元)": "value [元]",
                },
                skipped={"total": (7,)},
                **GB,
            ),
        },
        ledger={"companies": (3, 3, 0, 0), "links": (5, 3, 0, 2)},
        companies={
            "Q01": {"name": STEEL, "region_code": "211382"},
            "Q02": {"name": FOUNDRY, "region_code": "211382"},
            "Q03": {"name": MINE, "region_code": "211302"},
        },
        links={
            ("Q03", "Q01"): {"row": 2, "product_id": "铁精矿", "quantity": 12_000, "value": 960},
            ("Q01", "Q02"): {"row": 3, "product_id": "钢坯", "quantity": 800, "value": 280},
            ("Q02", "唐山样例机械有限公司"): {"row": 4, "quantity": 50, "value": 35},
        },
        problems=(
            ("links", 5, "supplier_id", "blank_required"),
            ("links", 6, "quantity", "not_a_number"),
        ),
    ),
    # Two bureaus list the same firms: one node each, with the figures of both.
    Case(
        path="30_two_bureaus",
        seen={
            "发改局_企业.csv": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能（万吨）": "capacity [万吨]",
                },
                **GB,
            ),
            "统计局_名录.txt": Seen(
                tables=("companies",),
                encoding="utf-16",
                delimiter="\t",
                headings={
                    "单位详细名称": "company_name",
                    "行政区划代码": "region_code",
                    "主营业务收入(亿元)": "revenue [亿元]",
                    "期末从业人员": "employees",
                },
            ),
        },
        left={"说明.txt": "unknown"},
        ledger={"companies": (5, 3, 2, 0), "outputs": (2, 2, 0, 0)},
        companies={
            STEEL: {"region_code": "211382", "revenue": 350_000, "employees": 1_200},
            FOUNDRY: {"region_code": "211382", "revenue": 8_200, "employees": 160},
            MINE: {"region_code": "211302", "revenue": NAN, "employees": 95},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
    ),
    Case(
        path="33_xlsx_merged_down.xlsx",
        seen={
            "33_xlsx_merged_down.xlsx › 产品表": Seen(
                row=2,
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(万吨)": "capacity [万吨]",
                    "产量(万吨)": "output [万吨]",
                },
                skipped={"title": (1,)},
            )
        },
        ledger={"companies": (4, 2, 2, 0), "outputs": (4, 4, 0, 0)},
        companies={
            STEEL: {"row": 3, "region_code": "211382"},
            FOUNDRY: {"row": 6, "region_code": "211382"},
        },
        outputs={
            (STEEL, "钢坯"): {"row": 3, "capacity": 1_200_000, "output": 1_050_000},
            (STEEL, "焦炭"): {"row": 4, "capacity": 600_000, "output": 500_000},
            (STEEL, "铁精矿"): {"row": 5, "capacity": 300_000, "output": NAN},
            (FOUNDRY, "铸件"): {"row": 6, "capacity": 15_000, "output": 12_000},
        },
    ),
    Case(
        path="34_xlsx_several_sheets.xlsx",
        seen={
            "34_xlsx_several_sheets.xlsx › 企业": Seen(
                tables=("companies",),
                headings={
                    "企业编号": "company_id",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "营业收入(亿元)": "revenue [亿元]",
                    "税收(万元)": "tax [万元]",
                    "状态": "status",
                    "是否链主": "is_anchor",
                },
            ),
            "34_xlsx_several_sheets.xlsx › 产品": Seen(
                tables=("outputs",),
                headings={
                    "企业名称": "company_name",
                    "产品名称": "product_id",
                    "产量": "output",
                    "产能": "capacity",
                    "计量单位": "unit",
                    "年份": "year",
                },
            ),
            "34_xlsx_several_sheets.xlsx › 供应商": Seen(
                tables=("links",),
                headings={
                    "供应商名称": "supplier_name",
                    "客户名称": "customer_name",
                    "物料名称": "product_id",
                    "年采购量(万吨)": "quantity [万吨]",
                    "采购额(万元)": "value [万元]",
                    "供应商所在地": "supplier_region",
                },
            ),
            "34_xlsx_several_sheets.xlsx › 项目": Seen(
                tables=("projects",),
                headings={
                    "项目名称": "project_name",
                    "主要产品": "product_id",
                    "建设规模": "capacity",
                    "计划总投资（亿元）": "investment [亿元]",
                    "项目进展": "stage",
                    "占地面积(亩)": "land_m2 [亩]",
                    "厂房面积(㎡)": "workshop_m2 [m2]",
                    "开工时间": "date",
                    "行政区划代码": "region_code",
                },
            ),
        },
        left={
            "34_xlsx_several_sheets.xlsx › 填表说明": "unknown",
            "34_xlsx_several_sheets.xlsx › 旧数据": "hidden",
            "34_xlsx_several_sheets.xlsx › 空表": "empty",
        },
        ledger={
            "companies": (3, 3, 0, 0),
            "outputs": (4, 3, 0, 1),
            "links": (2, 2, 0, 0),
            "projects": (3, 3, 0, 0),
        },
        companies={
            "Q01": {"revenue": 350_000, "tax": 12_000, "status": "operating", "is_anchor": True},
            "Q02": {"revenue": 8_200, "tax": 310, "status": "idle", "is_anchor": False},
            "Q03": {"revenue": NAN, "tax": NAN, "status": "construction", "is_anchor": None},
        },
        outputs={
            ("Q01", "钢坯"): {"output": 1_050_000, "capacity": 1_200_000, "year": "2023"},
            ("Q02", "铸件"): {"output": 12_000, "capacity": 15_000, "year": "2023"},
            ("Q03", "玻璃布"): {"output": NAN, "capacity": 500_000, "unit": "m2", "year": "2023"},
        },
        projects={
            "年产5万吨铸件示例项目": {
                "capacity": 50_000,
                "investment": 25_000,
                "stage": "construction",
                "land_m2": 30_000,
                "workshop_m2": 12_000,
                "date": "2023-06",
            },
            "玻璃布样例项目": {
                "capacity": 2_000_000,
                "investment": 8_000,
                "stage": "signed",
                "land_m2": 20_000,
                "workshop_m2": 8_000,
                "date": "2024-03-01",
            },
            "酒店样例项目": {
                "capacity": NAN,
                "investment": 10_000,
                "stage": "negotiating",
                "land_m2": NAN,
                "workshop_m2": NAN,
                "date": "2023-06-01",
            },
        },
        links={
            ("唐山样例矿业有限公司", "Q01"): {
                "product_id": "铁精矿",
                "quantity": 900_000,
                "value": 72_000,
                "supplier_region": "130200",
            },
            ("Q01", "Q02"): {"product_id": "钢坯", "quantity": 13_000, "value": 4_500},
        },
        problems=(("outputs", 5, "company_id", "unknown_company"),),
    ),
    Case(
        path="35_xlsx_dates.xlsx",
        seen={
            "35_xlsx_dates.xlsx › 企业": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "年份": "year",
                    "数据日期": "as_of",
                },
            )
        },
        ledger={"companies": (6, 6, 0, 0), "outputs": (6, 6, 0, 0)},
        companies={
            STEEL: {"as_of": "2023-06-01"},
            FOUNDRY: {"as_of": "2023-06-01"},
            MINE: {"as_of": "2023-06-01"},
            ALLOY: {"as_of": "2023-06-01"},
            GLASS: {"as_of": "2023-06"},
            COKING: {"as_of": "2023-06-01"},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 100, "year": "2023"},
            (FOUNDRY, "铸件"): {"capacity": 200, "year": "2023"},
            (MINE, "铁精矿"): {"capacity": 300, "year": "2023"},
            (ALLOY, "钢坯"): {"capacity": 400, "year": "2023"},
            (GLASS, "玻璃布"): {"capacity": NAN, "year": ""},
            (COKING, "焦炭"): {"capacity": 600, "year": ""},
        },
    ),
    # The figures that Excel kept count; the serial numbers are formulas too.
    Case(
        path="36_xlsx_formulas.xlsx",
        seen={"36_xlsx_formulas.xlsx › Sheet1": Seen(headings=USUAL)},
        ledger={"companies": (4, 4, 0, 0), "outputs": (4, 4, 0, 0)},
        companies={
            "=示例一厂": {"revenue": 350_000, "employees": 10},
            "+示例二厂": {"revenue": 8_200, "employees": 20},
            "@示例三厂": {"revenue": 358_200, "employees": 30},
            "-示例四厂": {"revenue": NAN, "employees": NAN},
        },
        outputs={
            ("=示例一厂", "钢坯"): {"capacity": 1_200_000},
            ("+示例二厂", "铸件"): {"capacity": 15_000},
            ("@示例三厂", "铁精矿"): {"capacity": 1_215_000},
            ("-示例四厂", "焦炭"): {"capacity": NAN},
        },
    ),
    # Two bureaus again, as two sheets of one workbook.
    Case(
        path="39_xlsx_two_bureaus.xlsx",
        seen={
            "39_xlsx_two_bureaus.xlsx › 工信局": Seen(headings=USUAL),
            "39_xlsx_two_bureaus.xlsx › 税务局": Seen(
                tables=("companies",),
                headings={
                    "纳税人名称": "company_name",
                    "纳税人识别号": "uscc",
                    "行政区划代码": "region_code",
                    "入库税收(元)": "tax [元]",
                },
            ),
        },
        ledger={"companies": (4, 3, 1, 0), "outputs": (2, 2, 0, 0)},
        companies={
            STEEL: {"revenue": 350_000, "tax": NAN, "employees": 1_200},
            FOUNDRY: {"revenue": 8_200, "tax": 310, "employees": 160},
            MINE: {"revenue": NAN, "tax": 0, "employees": NAN},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
    ),
    Case(
        path="40_old.xls",
        seen={
            "40_old.xls › 名录": Seen(
                row=2,
                headings={
                    "序号": "",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "主要产品": "product_id",
                    "产能(万吨)": "capacity [万吨]",
                    "产值(亿元)": "revenue [亿元]",
                    "更新日期": "as_of",
                },
                skipped={"title": (1,), "total": (5,)},
            )
        },
        left={"40_old.xls › 旧名录": "hidden"},
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={
            STEEL: {"region_code": "211382", "revenue": 350_000, "as_of": "2023-06-01"},
            FOUNDRY: {"region_code": "211382", "revenue": 8_200, "as_of": "2023-06-01"},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
        },
    ),
    Case(
        path="47_records.jsonl",
        seen={
            "47_records.jsonl": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "产品": "product_id",
                    "产能": "capacity",
                    "产值(万元)": "revenue [万元]",
                    "别名": "alias",
                },
            )
        },
        ledger={"companies": (3, 3, 0, 0), "outputs": (3, 3, 0, 0)},
        companies={
            STEEL: {"revenue": 350_000, "alias": ()},
            FOUNDRY: {"revenue": NAN, "alias": ("样例铸造", "样例铸造厂")},
            MINE: {"revenue": NAN, "alias": ()},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
            (MINE, "铁精矿"): {"capacity": NAN},
        },
    ),
    Case(
        path="49_platform.parquet",
        seen={
            "49_platform.parquet": Seen(
                headings={
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "产品": "product_id",
                    "产能(吨)": "capacity [吨]",
                    "数据日期": "as_of",
                    "从业人员": "employees",
                },
            )
        },
        ledger={"companies": (3, 3, 0, 0), "outputs": (3, 3, 0, 0)},
        companies={
            STEEL: {"as_of": "2023-06-01", "employees": 1_200},
            FOUNDRY: {"as_of": "", "employees": NAN},
            MINE: {"as_of": "2023-01-31", "employees": 95},
        },
        outputs={
            (STEEL, "钢坯"): {"capacity": 1_200_000},
            (FOUNDRY, "铸件"): {"capacity": 15_000},
            (MINE, "铁精矿"): {"capacity": NAN},
        },
    ),
]


def database(path: str) -> Case:
    """The two tables of `messy_corpus`, in a database file."""
    return Case(
        path=path,
        seen={
            f"{path} › qiye": Seen(
                tables=("companies",),
                headings={
                    "企业编号": "company_id",
                    "企业名称": "company_name",
                    "区划代码": "region_code",
                    "产值(万元)": "revenue [万元]",
                    "更新日期": "as_of",
                },
            ),
            f"{path} › chanpin": Seen(
                tables=("outputs",),
                headings={
                    "企业编号": "company_id",
                    "产品名称": "product_id",
                    "产能": "capacity",
                    "单位": "unit",
                    "年份": "year",
                },
            ),
        },
        ledger={"companies": (2, 2, 0, 0), "outputs": (2, 2, 0, 0)},
        companies={
            "Q01": {"name": STEEL, "revenue": 350_000, "as_of": "2023-06-01"},
            "Q02": {"name": FOUNDRY, "revenue": 8_200, "as_of": ""},
        },
        outputs={
            ("Q01", "钢坯"): {"capacity": 1_200_000, "year": "2023"},
            ("Q02", "铸件"): {"capacity": 15_000, "year": "2023"},
        },
    )


CASES = [*ENCODINGS, *FORMATS, *CARE, *TABLES, database("50_database.sqlite")]

# file -> key, and words that the text must have in Chinese and in English
REFUSED = {
    "11_mixed_encodings.csv": ("mixed_encoding", "编码", "encoding"),
    "53_mixed_and_readable.csv": ("mixed_encoding", "编码", "encoding"),
    "12_torn_bytes.csv": ("mixed_encoding", "编码", "encoding"),
    "13_empty.csv": ("no_heading", "空", "empty"),
    "14_only_heading.csv": ("no_companies", "只有表头", "heading"),
    "20_ten_thousand_columns.csv": ("too_wide", "10000 列", "10000 columns"),
    "21_wide_below_title.csv": ("too_wide", "10000 列", "10000 columns"),
    "23_unclosed_quote.csv": ("broken_quotes", "第 3 行", "line 3"),
    "42_encrypted.xlsx": ("encrypted", "密码", "password"),
    "43_truncated.xlsx": ("broken_book", "不完整", "cut short"),
    "45_html_named_xls.xls": ("broken_book", "另存", "save it again"),
    "46_text_named_xlsx.xlsx": ("broken_book", "另存", "save it again"),
    "48_broken.jsonl": ("broken_json", "第 5 行", "line 5"),
    "51_torn.parquet": ("cut_short", "不完整", "is not whole"),
}


def load(path: Path) -> Tables:
    """Load a file, and bring its quantities to the units of the synthetic chain."""
    return match_products(cg.load(path), PRODUCTS)


@cache
def loaded(path: str) -> Tables:
    """Load a file of the corpus once."""
    return load(MESSY / path)


def label(column: str, unit: str) -> str:
    """Return `column [unit]`, as the cases write it."""
    return f"{column} [{unit}]" if unit else column


def check_seen(tables: Tables, case: Case) -> None:
    """Every sheet is there, taken for what it is, with each heading and each skipped row."""
    sheets = {seen.sheet.file: seen for seen in tables.understood}
    assert set(sheets) == set(case.seen) | set(case.left)
    assert {name: sheets[name].reason for name in case.left} == case.left
    for name, expected in case.seen.items():
        check_sheet(sheets[name], expected)


def check_sheet(understood: Understood, expected: Seen) -> None:
    """One sheet is taken for what it is."""
    found, sheet = understood.recognised, understood.sheet
    assert found is not None
    assert (found.tables, found.row) == (expected.tables, expected.row)
    assert (sheet.encoding, sheet.delimiter) == (expected.encoding, expected.delimiter)
    headings = {heading.text: label(heading.column, heading.unit) for heading in found.headings}
    assert headings == dict(expected.headings)
    assert dict(understood.skipped) == expected.skipped


def check_ledger(tables: Tables, case: Case) -> None:
    """Read = accepted + merged + rejected, in these figures."""
    expected = {name: Count(*counts) for name, counts in case.ledger.items()}
    assert tables.ledger == expected


def check_cells(tables: Tables, case: Case) -> None:
    """The rows that count are these and no others, their cells converted."""
    name_of = {"companies": ["company_id"], "outputs": ["company_id", "product_id"]}
    for table, expected in (
        ("companies", case.companies),
        ("outputs", case.outputs),
        ("projects", case.projects),
    ):
        compare(tables.small(table), name_of.get(table, ["name"]), expected)
    if case.links:
        assert tables.links is not None
        links = tables.links.frame.collect("pandas").to_native()
        compare(links, ["supplier_id", "customer_id"], case.links)


def compare(frame: pd.DataFrame, names: list[str], expected: Cells) -> None:
    """Compare the cells that are given, row by row."""
    records = frame.to_dict("records")
    rows = {
        record[names[0]] if len(names) == 1 else tuple(record[name] for name in names): record
        for record in records
    }
    assert sorted(rows, key=str) == sorted(expected, key=str)
    assert len(records) == len(expected)
    for name, cells in expected.items():
        found = {column: rows[name][column] for column in cells}
        assert found == {column: near(cell) for column, cell in cells.items()}, name


def near(cell: object) -> object:
    """Return a cell to compare with: unknown equals unknown, factors may leave rounding errors."""
    return pytest.approx(cell, nan_ok=True) if type(cell) in (int, float) else cell


def check_problems(tables: Tables, case: Case) -> None:
    """Every problem names its row and column, reads well in both languages, and none is more."""
    found = [(p.table, p.row, p.column, p.key) for p in tables.problems]
    assert sorted(found, key=str) == sorted(case.problems, key=str)
    for problem in tables.problems:
        assert f"第 {problem.row} 行" in problem.text("zh")
        assert f"row {problem.row}" in problem.text("en")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_sheet_is_taken_for_what_it_is(case: Case) -> None:
    """Tables, headings, units, encodings and rows that are no data."""
    check_seen(loaded(case.path), case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_row_is_accounted_for(case: Case) -> None:
    """The ledger of each table."""
    check_ledger(loaded(case.path), case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cells_arrive_converted(case: Case) -> None:
    """Tonnes, 10,000 yuan, square metres, ISO dates, and nothing where nothing was said."""
    check_cells(loaded(case.path), case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_problems_name_their_rows(case: Case) -> None:
    """What could not be read is said, at its row and column."""
    check_problems(loaded(case.path), case)


def test_duckdb_file(tmp_path: Path) -> None:
    """The same tables in a DuckDB file."""
    path = tmp_path / "数据库.duckdb"
    messy_corpus.duckdb_file(path)
    case, tables = database(path.name), load(path)
    for check in (check_seen, check_ledger, check_cells, check_problems):
        check(tables, case)


def test_rejected_links_keep_the_cells_as_they_came() -> None:
    """A row set aside shows the bureau's own headings and cells, to be corrected and fed back."""
    frame = rejects_frame(loaded("29_folder_swapped").problems, "zh")
    row = frame[frame["row"] == 6].iloc[0]
    cells = {name: row.get(f"cell_{name}") for name in ("货物名称", "数量", "单位", "金额(元)")}
    assert cells == {"货物名称": "铁精矿", "数量": "一批", "单位": "吨", "金额(元)": "5,000"}


def test_rejected_products_keep_the_cells_as_they_came() -> None:
    """The same for a list of companies with their products."""
    frame = rejects_frame(loaded("17_units_in_cells.csv").problems, "zh")
    row = frame[frame["table"] == "outputs"].iloc[0]
    cells = {name: row[f"cell_{name}"] for name in ("企业名称", "产能", "产量", "年产值")}
    assert cells == {"企业名称": GLASS, "产能": "50万㎡", "产量": "若干", "年产值": "两千万"}


def test_large_file_with_chinese_far_below(tmp_path: Path) -> None:
    """The first 256 KiB may be plain letters and digits; the encoding is that of the rest."""
    plain = [(f"A{number}", f"Synthetic {number}", "211382") for number in range(12_000)]
    rows = [("company_id", "name", "region_code"), *plain, ("B", STEEL, "211382")]
    (tmp_path / "companies.csv").write_bytes(messy_corpus.text(rows, encoding="gbk"))
    outputs = messy_corpus.text([("company_id", "product_id"), ("B", "钢坯")], encoding="gbk")
    (tmp_path / "outputs.csv").write_bytes(outputs)
    tables = cg.load(tmp_path)
    assert tables.ledger["companies"] == Count(12_001, 12_001, 0, 0)
    assert tables.companies["name"].iloc[-1] == STEEL


# ---- what cannot be used


@pytest.mark.parametrize("name", REFUSED)
def test_unusable_files_are_refused_in_both_languages(name: str) -> None:
    """One clear text that names the file, in Chinese and in English."""
    key, chinese, english = REFUSED[name]
    with pytest.raises(ClusterGraphError) as caught:
        cg.load(MESSY / name)
    error = caught.value
    assert error.key == key
    for text, word in ((error.text("zh"), chinese), (error.text("en"), english)):
        assert name in text
        assert word in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["11_mixed_encodings.csv", "42_encrypted.xlsx", "43_truncated.xlsx"]
)
def test_the_command_refuses_without_a_traceback(run: Run, name: str, lang: str) -> None:
    """Exit code 2, nothing on standard output, one text in the language asked for."""
    done = run("--lang", lang, "check", MESSY / name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert name in done.stderr
    assert REFUSED[name][1 if lang == "zh" else 2] in done.stderr


@pytest.mark.parametrize(("lying", "key"), [(False, "zip_bomb"), (True, "broken_book")])
def test_zip_bombs_stay_closed(tmp_path: Path, *, lying: bool, key: str) -> None:
    """A workbook that unpacks to 80 MiB is refused, also where its directory denies it."""
    path = tmp_path / "名录.xlsx"
    path.write_bytes(messy_corpus.zip_bomb(80, lying=lying))
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError) as caught:
        cg.load(path)
    assert caught.value.key == key


# ---- the corpus itself


def test_every_file_of_the_corpus_is_accounted_for() -> None:
    """No file without its expected figures; all of them small."""
    entries = {path.name for path in MESSY.iterdir()} - {".gitattributes"}
    assert entries == {case.path for case in CASES} | set(REFUSED)
    assert len(entries) >= 30
    assert max(path.stat().st_size for path in MESSY.rglob("*") if path.is_file()) < 50_000


@pytest.mark.parametrize("name", messy_corpus.texts())
def test_text_files_are_what_their_builder_says(name: str) -> None:
    """Byte for byte; a checkout must not change line ends or encodings."""
    assert (MESSY / name).read_bytes() == messy_corpus.texts()[name]
