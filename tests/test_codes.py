"""Codes and names of regions, companies and industries."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import company, write_folder
from hypothesis import given
from hypothesis import strategies as st

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.tables.codes import (
    Sector,
    plain_uscc,
    sector_code,
    sector_names,
    uscc_check_digit,
    uscc_details,
    uscc_problem,
)
from cluster_graph.tables.places import find_place, region_code
from cluster_graph.text import LANGS, texts

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SECTORS = {"炼钢": "3120", "钢压延加工": "3130", "铁合金冶炼": "3140", "铁矿采选": "0810"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("211382", "211382"),
        ("2113", "2113"),
        ("21", "21"),
        ("211382104000", "211382"),
        ("211382.0", "211382"),
        ("２１１３８２", "211382"),
        ("凌源市", "211382"),
        ("凌源", "211382"),
        ("朝阳市", "211300"),
        ("辽宁省朝阳市凌源市", "211382"),
        ("辽宁朝阳凌源", "211382"),
        ("辽宁省 朝阳市 凌源市", "211382"),
        ("中国辽宁省凌源市", "211382"),
        ("辽宁省/朝阳市/凌源市", "211382"),
        ("河北省唐山市古冶区", "130204"),
        ("唐山迁安", "130283"),
        ("北京", "110000"),
        ("北京市市辖区朝阳区", "110105"),
        ("北京市北京市朝阳区", "110105"),
        ("北京朝阳", "110105"),
        ("辽宁朝阳", "211300"),
        ("济南市中区", "370103"),
        ("承德", "130800"),
        ("承德县", "130821"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("内蒙古赤峰市宁城县", "150429"),
        ("喀左县", "211324"),
        ("喀喇沁左翼蒙古族自治县", "211324"),
        ("黔南州", "522700"),
        ("凌源经济开发区", "211382"),
        ("凌源市城关街道", "211382"),
        ("凌源市(211382)", "211382"),
        ("凌源市 211382", "211382"),
        ("临平区", "330113"),
        ("随州市", "421300"),
        ("Lingyuan", "211382"),
        ("Liaoning, China", "210000"),
    ],
)
def test_a_region_is_read(text: str, code: str) -> None:
    """Codes pass; names are found with and without the regions around them."""
    assert region_code(text) == code


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("朝阳", {"110105", "211300", "211321", "220104"}),
        ("朝阳区", {"110105", "220104"}),
        ("市中区", {"370103", "370402", "511002", "511102"}),
        ("郊区", {"140311", "230811", "340711"}),
        ("北京市 211382", {"110000", "211382"}),
    ],
)
def test_a_name_of_several_regions_stays_undecided(text: str, candidates: set[str]) -> None:
    """The candidates are handed out, none is chosen."""
    place = find_place(text)
    assert place.code is None
    assert place.how == "ambiguous"
    assert set(place.candidates) == candidates


def test_the_region_of_the_table_decides_between_namesakes() -> None:
    """In a table about Lingyuan, 朝阳 is its own prefecture."""
    assert region_code("朝阳", within="211382") == "211300"
    assert region_code("朝阳区", within="1101") == "110105"


@pytest.mark.parametrize("text", ["", "无", "999999", "朝阳路5号", "市辖区", "甲", "某地", "21138"])
def test_what_is_no_region_is_none(text: str) -> None:
    """Nothing is made up, and a street is no region."""
    assert find_place(text).code is None
    assert find_place(text).candidates == ()


@pytest.mark.parametrize(
    ("text", "code"), [("凌源县", "211382"), ("北京市密云县", "110118"), ("东矿区", "130204")]
)
def test_a_former_name_leads_to_the_region_of_today(text: str, code: str) -> None:
    """And is marked as former."""
    assert find_place(text).code == code
    assert find_place(text).how == "former"


@pytest.mark.parametrize("lang", LANGS)
def test_the_catalogue_agrees_with_the_table(lang: str) -> None:
    """Every region that the pages name is one, under the same code."""
    for code, name in texts("region", lang).items():  # type: ignore[arg-type]
        found = find_place(name, within=code)
        assert found.code == code.ljust(6, "0"), name


@given(st.text(max_size=40))
def test_any_text_can_be_asked_for_a_region(text: str) -> None:
    """It gives an answer, not an error."""
    place = find_place(text)
    assert place.code is None or place.code in place.candidates


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", None),
        ("91110000600037341L", None),
        (" 9111 0000-600037341l ", None),
        ("９１１１００００６０００３７３４１Ｌ", None),
        ("91110000600037341K", "uscc_check_digit"),
        ("9111000060003734", "uscc_length"),
        ("211382000001234", "uscc_old"),
        ("60003734-1", "uscc_old"),
        ("9.1110000600E+17", "uscc_rounded"),
        ("9111000060003734OL", "uscc_signs"),
        ("9111AB00600037341L", "uscc_signs"),
        ("91\u0661\u0661\u0661\u0661\u0661\u0661600037341L", "uscc_signs"),
    ],
)
def test_what_is_wrong_with_a_social_credit_code(code: str, problem: str | None) -> None:
    """Each fault has its own key."""
    assert uscc_problem(code) == problem


def test_the_details_name_what_was_expected() -> None:
    """The right check digit, the length, the signs that do not belong."""
    assert uscc_details("91110000600037341K")["expected"] == "L"
    assert uscc_details("9111000060003734OL")["signs"] == "O"
    assert uscc_details("9111")["length"] == 4
    assert uscc_check_digit("9111") is None
    assert uscc_check_digit("91110000600037341") == "L"


@given(st.text(ALPHABET, min_size=9, max_size=9), st.integers(0, 8))
def test_one_wrong_sign_is_always_noticed(organisation: str, place: int) -> None:
    """The purpose of a check digit."""
    body = f"91211382{organisation}"
    code = f"{body}{uscc_check_digit(body)}"
    assert uscc_problem(code) is None
    other = ALPHABET[(ALPHABET.index(code[place + 8]) + 1) % len(ALPHABET)]
    wrong = f"{code[: place + 8]}{other}{code[place + 9 :]}"
    assert uscc_problem(wrong) == "uscc_check_digit"


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_a_social_credit_code(text: str) -> None:
    """It gives an answer, not an error."""
    assert (uscc_problem(text) is None) == (plain_uscc(text) == "")
    assert uscc_details(text)["length"] == len(plain_uscc(text))


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("3120", Sector("3120", "code", "3120")),
        ("C3120", Sector("3120", "code", "3120")),
        ("3120 炼钢", Sector("3120", "code", "3120")),
        ("31", Sector("31", "code", "31")),
        ("炼钢", Sector("3120", "name")),
        ("炼钢业", Sector("3120", "name")),
        ("钢压延", Sector("3130", "name")),
        ("3140 铁合金冶炼", Sector("3140", "code", "3140")),
        ("3140", Sector("3140", "code", "3140")),
        ("3140 钢压延加工", Sector("3130", "translated", "3140")),
        ("3150 铁合金冶炼", Sector("3140", "translated", "3150")),
        ("C3140(GB/T 4754-2011)", Sector("3130", "translated", "3140")),
        ("3140(2011)", Sector("3130", "translated", "3140")),
        ("3140 2011版", Sector("3130", "translated", "3140")),
        ("GB/T 4754-2017 C3140", Sector("3140", "code", "3140")),
        ("GB/T 4754：3120", Sector("3120", "code", "3120")),
        ("GB/T4754-2002 3120", Sector("3120", "untranslated", "3120")),
        ("GB/T 4754 2011", Sector("2011", "code", "2011")),
        ("31200", Sector(None, "unknown")),
        ("3120 2011版", Sector("3120", "untranslated", "3120")),
        ("3130 2011版", Sector(None, "old", "3130")),
        ("3150", Sector(None, "old", "3150", ("3140",))),
        ("3120 铁合金冶炼", Sector(None, "conflict", "3120", ("3120", "3140"))),
        ("A3120", Sector(None, "conflict", "3120")),
        ("B810", Sector("0810", "code", "0810")),
        ("810 铁矿采选", Sector("0810", "code", "0810")),
        ("9999", Sector(None, "unknown", "9999")),
        ("批发", Sector(None, "unknown")),
        ("", Sector(None, "unknown")),
    ],
)
def test_an_industry_code_is_read(text: str, sector: Sector) -> None:
    """With or without letter and name; 2011 only where the row shows it."""
    assert sector_code(text, SECTORS) == sector


def test_the_edition_of_the_table_counts() -> None:
    """A table of 2011 codes is translated, and a contradiction is not settled."""
    assert sector_code("3140", SECTORS, edition=2011).code == "3130"
    assert sector_code("3140 炼钢", SECTORS, edition=2011).how == "conflict"
    assert sector_code("3140", SECTORS, edition=2017).code == "3140"


def test_the_sectors_of_the_chains_are_found_by_name(shipped_chain: Chain) -> None:
    """Every name leads to its code."""
    products = shipped_chain.products
    names = sector_names(products["sector_code"], products["sector_name_zh"])
    assert len(names) > 50
    assert {name: sector_code(name, names).code for name in names} == names


def test_a_name_beside_two_codes_is_no_name() -> None:
    """It could mean either."""
    assert sector_names(["1", "2", "3", ""], ["a", "a", "b", "c"]) == {"b": "3"}


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_an_industry(text: str) -> None:
    """It gives an answer, not an error."""
    assert isinstance(sector_code(text, SECTORS), Sector)


def test_sectors_of_companies_become_codes_of_2017(tmp_path: Path, shipped_chain: Chain) -> None:
    """A name or a code with its name becomes the code; what nobody knows stays as it came."""
    given_as = {"A": "3120 炼钢", "B": "炼钢", "C": "C3120", "D": "钢铁那一行", "E": ""}
    firms = [company(firm, sector_code=text) for firm, text in given_as.items()]
    outputs = [{"company_id": "A", "product_id": "S_CRUDE", "output": 1}]
    folder = write_folder(tmp_path / "data", companies=firms, outputs=outputs)
    companies = cg.build(cg.load(folder), shipped_chain).tables.companies
    codes = companies.set_index("company_id")["sector_code"]
    assert codes.to_dict() == {"A": "3120", "B": "3120", "C": "3120", "D": "钢铁那一行", "E": ""}


def test_a_wrong_code_beside_blank_ones_is_a_problem_of_its_cell() -> None:
    """Good and blank codes have no problem; the wrong one is named and the row counts."""
    companies = pd.DataFrame(
        {"company_id": ["A", "B", "C"], "name": ["甲", "乙", "丙"], "uscc": ["", "123", ""]}
    )
    outputs = pd.DataFrame({"company_id": ["A"], "product_id": ["X"], "output": [1]})
    tables = cg.load({"companies": companies, "outputs": outputs})
    assert [(problem.key, problem.row) for problem in tables.problems] == [("uscc_length", 3)]
    assert tables.companies["company_id"].tolist() == ["A", "B", "C"]
