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
_LIST: Final = re.compile(r"\s*[,;、，；/]\s*")
_FORM: Final = re.compile(
    r"(?P<registered>股份有限责任公司|有限责任公司|责任有限公司|有限责任|有限公司|有限|总公司"
    r"|(?<![分子])公司)$"
    r"|(?P<works>总厂|工厂|(?<![分电水工])厂)$"
    r"|(?P<stock>股份(?:制|合作)?)$"
    r"|(?P<group>集团)$"
)
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
_COMMON: Final = re.compile(
    "产业集群|产业园|工业园|园区|集群|钢铁|铁合金|合金|冶金|冶炼|铸造|锻造|轧钢|炼钢|炼铁|钢管|管业"
    "|管道|管件|弯头|铁矿|铁精矿|矿业|矿山|矿产|选矿|采矿|煤炭|煤业|焦炭|焦化|化工|化学|水泥|石灰|建材|建筑|安装"
    "|装饰|新材料|复合材料|预应力|材料|新型|玻璃钢|玻璃纤维|玻璃|玻纤|陶瓷|耐火|机械|机器|机电|电机|设备|装备|重型"
    "|轻型|精密|制造|加工|汽车|车辆|整车|专用车|轮胎|轮毂|零部件|配件|部件|模具|电子|电器|电气|电力|电缆"
    "|电线|线缆|新能源|能源|太阳能|光伏|风电|风能|风力|发电|热力|热电|供热|供电|供水|自来水|燃气|天然气|石油"
    "|石化|环保|环境|科技|高新|技术|信息|网络|智能|工程|建设|建工|开发|投资|发展|实业|工业|工贸|商贸|贸易"
    "|经贸|物资|物流|运输|仓储|铁路|公路|交通|房地产|置业|物业|食品|饮料|粮油|粮食|农业|农产品|农机|种植"
    "|养殖|畜牧|林业|木业|家具|纺织|服装|纸业|造纸|包装|印刷|医药|药业|制药|医疗|生物|酒业|酿酒|控股|管理"
    "|服务|咨询|产业|企业|项目|经济|城市|城镇|农村|国有|资产|资本|经营|销售|有限|公司|中心|合作社|专业|综合"
    "|股份|集团|金属|制品|资源|再生|综合利用|利用|回收|废旧|废弃物|五金|锰业|钛业|铝业|铜业|镁业|铝材|铜材|钢材"
    "|钢结构|型材|板材|带钢|线材|紧固件|标准件|丝网|塑料|橡胶|塑胶|涂料|防水|第[一二三四五六七八九十]+|第?[0-9]+"
    "|人民|医院|饭店|宾馆|酒店|某|不详|未知|无|市|县|区|厂|镇|乡|村"
)
_SHORTEST: Final = 2
_MOST_BRACKETS: Final = 9
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
    return _Regions(codes, short, max(map(len, codes), default=0))


@cache
def _known_regions() -> _Regions:
    return _regions({name: code for code, name in texts("region", "zh").items()})


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415  loads its dictionaries

    return OpenCC("t2s")


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
    return parse_names([name])[0].former


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
    text = text.strip()
    if "有限" in text:
        text = _FORM_INSIDE.sub("", text)
    text, forms = _without_form(text)
    if text.isascii():
        text = text.replace("&", " and ")
    rest, region = _without_region(_NO_WORD.sub("", text), regions)
    weak = is_common(rest)
    core = f"{regions.short[region]}{rest}" if weak and region else rest
    return NameParts(
        core=f"{core}{tail}",
        group="group" in forms,
        stock="stock" in forms,
        registered="registered" in forms or "works" in forms,
        region=region,
        weak=weak and not region,
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
    return len(_COMMON.sub("", core)) < _SHORTEST


def _listed(names: str) -> list[str]:
    return [name.strip(" :") for name in _LIST.split(names) if len(name.strip(" :")) >= _SHORTEST]


def _out_of_brackets(text: str, regions: _Regions) -> tuple[str, str, list[str]]:
    """Unwrap what is part of a name; take out former names and remarks."""
    former: list[str] = []
    tail = ""
    for _ in range(_MOST_BRACKETS):
        found = _BRACKETED.search(text)
        if found is None:
            break
        inside = found[1].strip()
        before, after = text[: found.start()], text[found.end() :]
        earlier = _FORMER.fullmatch(inside)
        if earlier:
            former += _listed(earlier["names"])
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
        found = _FORM.search(text)
        if found is None and text[-1:].isascii():
            found = _ENGLISH_FORM.search(text)
        if found is None or not found.start():
            return text, forms
        kind = str(found.lastgroup)
        if kind == "works" and found.start() < _SHORTEST:
            return text, forms
        forms.add(kind)
        if kind == "registered" and found[0].startswith(STOCK):
            forms.add("stock")
        text = text[: found.start()]


def _without_region(text: str, regions: _Regions) -> tuple[str, str]:
    """Take regions off the front, each inside the one before it."""
    code = ""
    while True:
        for length in range(min(regions.longest, len(text)), 1, -1):
            found = regions.codes.get(text[:length], "")
            if found and found != code and found.startswith(code):
                code, text = found, text[length:]
                break
            if found and found == code and text[:length] != regions.short[code]:
                text = text[length:]
                break
        else:
            return text, code
