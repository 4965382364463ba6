"""数据读入时认出了什么：表、列、跳过的行."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "as_named": "{file}：按 {tables} 读入，表头在第 {row} 行，{count} 列全部按名对应。",
    "left_hidden": "{file}：隐藏的工作表，没有读入。",
    "left_unknown": "{file}：看不出是哪张表，没有读入。若有用，请改表头，或用 --map 指定。",
    "left_empty": "{file}：空表，没有读入。",
    "head": "{file}：按 {tables} 读入，表头在第 {row} 行{encoding}。",
    "encoding": "，编码 {encoding}",
    "heading": "表头",
    "column": "对应列",
    "how": "怎么认的",
    "unit": "单位",
    "how_name": "同名",
    "how_alias": "别名",
    "how_fuzzy": "相近（{score}）",
    "how_asked": "按 --map",
    "how_ignored": "未使用，原样保留",
    "skipped_title": "表头以上 {count} 行",
    "skipped_unit": "单位行 {count} 行（第 {rows} 行）",
    "skipped_total": "合计行 {count} 行（第 {rows} 行）",
    "skipped_remark": "说明行 {count} 行（第 {rows} 行）",
    "skipped_heading": "重复表头 {count} 行（第 {rows} 行）",
    "skipped": "不算数据：{kinds}。",
}
