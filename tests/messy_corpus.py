"""
Write the messy corpus: synthetic lists that copy how bureaus really send them.

Every company, figure and date below is made up; names say so (示例, 样例, 虚构). Run
`python tests/messy_corpus.py` to write all files of `tests/data/messy` again, byte for byte.
The .xls and .ods files need xlwt and odfpy, which the tests themselves do not.
"""

import csv
import io
import json
import shutil
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import xlsxwriter

FOLDER: Final = Path(__file__).parent / "data" / "messy"

Cell = str | float | int | date | None
Table = Sequence[Sequence[Cell]]

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # so that archives do not hold the time of writing
_CREATED: Final = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)

# The list that most text files hold: two tables in one, as bureaus keep it.
HEADINGS: Final = (
    "序号",
    "企业名称",
    "区划代码",
    "主要产品",
    "设计产能(万吨)",
    "产值(万元)",
    "从业人员",
)
COMPANIES: Final = (
    ("1", "凌源示例钢铁有限公司", "211382", "钢坯", "120", "350,000", "1200"),
    ("2", "凌源样例铸造有限公司", "211382", "铸件", "1.5", "8,200", "160"),
    ("3", "朝阳虚构矿业有限公司", "211302", "铁精矿", "30", "—", "95"),
)
LIST: Final = (HEADINGS, *COMPANIES)
TRADITIONAL: Final = (
    ("序號", "企業名稱", "區劃代碼", "主要產品", "設計產能(萬噸)", "產值(萬元)", "從業人員"),
    ("1", "凌源示例鋼鐵有限公司", "211382", "鋼坯", "120", "350,000", "1200"),
    ("2", "凌源樣例鑄造有限公司", "211382", "鑄件", "1.5", "8,200", "160"),
    ("3", "朝陽虛構礦業有限公司", "211302", "鐵精礦", "30", "無", "95"),
)
ENGLISH: Final = (
    ("Company", "Region", "Product", "Capacity (kt)", "Turnover (10,000 yuan)", "Headcount"),
    ("凌源示例鋼鐵有限公司", "211382", "鋼坯", "1200", "350,000", "1200"),
    ("凌源樣例鑄造有限公司", "211382", "鑄件", "15", "8,200", "160"),
    ("朝陽虛構礦業有限公司", "211302", "鐵精礦", "300", "n/a", "95"),
)
# 𬭎 (U+2CB4E) and 㐂 (U+3402) take four bytes in GB18030 and do not exist in GBK.
FOUR_BYTES: Final = (
    HEADINGS,
    ("1", "凌源示例𬭎铸有限公司", "211382", "钢坯", "120", "350,000", "1200"),
    ("2", "凌源样例㐂铸造有限公司", "211382", "铸件", "1.5", "8,200", "160"),
    COMPANIES[2],
)


def text(rows: Table, delimiter: str = ",", encoding: str = "utf-8", mark: bytes = b"") -> bytes:
    """Rows as a text table with Windows line ends; `mark` goes in front."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return mark + file.getvalue().encode(encoding)


# ---- text tables


def texts() -> dict[str, bytes]:
    """Every text table: path -> bytes."""
    mixed = text([HEADINGS, COMPANIES[0]], encoding="gbk") + text(COMPANIES[1:], encoding="utf-8")
    # Two bytes that begin no character, as a cut copy leaves them.
    torn = text(LIST[:3], encoding="gbk") + b"3,\xe5\x87\xff\xff,211302\r\n"
    repeated = [HEADINGS, COMPANIES[0], HEADINGS, *COMPANIES[1:], HEADINGS]
    return {
        "01_utf8.csv": text(LIST),
        "02_utf8_bom.csv": text(LIST, mark=b"\xef\xbb\xbf"),
        "03_gb18030_four_bytes.csv": text(FOUR_BYTES, encoding="gb18030"),
        "04_gbk_tab.tsv": text(LIST, "\t", "gbk"),
        "05_gbk_semicolon.csv": text(LIST, ";", "gbk"),
        "06_gb18030_pipe.txt": text(LIST, "|", "gb18030"),
        "07_big5_traditional.csv": text(TRADITIONAL, encoding="big5"),
        "08_big5_english_headings.csv": text(ENGLISH, encoding="big5"),
        "09_utf16le_tab.txt": text(LIST, "\t", "utf-16-le", b"\xff\xfe"),
        "10_utf16be_comma.csv": text(LIST, ",", "utf-16-be", b"\xfe\xff"),
        "11_mixed_encodings.csv": mixed,
        "12_torn_bytes.csv": torn,
        "13_empty.csv": b"",
        "14_only_heading.csv": text([HEADINGS]),
        "15_repeated_headings.csv": text(repeated, encoding="gbk"),
        "16_title_blank_total_notes.csv": text(_STATISTICS, encoding="gbk"),
        "17_units_in_cells.csv": text(_UNITS_IN_CELLS, encoding="gb18030"),
        "18_blank_words.csv": text(_BLANK_WORDS, encoding="gbk"),
        "19_formula_texts.csv": text(_FORMULA_TEXTS),
        "20_ten_thousand_columns.csv": text([[*HEADINGS, *[""] * 9_993], *COMPANIES]),
        "21_wide_below_title.csv": text([["企业名录"], [*HEADINGS, *[""] * 9_993], *COMPANIES]),
        "22_duplicates.csv": text(_DUPLICATES, encoding="gbk"),
        "23_unclosed_quote.csv": text(LIST[:2]) + '2,"凌源样例铸造有限公司,211382\r\n'.encode(),
        "24_yuan_in_unit_row.csv": text(_UNIT_ROW_YUAN, encoding="gbk"),
        "25_units_row_below.csv": text(_UNITS_BELOW, encoding="gbk"),
        "26_place_names.csv": text(_PLACES, encoding="gbk"),
        "27_signatures.csv": text(_SIGNATURES, encoding="gbk"),
        "28_several_products.csv": text(_SEVERAL_PRODUCTS, encoding="gbk"),
        "52_other_units.csv": text(_OTHER_UNITS, encoding="gbk"),
        # These bytes of UTF-8 happen to be GB18030 too, of characters that mean nothing.
        "53_mixed_and_readable.csv": text(LIST[:2], encoding="gbk")
        + text([("2", "凌源示例钢铁有限公司", "211382", "钢坯", "1.5", "82", "16")]),
        "29_folder_swapped/企业名录.csv": text(_FIRMS, encoding="gbk"),
        "29_folder_swapped/购销台账.csv": text(_TRADE, encoding="gbk"),
        "30_two_bureaus/发改局_企业.csv": text(_BUREAU_ONE, encoding="gbk"),
        "30_two_bureaus/统计局_名录.txt": text(_BUREAU_TWO, "\t", "utf-16-le", b"\xff\xfe"),
        "30_two_bureaus/说明.txt": "两份名录口径不同，仅供参考。\r\n".encode("gbk"),
    }


# Title, who and when, blank rows, subtotals, a total, a note: a statistics bureau's table.
_STATISTICS: Final = (
    ("附件1", "", "", "", "", "", ""),
    ("凌源市重点工业企业基本情况表（虚构样例）", "", "", "", "", "", ""),
    ("填报单位：示例局", "", "", "", "", "", "单位：万元"),
    HEADINGS,
    COMPANIES[0],
    ("", "", "", "", "", "", ""),
    COMPANIES[1],
    ("", "小 计", "", "", "121.5", "358,200", "1360"),
    ("", "", "", "", "", "", ""),
    COMPANIES[2],
    ("合计", "", "", "", "151.5", "358,200", "1455"),
    ("注：本表数据为虚构。", "", "", "", "", "", ""),
    ("说明：产能为设计产能。", "", "", "", "", "", ""),
)
_UNITS_IN_CELLS: Final = (
    ("企业名称", "区划代码", "产品", "产能", "产量", "年产值", "用工人数"),
    (
        "凌源示例钢铁有限公司",
        "211382",
        "钢坯",
        "１２０万吨/年",
        "１，０５０，０００吨",
        "35亿元",
        "1200人",
    ),
    ("凌源样例铸造有限公司", "２１１３８２", "铸件", "约1.5万吨", "12000 t", "8200万元", "１６０"),
    ("朝阳虚构矿业有限公司", "211302", "铁精矿", "300kt", "280,000吨", "12,000,000元", "95名"),
    ("建平示例玻纤有限公司", "211322", "玻璃布", "50万㎡", "若干", "两千万", "40"),
)
_BLANK_WORDS: Final = (
    (
        "企业名称",
        "统一社会信用代码",
        "区划代码",
        "主要产品",
        "产能(吨)",
        "营业收入(万元)",
        "税收(万元)",
        "状态",
    ),
    ("凌源示例钢铁有限公司", "-", "211382", "钢坯", "/", "无", "n/a", "正常生产"),
    ("凌源样例铸造有限公司", "无", "/", "铸件", "N/A", "—", "-", "停产"),
    ("朝阳虚构矿业有限公司", "——", "211302", "铁精矿", "0", "0", "0.0", "在建"),
    ("建平示例冶金有限公司", "", "211322", "-", "500", "1,000", "暂无", "/"),
)
_FORMULA_TEXTS: Final = (
    ("企业名称", "区划代码", "主要产品", "产能(吨)", "备注"),
    ("=示例一厂", "211382", "钢坯", "100", "=1+1"),
    ("+示例二厂", "211382", "铸件", "+200", '=HYPERLINK("http://example.invalid","x")'),
    ("-示例三厂", "211382", "铁精矿", "300", "-2+3"),
    ("@示例四厂", "211382", "焦炭", "400", "@SUM(A1:A9)"),
    ("=cmd|' /C calc'!A0", "211382", "焦炭", "500", "\t=2"),
)
# Row 3 says row 2 again under another number; row 5 contradicts row 4.
_DUPLICATES: Final = (
    HEADINGS,
    COMPANIES[0],
    ("2", *COMPANIES[0][1:]),
    ("3", *COMPANIES[1][1:]),
    ("4", *COMPANIES[1][1:5], "8,300", "160"),
    ("5", *COMPANIES[2][1:]),
)
# 单位：元 above the table holds for every amount below that names no unit.
_UNIT_ROW_YUAN: Final = (
    ("重点企业经营情况（虚构样例）", "", "", "", "", ""),
    ("", "", "", "", "", "单位：元"),
    ("序号", "企业名称", "区划代码", "主要产品", "产能(吨)", "营业收入"),
    ("1", "凌源示例钢铁有限公司", "211382", "钢坯", "1,200,000", "3,500,000,000.00"),
    ("2", "凌源样例铸造有限公司", "211382", "铸件", "15,000", "82,000,000.00"),
)
_UNITS_BELOW: Final = (
    ("序号", "企业名称", "区划代码", "主要产品", "产能", "产值", "从业人员"),
    ("", "", "", "", "万吨", "亿元", "人"),
    ("1", "凌源示例钢铁有限公司", "211382", "钢坯", "120", "35", "1200"),
    ("2", "凌源样例铸造有限公司", "211382", "铸件", "1.5", "0.82", "160"),
)
_PLACES: Final = (
    ("企业名称", "所在地", "主要产品", "产能(吨)"),
    ("凌源示例钢铁有限公司", "凌源市", "钢坯", "100"),
    ("建平示例冶金有限公司", "建平县", "钢坯", "200"),
    ("朝阳虚构矿业有限公司", "辽宁省朝阳市双塔区", "铁精矿", "300"),
    ("某地样例焦化有限公司", "某某市", "焦炭", "400"),
)
# Statistics bureaus count in 千元; nobody's table of units has 万美元.
_OTHER_UNITS: Final = (
    ("企业名称", "区划代码", "主要产品", "产能(千吨)", "营业收入(千元)", "税收(万美元)"),
    ("凌源示例钢铁有限公司", "211382", "钢坯", "1200", "3500000", "1700"),
    ("凌源样例铸造有限公司", "211382", "铸件", "15", "82000", "44"),
)
# A total that stands beside a serial number, second lines of notes, who signed.
_SIGNATURES: Final = (
    ("企业名称", "区划代码", "主要产品", "产能(吨)", "产值(万元)"),
    ("凌源示例钢铁有限公司", "211382", "钢坯", "100", "10"),
    ("凌源样例铸造有限公司", "211382", "铸件", "200", "20"),
    ("合计：2家", "", "", "300", "30"),
    ("注：1. 产能为设计产能。", "", "", "", ""),
    ("2. 产值为上年数。", "", "", "", ""),
    ("填表人：张三", "", "审核人：李四", "", "2024年1月5日"),
)
# One company, one row for each of its products.
_SEVERAL_PRODUCTS: Final = (
    ("序号", "企业名称", "区划代码", "主要产品", "产能(吨)", "产值(万元)"),
    ("1", "凌源示例钢铁有限公司", "211382", "钢坯", "100", "5000"),
    ("2", "凌源示例钢铁有限公司", "211382", "焦炭", "200", "5000"),
    ("3", "凌源样例铸造有限公司", "211382", "铸件", "300", "800"),
    ("4", "合计", "", "", "600", "5800"),
)
_FIRMS: Final = (
    ("企业编号", "企业名称", "区划代码"),
    ("Q01", "凌源示例钢铁有限公司", "211382"),
    ("Q02", "凌源样例铸造有限公司", "211382"),
    ("Q03", "朝阳虚构矿业有限公司", "211302"),
)
# The buyer comes first; columns are known by their headings, not by their place.
_TRADE: Final = (
    ("开票日期", "购方名称", "销方名称", "货物名称", "数量", "单位", "金额(元)"),
    (
        "2023年6月1日",
        "凌源示例钢铁有限公司",
        "朝阳虚构矿业有限公司",
        "铁精矿",
        "1.2",
        "万吨",
        "9,600,000",
    ),
    (
        "2023-06-15",
        "凌源样例铸造有限公司",
        "凌源示例钢铁有限公司",
        "钢坯",
        "800",
        "吨",
        "2,800,000",
    ),
    ("2023/7/2", "唐山样例机械有限公司", "凌源样例铸造有限公司", "铸件", "５０", "吨", "350,000"),
    ("2023/7/3", "凌源示例钢铁有限公司", "", "焦炭", "10", "吨", "20,000"),
    ("2023/7/4", "凌源示例钢铁有限公司", "朝阳虚构矿业有限公司", "铁精矿", "一批", "吨", "5,000"),
    ("合计", "", "", "", "", "", "12,775,000"),
)
_BUREAU_ONE: Final = (
    ("企业名称", "区划代码", "主要产品", "产能（万吨）"),
    ("凌源示例钢铁有限公司", "211382", "钢坯", "120"),
    ("凌源样例铸造有限公司", "211382", "铸件", "1.5"),
)
# The same steelworks with the same figures, the foundry with its revenue, one firm more.
_BUREAU_TWO: Final = (
    ("单位详细名称", "行政区划代码", "主营业务收入(亿元)", "期末从业人员"),
    ("凌源示例钢铁有限公司", "211382", "35", "1200"),
    ("凌源样例铸造有限公司", "211382", "0.82", "160"),
    ("朝阳虚构矿业有限公司", "211302", "-", "95"),
)


# ---- workbooks


class _Book:
    """An .xlsx workbook in the making; its bytes do not depend on the time."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.book.set_properties({"created": _CREATED})
        self.days = self.book.add_format({"num_format": "yyyy/m/d"})

    def sheet(self, name: str, rows: Table) -> Any:  # noqa: ANN401  xlsxwriter has no types
        """Write a sheet; texts stay texts, dates become Excel's serials with a format."""
        sheet = self.book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, self.days)
                elif isinstance(cell, str):
                    sheet.write_string(at, column, cell)
                elif cell is not None:
                    sheet.write_number(at, column, cell)
        return sheet

    def content(self) -> bytes:
        """Close it and hand out its bytes."""
        self.book.close()
        return self.file.getvalue()


def _repacked(content: bytes, more: dict[str, bytes] | None = None) -> bytes:
    """The same archive with fixed times, and with further parts."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            kind = part.compress_type
            new.writestr(zipfile.ZipInfo(part.filename, _LONG_AGO), old.read(part), kind)
        for name, data in (more or {}).items():
            new.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


_TYPED_LIST: Final = (
    HEADINGS,
    (1, "凌源示例钢铁有限公司", "211382", "钢坯", 120, 350000, 1200),
    (2, "凌源样例铸造有限公司", "211382", "铸件", 1.5, 8200, 160),
    (3, "朝阳虚构矿业有限公司", "211302", "铁精矿", 30, "—", 95),
)


def simple_xlsx() -> bytes:
    """The usual list as a workbook, numbers as numbers."""
    book = _Book()
    book.sheet("Sheet1", _TYPED_LIST)
    return book.content()


def _titled() -> bytes:
    book = _Book()
    sheet = book.sheet(
        "规上企业",
        [
            ["凌源市规上工业企业情况表（虚构样例）"],
            [None] * 6 + ["单位：万元、万吨、人"],
            [],
            ["序号", "企业名称", "区划代码", "主要产品", "设计产能\n(万吨)", "产  值", "从业人员"],
            *_TYPED_LIST[1:3],
            [],
            _TYPED_LIST[3],
            ["合计", None, None, None, 151.5, 358200, 1455],
            ["注：“—”表示未填报。"],
        ],
    )
    sheet.merge_range(0, 0, 0, 6, "凌源市规上工业企业情况表（虚构样例）")
    sheet.merge_range(8, 0, 8, 3, "合计")
    return book.content()


def _merged_down() -> bytes:
    book = _Book()
    sheet = book.sheet(
        "产品表",
        [
            ["分企业产品情况（虚构样例）"],
            ["企业名称", "区划代码", "主要产品", "产能(万吨)", "产量(万吨)"],
            ["凌源示例钢铁有限公司", "211382", "钢坯", 120, 105],
            [None, None, "焦炭", 60, 50],
            [None, None, "铁精矿", 30, None],
            ["凌源样例铸造有限公司", "211382", "铸件", 1.5, 1.2],
        ],
    )
    sheet.merge_range(0, 0, 0, 4, "分企业产品情况（虚构样例）")
    sheet.merge_range(2, 0, 4, 0, "凌源示例钢铁有限公司")
    sheet.merge_range(2, 1, 4, 1, "211382")
    return book.content()


def _several_sheets() -> bytes:
    book = _Book()
    book.sheet("填表说明", [["本工作簿为虚构样例，请按各表填写。"], ["联系人：示例"]])
    book.sheet(
        "企业",
        [
            [
                "企业编号",
                "企业名称",
                "区划代码",
                "营业收入(亿元)",
                "税收(万元)",
                "状态",
                "是否链主",
            ],
            ["Q01", "凌源示例钢铁有限公司", "211382", 35, 12000, "正常生产", "是"],
            ["Q02", "凌源样例铸造有限公司", "211382", 0.82, 310, "停产", "否"],
            ["Q03", "建平示例玻纤有限公司", "211322", None, None, "在建", None],
        ],
    )
    book.sheet(
        "产品",
        [
            ["企业名称", "产品名称", "产量", "产能", "计量单位", "年份"],
            ["凌源示例钢铁有限公司", "钢坯", 105, 120, "万吨", 2023],
            ["Q02", "铸件", 12000, 15000, "吨", "2023年"],
            ["建平示例玻纤有限公司", "玻璃布", None, 50, "万平方米", "２０２３年度"],
            ["查无此厂", "铸件", 1, 1, "吨", 2023],
        ],
    )
    book.sheet(
        "供应商",
        [
            [
                "供应商名称",
                "客户名称",
                "物料名称",
                "年采购量(万吨)",
                "采购额(万元)",
                "供应商所在地",
            ],
            ["唐山样例矿业有限公司", "凌源示例钢铁有限公司", "铁精矿", 90, 72000, "130200"],
            ["凌源示例钢铁有限公司", "凌源样例铸造有限公司", "钢坯", 1.3, 4500, None],
        ],
    )
    book.sheet(
        "项目",
        [
            [
                "项目名称",
                "主要产品",
                "建设规模",
                "计划总投资（亿元）",
                "项目进展",
                "占地面积(亩)",
                "厂房面积(㎡)",
                "开工时间",
                "行政区划代码",
            ],
            [
                "年产5万吨铸件示例项目",
                "铸件",
                "5万吨/年",
                2.5,
                "在建",
                45,
                "12,000",
                "2023年6月",
                "211382",
            ],
            [
                "玻璃布样例项目",
                "玻璃布",
                "200万平方米",
                0.8,
                "签约",
                30,
                8000,
                date(2024, 3, 1),
                "211322",
            ],
            ["酒店样例项目", None, None, 1, "在谈", "—", None, "45078", "211382"],
        ],
    )
    hidden = book.sheet(
        "旧数据", [HEADINGS, ("1", "早已注销示例厂", "211382", "钢坯", "1", "1", "1")]
    )
    hidden.hide()
    book.sheet("空表", [])
    return book.content()


def _dates() -> bytes:
    book = _Book()
    book.sheet("企业", [["企业名称", "区划代码", "主要产品", "产能(吨)", "年份", "数据日期"],
        ["凌源示例钢铁有限公司", "211382", "钢坯", 100, 2023, date(2023, 6, 1)],
        ["凌源样例铸造有限公司", "211382", "铸件", 200, "2023年", "2023年6月1日"],
        ["朝阳虚构矿业有限公司", "211302", "铁精矿", 300, "2023年度", 45078],
        ["建平示例冶金有限公司", "211322", "钢坯", 400, "2023", "45078"],
        ["建平示例玻纤有限公司", "211322", "玻璃布", None, None, "2023.6"],
        ["凌源虚构焦化有限公司", "211382", "焦炭", 600, "—", "２０２３／６／１"],
    ])  # fmt: skip
    return book.content()


def _formulas() -> bytes:
    book = _Book()
    sheet = book.sheet("Sheet1", _TYPED_LIST[:1])
    rows: list[tuple[str, str, str, str, float, str, float]] = [
        ("=示例一厂", "211382", "钢坯", "=60*2", 120, "=350000", 350000),
        ("+示例二厂", "211382", "铸件", "=A3+0.5", 1.5, "=8000+200", 8200),
        ("@示例三厂", "211302", "铁精矿", "=SUM(E2:E3)", 121.5, "=F2+F3", 358200),
    ]
    for at, (name, region, item, first, capacity, second, revenue) in enumerate(rows, 1):
        sheet.write_formula(at, 0, "=ROW()-1", None, at)
        for column, cell in ((1, name), (2, region), (3, item)):
            sheet.write_string(at, column, cell)
        sheet.write_formula(at, 4, first, None, capacity)
        sheet.write_formula(at, 5, second, None, revenue)
        sheet.write_number(at, 6, at * 10)
    # An error that a formula left behind.
    sheet.write_row(4, 1, ["-示例四厂", "211302", "焦炭"])
    sheet.write_formula(4, 4, "=1/0", None, "#DIV/0!")
    return book.content()


def _with_macro() -> bytes:
    """A workbook with a dummy instead of macros: it must be read, and nothing be run."""
    return _repacked(simple_xlsx(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 synthetic, no macro"})


def _offset() -> bytes:
    """The table begins in the third column, below two blank rows."""
    book = _Book()
    book.sheet("Sheet1", [[], [], *([None, None, *row] for row in _TYPED_LIST)])
    return book.content()


def _two_lists() -> bytes:
    """Two bureaus' lists as two sheets of one workbook, one firm in both."""
    book = _Book()
    book.sheet("工信局", [HEADINGS, *_TYPED_LIST[1:3]])
    book.sheet("税务局", [["纳税人名称", "纳税人识别号", "行政区划代码", "入库税收(元)"],
        ["凌源样例铸造有限公司", None, "211382", 3100000],
        ["朝阳虚构矿业有限公司", None, "211302", "0"],
    ])  # fmt: skip
    return book.content()


def _old_xls() -> bytes:
    import xlwt  # noqa: PLC0415  only to write the corpus

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名录")
    days = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    rows = [
        ["企业名录（虚构样例）"],
        ["序号", "企业名称", "区划代码", "主要产品", "产能(万吨)", "产值(亿元)", "更新日期"],
        [1, "凌源示例钢铁有限公司", 211382, "钢坯", 120, 35, date(2023, 6, 1)],
        [2, "凌源样例铸造有限公司", 211382, "铸件", 1.5, 0.82, "2023年6月1日"],
        ["合计", None, None, None, 121.5, 35.82, None],
    ]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(at, column, cell, days)
            elif cell is not None:
                sheet.write(at, column, cell)
    hidden = book.add_sheet("旧名录")
    hidden.visibility = 1
    hidden.write(0, 0, "企业名称")
    hidden.write(1, 0, "早已注销示例厂")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _ods() -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet  # noqa: PLC0415  the same
    from odf.table import Table as OdfTable  # noqa: PLC0415
    from odf.table import TableCell, TableRow  # noqa: PLC0415
    from odf.text import P  # noqa: PLC0415

    book = OpenDocumentSpreadsheet()
    table = OdfTable(name="名录")
    rows: Table = [
        ["企业名录（虚构样例）"],
        [],
        *_TYPED_LIST,
        ["合计", "", "", "", 151.5, 358200, 1455],
    ]
    for row in rows:
        line = TableRow()
        for cell in row:
            if isinstance(cell, str) or cell is None:
                part = TableCell(valuetype="string")
                part.addElement(P(text=cell or ""))
            else:
                part = TableCell(valuetype="float", value=str(cell))
                part.addElement(P(text=str(cell)))
            line.addElement(part)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    # odfpy names itself and the time of writing in the metadata, which nothing reads.
    for element in list(book.meta.childNodes):
        book.meta.removeChild(element)
    file = io.BytesIO()
    book.write(file)
    return _repacked(file.getvalue())


def compound_file(streams: dict[str, bytes]) -> bytes:
    """
    A minimal OLE compound file, version 3, after MS-CFB.

    Each stream is at least 4,096 bytes long, so that no mini stream is needed: sector 0 is
    the allocation table, sector 1 the directory, the streams follow.
    """
    size, end, free, none = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    table = [0xFFFFFFFD, end]
    starts, body = {}, b""
    for name, data in streams.items():
        whole = data.ljust(-(-max(len(data), 4096) // size) * size, b"\0")
        starts[name] = len(table)
        count = len(whole) // size
        table += [*range(len(table) + 1, len(table) + count), end]
        body += whole
    table += [free] * (size // 4 - len(table))

    # name, kind, the next entry beside it, the first below it, first sector, bytes
    entries: list[tuple[str, int, int, int, int, int]] = [("Root Entry", 5, none, 1, end, 0)]
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    for at, name in enumerate(names, 1):
        beside = at + 1 if at < len(names) else none
        length = max(len(streams[name]), 4096)
        entries.append((name, 2, beside, none, starts[name], length))
    directory = b""
    for name, kind, beside, below, start, length in entries:
        label = name.encode("utf-16-le") + b"\0\0"
        directory += label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
        directory += struct.pack("<III36xIQ", none, beside, below, start, length)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += b"".join(struct.pack("<I", free) for _ in range(108))
    packed = struct.pack(f"<{len(table)}I", *table)
    return header + packed + directory.ljust(size, b"\0") + body


def _encrypted() -> bytes:
    """What Excel writes for a workbook with a password; the content is zeros, not secrets."""
    info = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption/>"
    return compound_file({"EncryptionInfo": info, "EncryptedPackage": b"\0" * 4096})


def _html_as_xls() -> bytes:
    """A web page that a tax system calls .xls."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in LIST)
    return f"<html><head><meta charset=gb2312></head><table>{rows}</table></html>".encode("gbk")


def _books() -> dict[str, bytes]:
    simple = simple_xlsx()
    return {
        "31_xlsx_plain.xlsx": simple,
        "32_xlsx_title_units_total_note.xlsx": _titled(),
        "33_xlsx_merged_down.xlsx": _merged_down(),
        "34_xlsx_several_sheets.xlsx": _several_sheets(),
        "35_xlsx_dates.xlsx": _dates(),
        "36_xlsx_formulas.xlsx": _formulas(),
        "37_macro.xlsm": _with_macro(),
        "38_xlsx_offset.xlsx": _offset(),
        "39_xlsx_two_bureaus.xlsx": _two_lists(),
        "40_old.xls": _old_xls(),
        "41_open_document.ods": _ods(),
        "42_encrypted.xlsx": _encrypted(),
        "43_truncated.xlsx": simple[: len(simple) * 2 // 3],
        "44_xlsx_named_xls.xls": simple,
        "45_html_named_xls.xls": _html_as_xls(),
        "46_text_named_xlsx.xlsx": text(LIST, encoding="gbk"),
    }


# ---- databases and records


def _in_file(write: Callable[[Path], None], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


_STORED: Final = {
    "qiye": (
        "企业编号 VARCHAR, 企业名称 VARCHAR, 区划代码 VARCHAR, 产值_万元 DOUBLE, 更新日期 DATE",
        [
            ("Q01", "凌源示例钢铁有限公司", "211382", 350000.0, "2023-06-01"),
            ("Q02", "凌源样例铸造有限公司", "211382", 8200.0, None),
        ],
    ),
    "chanpin": (
        "企业编号 VARCHAR, 产品名称 VARCHAR, 产能 DOUBLE, 单位 VARCHAR, 年份 BIGINT",
        [("Q01", "钢坯", 120.0, "万吨", 2023), ("Q02", "铸件", 15000.0, "吨", 2023)],
    ),
}


def _statements(prefix: str = "") -> Iterable[tuple[str, Sequence[Sequence[object]]]]:
    for name, (columns, rows) in _STORED.items():
        declared = columns.replace("产值_万元", '"产值(万元)"')
        marks = ", ".join("?" * len(rows[0]))
        yield f"CREATE TABLE {prefix}{name} ({declared})", []
        yield f"INSERT INTO {prefix}{name} VALUES ({marks})", rows  # noqa: S608  names above


def duckdb_file(path: Path) -> None:
    """Write the same tables as DuckDB file; even its smallest is too large to keep."""
    connection = duckdb.connect()
    # Small blocks keep the file small; the old format is read by every DuckDB since 1.0.
    connection.execute(f"ATTACH '{path}' AS db (BLOCK_SIZE 16384, STORAGE_VERSION 'v1.0.0')")
    for statement, rows in _statements("db."):
        if rows:
            connection.executemany(statement, rows)
        else:
            connection.execute(statement)
    connection.execute("DETACH db")
    connection.close()


def _sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    for statement, rows in _statements():
        if rows:
            connection.executemany(statement, rows)
        else:
            connection.execute(statement)
    connection.commit()
    connection.close()


def _parquet(path: Path) -> None:
    # Bureaus seldom send it; a data platform does, with English names and real types.
    # The path is a temporary folder's own.
    statement = f"""
        COPY (
            SELECT * FROM (VALUES
                ('凌源示例钢铁有限公司', '211382', '钢坯', 1200000.0, DATE '2023-06-01', 1200),
                ('凌源样例铸造有限公司', '211382', '铸件', 15000.0, NULL, NULL),
                ('朝阳虚构矿业有限公司', '211302', '铁精矿', NULL, DATE '2023-01-31', 95)
            ) AS t("企业名称", "区划代码", "产品", "产能(吨)", "数据日期", "从业人员")
        ) TO '{path}' (FORMAT parquet)
    """  # noqa: S608
    duckdb.connect().execute(statement)


def _json_lines() -> bytes:
    records: list[dict[str, object]] = [
        {"企业名称": "凌源示例钢铁有限公司", "区划代码": "211382", "产品": "钢坯",
         "产能": "120万吨", "产值(万元)": 350000},
        {"产品": "铸件", "企业名称": "凌源样例铸造有限公司", "区划代码": "211382", "产能": 15000,
         "别名": ["样例铸造", "样例铸造厂"]},
        {"企业名称": "朝阳虚构矿业有限公司", "区划代码": "211302", "产品": "铁精矿",
         "产值(万元)": None},
    ]  # fmt: skip
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    return ("\n".join([*lines[:2], "", lines[2]]) + "\n").encode()


def _stores() -> dict[str, bytes]:
    return {
        "47_records.jsonl": _json_lines(),
        "48_broken.jsonl": _json_lines() + b'{"\xe4\xba\xa7\xe5\x93\x81": \n',
        "49_platform.parquet": _in_file(_parquet, "a.parquet"),
        "50_database.sqlite": _in_file(_sqlite, "a.sqlite"),
        "51_torn.parquet": _in_file(_parquet, "a.parquet")[:300],
    }


# ---- made when tested: too large, or better not lying about


def zip_bomb(megabytes: int, *, lying: bool = False) -> bytes:
    """
    A workbook whose only sheet unpacks to so many MiB of blanks.

    With `lying`, its directory says that the sheet unpacks to 1,000 bytes.
    """
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(simple_xlsx())) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</worksheet>", b" " * (megabytes << 20) + b"</worksheet>")
                size = len(data)
            new.writestr(zipfile.ZipInfo(part.filename, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
    content = file.getvalue()
    if lying:
        content = content.replace(struct.pack("<I", size), struct.pack("<I", 1000))
    return content


def main() -> None:
    """Write all files again."""
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    # Git must not touch line ends: every byte here is meant.
    attributes = {".gitattributes": b"* -text\n"}
    for name, content in {**attributes, **texts(), **_books(), **_stores()}.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
