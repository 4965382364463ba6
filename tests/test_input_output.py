"""Input-output mathematics against textbooks, other programs and a real table."""

from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio
import pytest
from conftest import Run, company, write_folder
from scipy import sparse

import cluster_graph as cg
from cluster_graph._errors import ChainError, InputError
from cluster_graph.chain import linkages as io
from cluster_graph.chain.productive import spectral_radius
from cluster_graph.gaps.demand import total_demand

# Miller & Blair (2009), Input-Output Analysis, 2nd ed., section 2.3: two sectors, flows 150
# and 500 of sector 1, 200 and 100 of sector 2; outputs 1,000 and 2,000.
FLOWS = np.array([[150.0, 500.0], [200.0, 100.0]])
OUTPUT = np.array([1000.0, 2000.0])
A = np.array([[0.15, 0.25], [0.20, 0.05]])
FINAL = np.array([600.0, 1500.0])

TABLE = """
单位：万元,,,,,
代码,部门,A01,C31,合计,总产出
A01,农业,150,500,650,1000
C31,黑色金属,200,100,300,2000
,增加值,650,1400,2050,
"""


def written(path: Path, text: str) -> Path:
    """Write a synthetic table."""
    path.write_text(text.strip() + "\n", encoding="utf-8")
    return path


# ---- textbooks


def test_miller_and_blair_two_sectors() -> None:
    """
    Section 2.3.1: for f = (600, 1500) the outputs are x = (1247.52, 1841.58).

    Exactly, by Cramer: det(I - A) = 0.85 x 0.95 - 0.25 x 0.20 = 303/400, x1 = (0.95 x 600 +
    0.25 x 1500) / det, x2 = (0.85 x 1500 + 0.20 x 600) / det.
    """
    np.testing.assert_allclose(io.technical_coefficients(FLOWS, OUTPUT), A, atol=1e-15)
    det = Fraction(85, 100) * Fraction(95, 100) - Fraction(25, 100) * Fraction(20, 100)
    exact = (
        (Fraction(95, 100) * 600 + Fraction(25, 100) * 1500) / det,
        (Fraction(85, 100) * 1500 + Fraction(20, 100) * 600) / det,
    )
    found = io.leontief_solve(sparse.csr_array(A), FINAL)
    np.testing.assert_allclose(found, [float(x) for x in exact], atol=1e-9)
    np.testing.assert_allclose(found, [1247.52, 1841.58], atol=0.005)


def test_leontief_inverse_by_hand() -> None:
    """L = 1 / det [[0.95, 0.25], [0.20, 0.85]], det = 0.7575; the book prints 1.2541 and so on."""
    by_hand = np.array([[0.95, 0.25], [0.20, 0.85]]) / 0.7575
    np.testing.assert_allclose(io.leontief_inverse(A), by_hand, atol=1e-9)
    np.testing.assert_allclose(by_hand, [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5e-5)


def test_ghosh_inverse_by_hand() -> None:
    """
    Section 12.1: B = x^-1 Z = [[0.15, 0.5], [0.1, 0.05]], det(I - B) = 0.7575.

    G = 1 / det [[0.95, 0.5], [0.1, 0.85]], and G = x^-1 L x.
    """
    by_hand = np.array([[0.95, 0.5], [0.1, 0.85]]) / 0.7575
    found = io.ghosh_inverse(FLOWS, OUTPUT)
    np.testing.assert_allclose(found, by_hand, atol=1e-9)
    similar = io.leontief_inverse(A) * OUTPUT[None, :] / OUTPUT[:, None]
    np.testing.assert_allclose(found, similar, atol=1e-9)


def test_rasmussen_linkages_by_hand() -> None:
    """
    Column sums of L are 1.15 / 0.7575 and 1.10 / 0.7575, row sums 1.20 and 1.05.

    Over their means, 1.125 / 0.7575 both: backward 1.15 / 1.125 and 1.10 / 1.125, forward
    1.20 / 1.125 and 1.05 / 1.125.
    """
    matrix = sparse.csr_array(A)
    np.testing.assert_allclose(
        io.backward_linkages(matrix), [1.15 / 1.125, 1.10 / 1.125], atol=1e-9
    )
    np.testing.assert_allclose(io.forward_linkages(matrix), [1.20 / 1.125, 1.05 / 1.125], atol=1e-9)


def test_flegg_quotients_by_hand() -> None:
    """
    A region of 30 and 10 persons in a nation of 200 and 200: Flegg & Webber (1997).

    LQ = (0.75 / 0.5, 0.25 / 0.5) = (1.5, 0.5). CILQ off the diagonal: 1.5 / 0.5 = 3 and 1/3.
    lambda = log2(1 + 40 / 400)^0.3.
    """
    region, nation = np.array([30.0, 10.0]), np.array([200.0, 200.0])
    quotients = io.location_quotients(region, nation)
    np.testing.assert_allclose(quotients, [1.5, 0.5], atol=1e-12)
    cross = io.cross_industry_quotients(quotients)
    np.testing.assert_allclose(cross, [[1.5, 3.0], [1 / 3, 0.5]], atol=1e-12)
    size = np.log2(1.1) ** 0.3
    found = io.flegg_quotients(region, nation)
    np.testing.assert_allclose(found, np.array([[1.5, 3.0], [1 / 3, 0.5]]) * size, atol=1e-9)
    local = io.regional_coefficients(A, found)
    expected = A * np.minimum(found, 1.0)
    np.testing.assert_allclose(local, expected, atol=1e-12)
    assert (local <= A).all()


def test_unknown_employment_stays_unknown() -> None:
    """A sector of which nobody knows the employment has no quotient; the others keep theirs."""
    region, nation = np.array([30.0, 10.0, np.nan]), np.array([200.0, 200.0, 50.0])
    quotients = io.location_quotients(region, nation)
    np.testing.assert_allclose(quotients[:2], [1.5, 0.5])
    assert np.isnan(quotients[2])
    flq = io.flegg_quotients(region, nation)
    assert np.isnan(flq[2]).all()
    assert np.isnan(flq[:, 2]).all()
    assert not np.isnan(flq[:2, :2]).any()


def test_agrees_with_pymrio() -> None:
    """calc_A, calc_L and calc_x_from_L of pymrio on its own bundled test system."""
    system = pymrio.load_test()
    flows = system.Z.to_numpy(dtype=float)
    final = system.Y.sum(axis=1).to_numpy(dtype=float)
    output = pymrio.calc_x(system.Z, system.Y)["indout"].to_numpy(dtype=float)
    theirs = pymrio.calc_A(system.Z, output)
    own = io.technical_coefficients(flows, output)
    np.testing.assert_allclose(own, theirs.to_numpy(), atol=1e-9)
    inverse = pymrio.calc_L(theirs)
    np.testing.assert_allclose(io.leontief_inverse(own), inverse.to_numpy(), atol=1e-9)
    total = pymrio.calc_x_from_L(inverse, system.Y.sum(axis=1))["indout"].to_numpy()
    found = io.leontief_solve(sparse.csr_array(own), final)
    np.testing.assert_allclose(found, total, rtol=1e-9)


# ---- a real table


@pytest.fixture(scope="module")
def us_table() -> Path:
    """Return the 15-sector use table of the United States that a book's package carries."""
    spec = find_spec("quantecon_book_networks")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data" / "csv_files" / "use_15.csv"


def test_a_real_table_agrees_with_numpy(us_table: Path) -> None:
    """Total requirements, spectral radius and backward linkages, to 1e-9."""
    chain = cg.chains(f"io:{us_table}")
    raw = pd.read_csv(us_table, index_col=0).replace("---", 0)
    flows = raw.iloc[:15, :15].to_numpy(dtype=float)
    output = raw.loc["Total industry output (basic prices)"].iloc[:15].to_numpy(dtype=float)
    plain = flows / output
    assert list(chain.products["name_zh"]) == list(raw.index[:15])
    found = chain.coefficients()
    np.testing.assert_allclose(found.toarray(), plain, atol=1e-12)
    assert spectral_radius(found) == pytest.approx(max(abs(np.linalg.eigvals(plain))), abs=1e-9)
    inverse = np.linalg.inv(np.eye(15) - plain)
    demand = np.ones(15)
    np.testing.assert_allclose(total_demand(found, demand), plain @ inverse @ demand, rtol=1e-9)
    sums = inverse.sum(axis=0)
    np.testing.assert_allclose(io.backward_linkages(found), sums / sums.mean(), atol=1e-9)


# ---- a table as a chain


def test_a_table_serves_the_same_commands(tmp_path: Path, run: Run) -> None:
    """
    A mill of 2,000 wan yuan needs 500 of farming and 100 of its own kind: 5 and 1 million yuan.

    Direct and total demand in yuan, by sector code, in the table's own words.
    """
    table = written(tmp_path / "表.csv", TABLE)
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "黑色金属", "output": 2000, "unit": "万元"}],
    )
    chain = cg.chains(f"io:{table}")
    assert chain.products["name_zh"].to_dict() == {"A01": "农业", "C31": "黑色金属"}
    np.testing.assert_allclose(chain.coefficients().toarray(), A, atol=1e-12)
    balance = cg.balance(cg.build(cg.load(data), chain)).set_index("product_id")
    assert balance.loc["A01", ["demand", "shortage", "unit"]].tolist() == [5e6, 5e6, "yuan"]
    assert balance.loc["C31", ["demand", "supply", "surplus"]].tolist() == [1e6, 2e7, 1.9e7]
    total = A @ np.linalg.inv(np.eye(2) - A) @ [0, 2e7]
    np.testing.assert_allclose(balance["total_demand"], total, rtol=1e-9)
    done = run("gaps", data, "--chain", f"io:{table}", "--direction", "upstream")
    assert done.returncode == 0, done.stderr
    assert "农业" in done.stdout


def test_coefficients_are_taken_as_they_are(tmp_path: Path) -> None:
    """Without output, entries whose columns add up to less than 1 are coefficients."""
    text = "sector,Farming,Mining\nFarming,0.15,0.25\nMining,0.2,---\n"
    chain = cg.chains(f"io:{written(tmp_path / 'a.csv', text)}")
    np.testing.assert_allclose(chain.coefficients().toarray(), [[0.15, 0.25], [0.2, 0]])
    assert chain.products["name_en"].tolist() == ["Farming", "Mining"]
    assert set(chain.inputs["evidence"]) == {"derived"}


def test_another_money(tmp_path: Path) -> None:
    """What it is worth in yuan is not known, so no value is given."""
    text = "currency: USD,,\nsector,Farming,Mining\nFarming,0.15,0.25\nMining,0.2,0.1\n"
    chain = cg.chains(f"io:{written(tmp_path / 'a.csv', text)}")
    assert set(chain.products["unit"]) == {"USD"}
    assert chain.products["price"].isna().all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,c\n1,2,3\n", "no square matrix"),
        ("s,A,B,C,Total output\nA,1,1,1,9\nC,1,1,1,9\n", "column 'B' has no row"),
        ("s,A,B,Total output\nA,1,1,9\nB,1,1,9\nA,1,1,9\n", "stands twice"),
        ("s,A,B,Total output\nA,1,-1,9\nB,1,1,9\n", "'-1' cannot be used"),
        ("s,A,B,Total output\nA,1,x,9\nB,1,1,9\n", "'x' is no number"),
        ("s,A,B,Total output\nA,1,1,0\nB,1,1,9\n", "has no total output"),
        ("s,A,B\nA,1,1\nB,1,1\n", "no row or column of total output"),
    ],
)
def test_tables_that_cannot_be_used(text: str, said: str, tmp_path: Path) -> None:
    """Each fault is named."""
    with pytest.raises(InputError, match=said):
        cg.chains(f"io:{written(tmp_path / 't.csv', text)}")


def test_a_table_that_eats_itself(tmp_path: Path) -> None:
    """A spectral radius of 1 or more names the cycle."""
    text = "s,A,B,Total output\nA,0,9,8\nB,9,0,8\n"
    with pytest.raises(ChainError, match="A -> B -> A"):
        cg.chains(f"io:{written(tmp_path / 't.csv', text)}")


def test_a_table_that_is_not_there(run: Run) -> None:
    """A clear line, exit 2."""
    done = run("gaps", "--chain", "io:nothing.xlsx")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
