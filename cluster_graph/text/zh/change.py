"""前后对比：缺口怎么变，各表的标题与用词."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    # 一种产品发生了什么
    "sized_implied": "{product}此前产量不详，按本地用户所需推算为 {before}；现计 {after}。",
    "sized_less": "{product}少掉的只是推算值，不是实际产量；除此之外若还有产能，请补填到 outputs 表。",
    "sized_unknown": "{product}此前有人做、产量不详；现计 {after}。",
    "sized_beside": "{product}另有{companies}在做、产量不详，未计入：请补填到 outputs 表后再看。",
    "unsized": "{product}原计 {before}，现在没有产量记录；推算为 {after}。",
    "closed": "{product}的缺口（{before}）补上了。",
    "closed_demand": "{product}的缺口（{before}）消失，因为本地需求没有了。",
    "closed_unsized": "{product}不再是缺口。",
    "opened": "{product}出现缺口：本地需求 {demand}，供给 {supply}，缺 {shortage}。",
    "opened_unsized": "{product}出现缺口，缺多少不详。",
    "narrowed": "{product}的缺口由 {before}缩小到 {after}，自给率 {share}。",
    "narrowed_demand": "{product}的需求随之由 {was}减到 {now}，缺口由 {before}缩小到 {after}。",
    "widened": "{product}的缺口由 {before}扩大到 {after}，自给率 {share}。",
    "widened_demand": "{product}的需求随之由 {was}增到 {now}，缺口由 {before}扩大到 {after}。",
    "surplus": "{product}本地用不完，富余 {after}。",
    "more": "另有 {count} 种产品的变化，见下表。",
    # 变化的种类
    "kind_closed": "缺口补上",
    "kind_opened": "新出缺口",
    "kind_narrowed": "缺口缩小",
    "kind_widened": "缺口扩大",
    "kind_sized": "新有产量数",
    "kind_unsized": "失去产量数",
    "kind_surplus": "新有富余",
    "kind_other": "其他变化",
    # 表
    "table": "变化：前 → 后",
    "col_change": "变化",
    "arrow": "{before} → {after}",
    "none": "没有任何数字变化。",
}
