"""供需关系网络：规模、连通部分、往来家数、枢纽."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "whole": "全部",
    "component": "连通部分，按大小第 {item}",
    "components": "其余 {item} 个连通部分合计",
    "customers": "有 {item} 家客户的企业",
    "suppliers": "有 {item} 家供应商的企业",
    "hub": "往来最多：{item}",
    "within": "距本地企业 {item} 条供需关系以内",
}
