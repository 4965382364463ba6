"""对接台账：改了什么，走到哪一步，哪些停着不动."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "title": "对接台账",
    "changed": "台账改动 {count} 处。",
    "reached": "本地项目：走访 {visited}、洽谈 {negotiating}、签约 {signed}、落地开工 {landed}、建成 {built}（各步含走得更远的）。",
    "stalled": "停滞的项目 {count} 个（逾期，或同一阶段超过一个季度）；没有日期的不算。",
    "table_changes": "改动",
    "columns_changes": "项目编号|项目|列|原来|现在",
    "new": "新项目",
    "table_funnel": "漏斗",
    "by_month": "进入现阶段的月份",
    "by_chain": "产业链",
    "by_township": "乡镇",
    "all": "合计",
    "outside": "链外",
    "step_visited": "走访",
    "step_negotiating": "洽谈",
    "step_signed": "签约",
    "step_landed": "落地开工",
    "step_built": "建成",
    "to_negotiating": "洽谈/走访",
    "to_signed": "签约/洽谈",
    "to_landed": "落地/签约",
    "to_built": "建成/落地",
    "no_stage": "阶段不详",
    "table_stalled": "停滞的项目",
    "columns_stalled": "项目编号|项目|阶段|进入现阶段|已停天数|时限|逾期天数|责任人",
}
