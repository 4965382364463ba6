"""Takes a company's name apart: what names the firm, its legal form, its place, what it was."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cluster_graph.text import texts

if TYPE_CHECKING:
    from opencc import OpenCC

GROUP: Final = "集团"
STOCK: Final = "股份"

# Bracket of any kind -> a round one; what only decorates a name -> nothing.
_BRACKETS: Final = str.maketrans(
    {
        **dict.fromkeys("[{<〔【〖《〈「『﹝", "("),
        **dict.fromkeys("]}>〕】〗》〉」』﹞", ")"),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad“”\"'‘’`", None),
    }
)
_NO_WORD: Final = re.compile(r"[\W_]+")
# Blanks and dots between Chinese characters, or at the end.
_BETWEEN: Final = re.compile(r"(?<=[^\x00-\x7f])[\s.·•‧・_*-]+(?=[^\x00-\x7f]|$)")
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_FORMER: Final = re.compile(
    r"(?:原(?:名称?|称|企业名称)?(?![料材煤油子生种野平木矿铝糖])|曾用名称?|曾名|旧名|前身(?:为|是)?"
    r"|更名前(?:为|是)?|formerly(?: known as)?|former name)[\s:]*(?P<names>.{2,})",
    re.IGNORECASE,
)
_FORMER_AT_END: Final = re.compile(
    r"[\s,;、]*(?:曾用名称?|原名称?|formerly(?: known as)?)[\s:]*(?P<names>[^()]{2,})$",
    re.IGNORECASE,
)
_MAY_HAVE_FORMER: Final = re.compile(r"[^\w\s]|曾|原名|原稱|formerly", re.IGNORECASE)
_LIST: Final = re.compile(r"\s*[,;、，；/]\s*")
# Legal forms that end a name, longest first, and what each says.
_FORMS: Final = (
    ("股份有限责任公司", ("registered", "stock")),
    ("有限责任公司", ("registered",)),
    ("责任有限公司", ("registered",)),
    ("有限责任", ("registered",)),
    ("有限公司", ("registered",)),
    ("总公司", ("registered",)),
    ("公司", ("registered",)),
    ("有限", ("registered",)),
    ("总厂", ("registered",)),
    ("工厂", ("registered",)),
    ("厂", ("registered",)),
    ("股份制", ("stock",)),
    ("股份合作", ("stock",)),
    ("股份", ("stock",)),
    ("集团", ("group",)),
)
_FORMS_BY_END: Final = {
    end: tuple(pair for pair in _FORMS if pair[0].endswith(end))
    for end in dict.fromkeys(form[-1] for form, _ in _FORMS)
}
# A branch is not its parent, and an 电厂 without 厂 is no word.
_NO_FORM: Final = ("分公司", "子公司", "分厂", "电厂", "水厂")
_FORM_INSIDE: Final = re.compile(r"(?:有限责任公司|有限公司)(?=\w)")
_ENGLISH_FORM: Final = re.compile(
    r"[\s.,]+(?:(?P<registered>company|co|corporation|corp|incorporated|inc|limited|ltd|llc|plc|pty"
    r"|gmbh|ag)|(?P<stock>joint[\s-]stock|shares?)|(?P<group>group|grp))[\s.,]*$"
)
_FORM_WORDS: Final = {"集团": GROUP, "股份": STOCK, "group": " group", "控股": "控股"}
# In brackets: how the firm is held or how it stands; no part of its name.
_REMARK: Final = re.compile(
    r"(?:筹建?|筹备中?|拟建|在建|停产|停业|已?注销|已?吊销|规上|规下|规模以上|龙头(?:企业)?|链主"
    r"|上市公司|暂名|暂定|待定|拟|新|备案|(?:特殊)?普通合伙|有限合伙|个人独资|外商独资|独资|合资"
    r"|中外合资|国有|国有独资|国有控股|民营|自然人投资或控股|(?:以下)?简称.*|\d{6}(?:\.[a-z]{2})?)"
)
_BRANCH: Final = re.compile(r".*(?:分公司|分厂|厂区?|分部|分行|车间|支行|门店)")
# What a name has in common with its neighbours' names. A name of nothing else needs its place.
_COMMON_TEXT: Final = (
    "产业集群 复合材料 玻璃纤维 综合利用 产业园 工业园 铁合金 铁精矿 新材料 "
    "预应力 玻璃钢 专用车 零部件 新能源 太阳能 自来水 天然气 房地产 农产品 "
    "合作社 废弃物 钢结构 紧固件 标准件 园区 集群 钢铁 合金 冶金 冶炼 铸造 "
    "锻造 轧钢 炼钢 炼铁 钢管 管业 管道 管件 弯头 铁矿 矿业 矿山 矿产 选矿 "
    "采矿 煤炭 煤业 焦炭 焦化 化工 化学 水泥 石灰 建材 建筑 安装 装饰 材料 "
    "新型 玻璃 玻纤 陶瓷 耐火 机械 机器 机电 电机 设备 装备 重型 轻型 精密 "
    "制造 加工 汽车 车辆 整车 轮胎 轮毂 配件 部件 模具 电子 电器 电气 电力 "
    "电缆 电线 线缆 能源 光伏 风电 风能 风力 发电 热力 热电 供热 供电 供水 "
    "燃气 石油 石化 环保 环境 科技 高新 技术 信息 网络 智能 工程 建设 建工 "
    "开发 投资 发展 实业 工业 工贸 商贸 贸易 经贸 物资 物流 运输 仓储 铁路 "
    "公路 交通 置业 物业 食品 饮料 粮油 粮食 农业 农机 种植 养殖 畜牧 林业 "
    "木业 家具 纺织 服装 纸业 造纸 包装 印刷 医药 药业 制药 医疗 生物 酒业 "
    "酿酒 控股 管理 服务 咨询 产业 企业 项目 经济 城市 城镇 农村 国有 资产 "
    "资本 经营 销售 有限 公司 中心 专业 综合 股份 集团 金属 制品 资源 再生 "
    "利用 回收 废旧 五金 锰业 钛业 铝业 铜业 镁业 铝材 铜材 钢材 型材 板材 "
    "带钢 线材 丝网 塑料 橡胶 塑胶 涂料 防水 人民 医院 饭店 宾馆 酒店 不详 "
    "未知 某 市 县 区 "
)
_COMMON_WORDS: Final = tuple(_COMMON_TEXT.split())
_COMMON: Final = re.compile("|".join((*_COMMON_WORDS, "第[一二三四五六七八九十]+", "第?[0-9]+")))
_COMMON_STARTS: Final = frozenset(word[:2] for word in _COMMON_WORDS)
_ORDINALS: Final = frozenset("第0123456789")
_SHORTEST: Final = 2
_MOST_BRACKETS: Final = 9
_KINDS: Final = ("省", "市", "县", "区")
_SUFFIXES: Final = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "省",
    "市",
    "县",
)


class NameParts(NamedTuple):
    """
    A company's name, taken apart.

    Parameters
    ----------
    core
        What is left when legal form, leading region, blanks and dots are gone: simplified
        characters, half width, lower case. The region stays in front (short: 凌源) where
        nothing but common words would be left: 凌源钢铁 and 朝阳钢铁 are not 钢铁.
    group
        The name ends in 集团 or Group.
    stock
        The name ends in 股份 or says joint stock.
    registered
        It has a legal form, as the register writes it; otherwise it is a short name.
    region
        The GB/T 2260 code of the region that the name begins with; blank if none.
    weak
        The core names no firm by itself: nothing but common words, or a single character.
    former
        Earlier names in it, as they stand.
    """

    core: str
    group: bool = False
    stock: bool = False
    registered: bool = False
    region: str = ""
    weak: bool = False
    former: tuple[str, ...] = ()

    @property
    def normal(self) -> str:
        """The core with what remains of the form: 凌源钢铁集团, 凌源钢铁股份, 凌源钢铁."""
        return f"{self.core}{GROUP if self.group else ''}{STOCK if self.stock else ''}"


class _Regions(NamedTuple):
    codes: dict[str, str]
    short: dict[str, str]
    starts: frozenset[str]
    longest: int


def _regions(names: Mapping[str, str]) -> _Regions:
    """Names and short names -> code, and code -> short name; the larger place has the name."""
    codes: dict[str, str] = {}
    for name, code in sorted(names.items(), key=lambda item: (len(item[1]), item[1])):
        codes.setdefault(name, code)
        suffix = next((end for end in _SUFFIXES if name.endswith(end)), "")
        bare = name.removesuffix(suffix)
        if len(bare) >= _SHORTEST:
            codes.setdefault(bare, code)
    short: dict[str, str] = {}
    for name in sorted(codes, key=len):
        short.setdefault(codes[name], name)
    starts = frozenset(name[:2] for name in codes)
    return _Regions(codes, short, starts, max(map(len, codes), default=0))


@cache
def _known_regions() -> _Regions:
    return _regions({name: code for code, name in texts("region", "zh").items()})


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415  loads its dictionaries

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Return a text in simplified characters; the library is loaded for Chinese alone."""
    return text if text.isascii() else str(_converter().convert(text))


def plain_texts(cells: Sequence[str]) -> list[str]:
    """
    Texts in one way of writing: half width, simplified characters, lower case, round brackets.

    Parameters
    ----------
    cells
        Any texts.

    Returns
    -------
    plain
        As many texts, in the same order.
    """
    if not cells:
        return []
    whole = "\n".join(cells)
    if whole.count("\n") != len(cells) - 1:
        whole = "\n".join(cell.replace("\n", " ") for cell in cells)
    # All at once: a call to a library for each of a million names would take minutes.
    whole = unicodedata.normalize("NFKC", whole).translate(_BRACKETS)
    if not whole.isascii():
        whole = _converter().convert(whole)
    return whole.lower().split("\n")


def parse_names(
    names: Iterable[str], region_names: Mapping[str, str] | None = None
) -> list[NameParts]:
    """
    Take names apart.

    Parameters
    ----------
    names
        Names of companies as people write them, in Chinese or English.
    region_names
        Name of a region -> its GB/T 2260 code; short names (凌源 for 凌源市) need not be
        given. None takes the regions of the text catalogue.

    Returns
    -------
    parts
        One a name, in the same order.
    """
    regions = _known_regions() if region_names is None else _regions(region_names)
    return [_parse(text, regions) for text in plain_texts(list(names))]


def normal_name(name: str, region_names: Mapping[str, str] | None = None) -> str:
    """
    A name as it is compared: two names with the same normal name name one firm.

    Half and full width, traditional and simplified characters, all kinds of brackets,
    blanks, dots, case, legal forms (有限责任公司, 有限公司, 公司, 厂, Co., Ltd., Inc.) and a
    leading region make no difference. 集团 and 股份 do: the parent and the listed company
    are two firms. What stands in brackets inside the name is part of it; a former name, or
    a remark behind the legal form, is not.

    Parameters
    ----------
    name
        As people write it.
    region_names
        As in `parse_names`.

    Returns
    -------
    normal
        中玻朝阳新材料 for 中玻（朝阳）新材料有限公司; blank if the name says nothing.
    """
    return parse_names([name], region_names)[0].normal


def former_names(name: str) -> tuple[str, ...]:
    """
    The earlier names that a name mentions: (原朝阳鞍凌钢铁), (曾用名: ...), (formerly ...).

    Parameters
    ----------
    name
        As people write it.

    Returns
    -------
    former
        In simplified characters and half width, in the order in which they stand.
    """
    return parse_names([name])[0].former if _MAY_HAVE_FORMER.search(name) else ()


def _parse(text: str, regions: _Regions) -> NameParts:
    former: list[str] = []
    tail = ""
    if "(" in text:
        text, tail, former = _out_of_brackets(text, regions)
    if "名" in text or "formerly" in text:
        found = _FORMER_AT_END.search(text)
        if found and found.start():
            former += _listed(found["names"])
            text = text[: found.start()]
    if not text.isalnum() and not text.isascii():
        text = _BETWEEN.sub("", text)
    text = text.strip()
    if "公司" in text[:-2]:
        text = _FORM_INSIDE.sub("", text)
    text, forms = _without_form(text)
    if text.isascii():
        text = text.replace("&", " and ")
    if not text.isalnum():
        text = _NO_WORD.sub("", text)
    rest, region = _without_region(text, regions)
    weak = is_common(rest)
    core = f"{regions.short[region]}{rest}" if weak and region else rest
    return NameParts(
        core=f"{core}{tail}",
        group="group" in forms,
        stock="stock" in forms,
        registered="registered" in forms,
        region=region,
        weak=weak and (not region or not (rest or forms)),
        former=tuple(former),
    )


def is_common(core: str) -> bool:
    """
    Say whether a name consists of words that name no firm: 钢铁, 新材料科技, 第一水泥.

    Parameters
    ----------
    core
        Without legal form and region.

    Returns
    -------
    common
        True also for a single character, and for nothing.
    """
    # The first two characters usually settle it, a hundred times faster than the pattern.
    for start in range(_SHORTEST):
        char, pair = core[start : start + 1], core[start : start + 2]
        if not char or char in _ORDINALS or char in _COMMON_STARTS or pair in _COMMON_STARTS:
            return len(_COMMON.sub("", core)) < _SHORTEST
    return False


def _listed(names: str) -> list[str]:
    return [name.strip(" :") for name in _LIST.split(names) if len(name.strip(" :")) >= _SHORTEST]


def _out_of_brackets(text: str, regions: _Regions) -> tuple[str, str, list[str]]:
    """Unwrap what is part of a name; take out former names and remarks."""
    former: list[str] = []
    tail = ""
    for _ in range(_MOST_BRACKETS):
        found = next(reversed([*_BRACKETED.finditer(text)]), None)
        if found is None:
            break
        inside = found[1].strip()
        before, after = text[: found.start()], text[found.end() :]
        earlier = _FORMER.fullmatch(inside)
        if earlier:
            former[:0] = _listed(earlier["names"])
            kept = ""
        elif inside in _FORM_WORDS:
            kept = _FORM_WORDS[inside]
        elif _REMARK.fullmatch(inside):
            kept = ""
        elif not after.strip() and _without_form(before.strip())[1]:
            # Behind the legal form stands a remark, unless it tells two plants apart.
            if inside in regions.codes or _BRANCH.fullmatch(inside):
                tail = f"{_NO_WORD.sub('', inside)}{tail}"
            kept = ""
        else:
            kept = inside
        text = f"{before}{kept}{after}"
    return text, tail, former


def _without_form(text: str) -> tuple[str, set[str]]:
    """Take legal forms off the end, one by one, as long as something is left."""
    forms: set[str] = set()
    while True:
        text = text.rstrip(" .,()")
        rest, says = _without_last_form(text)
        if not says:
            return text, forms
        forms.update(says)
        text = rest


def _without_last_form(text: str) -> tuple[str, tuple[str, ...]]:
    """Take one legal form off the end, unless nothing would be left; what it says."""
    if text[-1:].isascii():
        found = _ENGLISH_FORM.search(text)
        if found and found.start():
            return text[: found.start()], (str(found.lastgroup),)
    elif not text.endswith(_NO_FORM):
        for form, says in _FORMS_BY_END.get(text[-1], ()):
            if text.endswith(form) and len(text) > len(form) + (form == "厂"):
                return text[: -len(form)], says
    return text, ()


def _without_region(text: str, regions: _Regions) -> tuple[str, str]:
    """Take regions off the front, each inside the one before it, or the same again."""
    code = ""
    while text[:2] in regions.starts:
        for length in range(min(regions.longest, len(text)), 1, -1):
            found = regions.codes.get(text[:length], "")
            # 朝阳区 is not 朝阳, and 吉林市 is not 吉林.
            if found and found.startswith(code) and text[length : length + 1] not in _KINDS:
                code, text = found, text[length:]
                break
        else:
            break
    return text, code
