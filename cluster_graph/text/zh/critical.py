"""关键企业：系统性风险与连锁反应的用词."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "note_within": "ESRI 的计算误差（舍入与提前停算，不含数据本身的误差）至多为总产值的 {within}。若该值较大，说明损失在企业之间循环、几乎不衰减，或再多一点损失就会拖垮更多企业。",
    "note_index": "ESRI：该企业停产，全网已知产值损失的份额（含自身）。假定停供的必需投入一时无从替代，是最坏情形。",
    "note_inferred": "没有供需关系表：每家做某产品的本地企业都按规模向每家用它的本地企业供货，这是推断。",
    "note_unsized": "有的供需关系没有数量，按已知关系的中位数计。",
    "cut": "是",
    "basis_output": "产量 × 参考价，扣除自用",
    "basis_part_of_output": "部分产品的产量 × 参考价",
    "basis_revenue": "年产值",
    "basis_links": "供需关系合计",
    "basis_unknown": "不详",
    "exposed": "{product} {lost}",
    "step_stopped": "{company}停产。",
    "step_input": "{company}缺{product}（{cause}供不上），从 {before} 降到 {after}。",
    "step_input_unnamed": "{company}少了{cause}的供货，从 {before} 降到 {after}。",
    "step_sales": "{company}的{product}少了销路（{cause}少要了），从 {before} 降到 {after}。",
    "step_sales_unnamed": "{company}少了销路（{cause}少要了），从 {before} 降到 {after}。",
}
