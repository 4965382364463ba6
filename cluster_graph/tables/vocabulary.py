"""The words that bureaus use for a status or a stage, and the contract's word for each."""

import unicodedata
from typing import Final

from cluster_graph.tables.schema import Column

_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "status": {
        "operating": (
            "在产",
            "生产",
            "正常",
            "正常生产",
            "投产",
            "已投产",
            "运营",
            "在营",
            "存续",
            "开业",
        ),
        "trial": ("试产", "试生产", "试运行", "调试"),
        "construction": ("在建", "建设中", "建设", "筹建", "underconstruction"),
        "signed": ("签约", "已签约"),
        "negotiating": ("在谈", "洽谈", "洽谈中"),
        "idle": ("停产", "停工", "停业", "半停产", "闲置", "歇业", "suspended"),
        "closed": ("关闭", "关停", "注销", "吊销", "破产", "倒闭", "已关闭"),
    },
    "stage": {
        "contact": ("对接", "接触", "意向", "线索"),
        "negotiating": ("在谈", "洽谈", "洽谈中", "谈判"),
        "signed": ("签约", "已签约"),
        "landed": ("落地", "已落地", "开工", "已开工", "落地开工"),
        "construction": ("在建", "建设中", "续建", "施工"),
        "trial": ("试产", "试生产", "试运行"),
        "operating": ("投产", "已投产", "竣工投产", "运营", "在产", "建成投产"),
    },
    "evidence": {
        "reported": ("有据", "上报", "填报", "报道", "实报"),
        "derived": ("推算", "测算"),
        "inferred": ("推断",),
        "expert": ("经验", "专家", "专家判断"),
        "planned": ("规划", "计划"),
    },
    "kind": {
        "land": ("土地", "地块", "工业用地", "空地"),
        "plant": ("厂房", "老厂房", "旧厂房", "厂区"),
        "workshop": ("标准厂房", "车间", "标房"),
        "mine": ("矿山", "矿", "矿区"),
        "buy": ("希望在本地采购", "采购", "本地采购", "求购", "buylocally"),
        "sell": ("希望在本地销售", "销售", "本地销售", "selllocally"),
        "site": ("用地或厂房", "用地", "landorworkshop"),
        "energy": ("用电用气", "用电", "用气", "powerorgas"),
        "labour": ("用工", "招工", "labor"),
        "finance": ("融资", "贷款", "资金"),
        "technology": ("技术与改造", "技术", "技改"),
        "permit": ("手续审批", "审批", "手续", "permits"),
        "other": ("其他", "其它"),
    },
}
_KNOWN: Final = {
    column: {word: meaning for meaning, words in table.items() for word in words}
    for column, table in _WORDS.items()
}


def choice(column: Column, text: str) -> str:
    """
    The contract's word for what a bureau wrote.

    Parameters
    ----------
    column
        A column whose words are fixed.
    text
        The cell.

    Returns
    -------
    word
        The contract's word; the text itself where it is none of the known ones, so that
        the check can show it.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    word = _KNOWN.get(column.name, {}).get(folded, text)
    return word if word in column.choices else text
