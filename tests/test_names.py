"""How a company's name is taken apart; firms that are not in the shipped data are synthetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_graph.tables.names import former_names, is_common, normal_name, parse_names

ONE_NAME = [
    [
        "凌源钢铁集团有限责任公司",
        "凌源钢铁（集团）有限责任公司",
        "凌源鋼鐵集團有限公司",
        "凌源市钢铁集团",
    ],
    [
        "中玻(朝阳)新材料有限公司",
        "中玻（朝阳）新材料有限公司",
        "中玻〔朝阳〕新材料",
        "中玻朝阳新材料 有限·公司",
    ],
    [
        "凌源市普赛斯科技有限公司",
        "普赛斯科技",
        "辽宁省朝阳市凌源市普赛斯科技公司",
        "普赛斯科技有限责任公司(筹)",
    ],
    ["旭阳焦炭(凌源)", "旭阳焦炭（凌源）有限公司", "旭阳焦炭有限公司（凌源）"],
    ["三沅環保科技", "三沅环保科技有限公司", "三沅　环保科技", "辽宁三沅环保科技有限公司"],
    ["Lingyuan Iron & Steel Co., Ltd.", "LINGYUAN IRON AND STEEL", "Lingyuan Iron & Steel Inc."],
    ["ＴＰＣＯ Group", "TPCO (Group) Co., Ltd.", "tpco集团"],
    ["凌河汽车公司(醇氢商用车)", "凌河汽车", "凌河汽车总公司"],
    ["北京市北京首钢冷轧薄板有限公司", "首钢冷轧薄板"],
]
TWO_NAMES = [
    ("凌源钢铁集团有限责任公司", "凌源钢铁股份有限公司"),
    ("北京首钢股份有限公司", "北京首钢冷轧薄板有限公司"),
    ("凌源钢铁", "朝阳钢铁"),
    ("凌源钢铁厂", "钢铁厂"),
    ("信义玻璃(天津)有限公司", "信义玻璃(营口)有限公司"),
    ("河钢集团邯钢公司", "河钢集团承钢公司"),
    ("华能电力有限公司", "华能电力有限公司凌源分公司"),
    ("朝阳第一水泥厂", "朝阳第二水泥厂"),
    ("朝阳县水泥厂", "朝阳市水泥厂"),
]


@pytest.mark.parametrize("names", ONE_NAME, ids=lambda names: names[0])
def test_ways_of_writing_one_name(names: list[str]) -> None:
    """Width, brackets, characters, legal form, place, blanks and case make no difference."""
    assert {normal_name(name) for name in names} == {normal_name(names[0])}
    assert normal_name(names[0])


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_names_of_two_firms(one: str, other: str) -> None:
    """What tells two firms apart stays in the name."""
    assert normal_name(one) != normal_name(other)


@pytest.mark.parametrize(
    ("name", "former"),
    [
        ("鞍钢集团朝阳钢铁有限公司(原朝阳鞍凌钢铁)", ("朝阳鞍凌钢铁",)),
        ("鑫达公司（曾用名：大众铸造厂、北票铸造厂）", ("大众铸造厂", "北票铸造厂")),
        ("鑫達公司（原名：大眾鑄造廠）", ("大众铸造厂",)),
        ("鑫达公司，曾用名：大众铸造厂", ("大众铸造厂",)),
        ("Ansteel Chaoyang (formerly An-Ling)", ("an-ling",)),
        ("鑫达公司(原料)", ()),
        ("(朝阳)新材料", ()),
        ("原野农业有限公司", ()),
        ("凌河汽车公司(醇氢商用车)", ()),
    ],
)
def test_former_names(name: str, former: tuple[str, ...]) -> None:
    """A former name is no part of the name; what only looks like one is."""
    assert former_names(name) == former
    assert not any(normal_name(old) in normal_name(name) for old in former)


def test_what_a_name_says() -> None:
    """Legal form, place and former name are told apart."""
    (parts,) = parse_names(["天津友发钢管集团股份有限公司(原天津友发)"])
    assert (parts.core, parts.group, parts.stock, parts.registered) == (
        "友发钢管",
        True,
        True,
        True,
    )
    assert parts.region == "12"
    assert parts.former == ("天津友发",)
    assert parts.normal == "友发钢管集团股份"


@pytest.mark.parametrize(
    "name", ["水泥厂", "第一水泥厂", "新材料科技有限公司", "某公司", "凌源", "无", "", "（", "A"]
)
def test_names_that_name_nobody(name: str) -> None:
    """A name of common words, a place or a single character finds nobody."""
    assert parse_names([name])[0].weak


def test_common_words_keep_their_place() -> None:
    """凌源钢铁 without its place would be 钢铁."""
    assert is_common("钢铁")
    assert normal_name("辽宁省凌源市钢铁厂") == "凌源钢铁"
    assert not parse_names(["凌源钢铁"])[0].weak


def test_a_place_with_another_ending_is_another_place() -> None:
    """朝阳区 lies in Beijing, and 朝阳 in Liaoning."""
    assert parse_names(["朝阳区鑫达商贸"])[0].region == ""
    assert parse_names(["北京市朝阳区鑫达商贸"])[0].region == "11"
    assert parse_names(["朝阳鑫达商贸"])[0].region == "2113"


def test_regions_can_be_given() -> None:
    """A caller with more regions gives them."""
    assert normal_name("杭州市鑫达科技") == "杭州市鑫达科技"
    assert normal_name("杭州鑫达科技", {"杭州市": "3301"}) == "鑫达科技"


@given(st.lists(st.text()))
def test_any_text_is_taken(names: list[str]) -> None:
    """No text breaks it, none swallows its neighbour, and each comes out as by itself."""
    assert parse_names(names) == [parse_names([name])[0] for name in names]


def test_brackets_without_end() -> None:
    """A hostile name costs no more than its length."""
    assert normal_name("(" * 50_000 + "鑫达商贸" + ")" * 50_000) == "鑫达商贸"
    assert normal_name("()" * 50_000 + "鑫达商贸") == "鑫达商贸"
