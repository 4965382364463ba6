"""Reference chains: what contradicts itself is named; all chains here are synthetic."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Rows, company, needs, product, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

import cluster_graph as cg
from cluster_graph._errors import BrokenChainError, ChainError, InputError
from cluster_graph.chain import linkages, productive
from cluster_graph.chain.linkages import leontief_solve
from cluster_graph.chain.model import Chain
from cluster_graph.chain.productive import check_productive, heaviest_cycle, spectral_radius
from cluster_graph.gaps.demand import forward_bound, total_demand
from cluster_graph.text import LANGS

PAIR = (product("M"), product("N"))
INPUTS = "input_id,output_id,kind,typical\n"


def chain(folder: Path, products: Rows, inputs: Rows) -> Chain:
    """Read a chain of these rows."""
    return cg.chains(write_folder(folder, products=products, inputs=inputs))


def raw(folder: Path, inputs: str | bytes, products: str | None = None) -> Chain:
    """Read a chain whose inputs, or products, stand on the disk as given."""
    write_folder(folder, products=PAIR)
    content = inputs if isinstance(inputs, bytes) else inputs.encode()
    (folder / "inputs.csv").write_bytes(content)
    if products is not None:
        (folder / "products.csv").write_text(products, encoding="utf-8")
    return cg.chains(folder)


def changed(base: Mapping[str, object], **more: object) -> dict[str, object]:
    """Return a row with some cells changed."""
    return {**base, **more}


FAULTS: dict[str, tuple[Rows, Rows, tuple[str, ...]]] = {
    "unknown product": (PAIR, [needs("Z", "M", 1)], ("inputs.csv", "row 2", "input_id", "'Z'")),
    "blank product": (PAIR, [needs("", "M", 1)], ("inputs.csv", "row 2", "input_id")),
    "duplicate input": (
        PAIR,
        [needs("N", "M", 0.5), needs("N", "M", 0.6)],
        ("inputs.csv", "row 3", "N of M (material)", "twice"),
    ),
    "low above typical": (
        PAIR,
        [needs("N", "M", 0.5, low=0.7)],
        ("inputs.csv", "row 2", "typical", "0.7", "0.5", "low <= typical <= high"),
    ),
    "high below typical": (
        PAIR,
        [needs("N", "M", 0.5, high=0.4)],
        ("inputs.csv", "row 2", "0.4", "out of order"),
    ),
    "unit": (
        (PAIR[0], product("N", unit="m3")),
        [needs("N", "M", 0.5, unit="t/t")],
        ("inputs.csv", "row 2", "unit", "'t/t'", "expected m3/t"),
    ),
    "unit of a by-product": (
        (PAIR[0], product("N", unit="m3")),
        [needs("M", "N", 0.5, unit="t/m3", kind="by_product")],
        ("inputs.csv", "row 2", "'t/m3'", "expected m3/t"),
    ),
    "price order": (
        (product("M", price=5, price_low=6, price_high=9), PAIR[1]),
        [needs("N", "M", 0.5)],
        ("products.csv", "row 2", "price", "6.0", "5.0", "out of order"),
    ),
    "price order without a typical one": (
        (product("M", price_low=6, price_high=5), PAIR[1]),
        [needs("N", "M", 0.5)],
        ("products.csv", "row 2", "price_low 6", "price_high 5"),
    ),
    "self input": (
        PAIR,
        [needs("N", "N", 1)],
        ("inputs.csv", "row 2", "same product", "coefficient of 1", "less than 1"),
    ),
    "kind": (
        PAIR,
        [needs("N", "M", 0.5, kind="magic")],
        ("inputs.csv", "row 2", "kind", "'magic'", "by_product"),
    ),
    "negative": (
        PAIR,
        [changed(needs("N", "M", 1), low="-2")],
        ("inputs.csv", "row 2", "low", "'-2'", "negative"),
    ),
    "no number": (
        PAIR,
        [changed(needs("N", "M", 1), typical="two")],
        ("inputs.csv", "row 2", "typical", "'two'", "not a number"),
    ),
    "flag": (
        PAIR,
        [needs("N", "M", 1, essential="maybe")],
        ("inputs.csv", "row 2", "essential", "'maybe'"),
    ),
    "product twice": (
        (*PAIR, product("M", price=3)),
        [needs("N", "M", 0.5)],
        ("products.csv", "row 4", "'M'", "row 2", "other values"),
    ),
    "product without id": (
        (*PAIR, product("")),
        [needs("N", "M", 0.5)],
        ("products.csv", "row 4", "product_id", "blank"),
    ),
}


@pytest.mark.parametrize(("products", "inputs", "words"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named(
    tmp_path: Path, products: Rows, inputs: Rows, words: tuple[str, ...]
) -> None:
    """Each fault is one line with file, row, column, value and what to do."""
    with pytest.raises(ChainError) as caught:
        chain(tmp_path / "mine", products, inputs)
    lines = caught.value.text("en").splitlines()
    assert len(lines) == 2, lines
    for word in words:
        assert word in lines[1]
    chinese = caught.value.text("zh").splitlines()
    assert len(chinese) == 2
    assert "第" in chinese[1]
    assert words[0] in chinese[1]


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    """A user who mends a chain sees all its faults, not the first alone."""
    rows = [needs("Z", "M", 1), needs("N", "M", 1, low=2), needs("N", "Q", 1, kind="x")]
    with pytest.raises(BrokenChainError) as caught:
        chain(tmp_path, PAIR, rows)
    assert len(caught.value.problems) == 4
    for lang in LANGS:
        assert len(caught.value.text(lang).splitlines()) == 5


@pytest.mark.parametrize("column", ["low", "typical", "high", "value_share"])
def test_infinite_numbers(tmp_path: Path, column: str) -> None:
    """An infinite coefficient is no number."""
    row = changed(needs("N", "M", 1), high="inf" if column == "typical" else 2)
    with pytest.raises(ChainError, match="'inf' is not a number"):
        chain(tmp_path, PAIR, [changed(row, **{column: "inf"})])


def test_infinite_price(tmp_path: Path) -> None:
    """An infinite price is no number."""
    with pytest.raises(ChainError, match="'inf' is not a number"):
        chain(tmp_path, (product("M", price="inf"), PAIR[1]), [needs("N", "M", 1)])


YES = ("", "true", "TRUE", "yes", "是", "1")
NO = ("false", "no", "否", "0")


@pytest.mark.parametrize("word", [*YES, *NO])
def test_flags_in_words(tmp_path: Path, word: str) -> None:
    """Yes and no are understood as in every table; an input is essential unless told."""
    read = chain(tmp_path, PAIR, [needs("N", "M", 1, essential=word)])
    assert read.inputs["essential"].tolist() == [word in YES]


# ---- files


def test_missing_file(tmp_path: Path) -> None:
    """A folder without inputs.csv is told which file it lacks."""
    write_folder(tmp_path, products=PAIR)
    with pytest.raises(InputError) as caught:
        cg.chains(tmp_path)
    for lang in LANGS:
        assert "inputs.csv" in caught.value.text(lang)


def test_missing_column(tmp_path: Path) -> None:
    """A file without a required column is told which, and what it has."""
    with pytest.raises(InputError) as caught:
        raw(tmp_path, "input_id,output_id,low\nN,M,1\n")
    text = caught.value.text("en")
    assert "kind, typical is missing" in text
    assert "found: input_id, output_id, low" in text


def test_unknown_chain() -> None:
    """A name that is neither shipped nor a folder is told what there is."""
    with pytest.raises(InputError) as caught:
        cg.chains("stel")
    for lang in LANGS:
        text = caught.value.text(lang)
        assert all(word in text for word in ("stel", "steel", "auto", "new_materials"))


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        ("input_id,output_id,kind,typical,typical\nN,M,material,1,2\n", "typical"),
        (INPUTS + "N,M,material,1,2,3\n", "6 cells"),
        (INPUTS + 'N,M,"material,1\nM,N,material,0.1\n', "inputs.csv"),
        ("", "empty"),
        ((INPUTS + "炼焦,M,material,1\n").encode("gbk"), "GBK"),
    ],
    ids=["column twice", "too many cells", "open quotation", "nothing", "gbk"],
)
def test_broken_files(tmp_path: Path, inputs: str | bytes, word: str) -> None:
    """A file that says something else than it seems to is refused."""
    with pytest.raises((InputError, ChainError), match=word) as caught:
        raw(tmp_path, inputs)
    assert "inputs.csv" in caught.value.text("zh")


def test_files_of_every_editor(tmp_path: Path) -> None:
    """Byte order mark, CRLF, blank lines, outer blanks and further columns change nothing."""
    text = (
        "\ufeffinput_id,output_id,kind,typical,row,mine\r\n N ,M,material,0.5,9,x\r\n\r\n,,,,,\r\n"
    )
    read = raw(tmp_path, text)
    assert read.coefficients().toarray().tolist() == [[0, 0], [0.5, 0]]


def test_chain_without_inputs(tmp_path: Path) -> None:
    """A chain of products that need nothing works out to no gaps."""
    lonely = raw(tmp_path / "lonely", INPUTS)
    assert lonely.coefficients().nnz == 0
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "M", "output": 1}],
    )
    cluster = cg.build(cg.load(data), lonely)
    assert cg.balance(cluster)["supply"].tolist() == [1, 0]
    assert cg.gaps(cluster).empty
    assert cg.targets(cluster).empty


def test_chain_without_products(tmp_path: Path) -> None:
    """A products file with a heading alone is refused in one line."""
    with pytest.raises((InputError, ChainError)) as caught:
        raw(tmp_path, INPUTS, "product_id,name_zh,chain,stage,unit\n")
    for lang in LANGS:
        assert "products.csv" in caught.value.text(lang)


# ---- several chains


def test_one_shipped_chain_takes_in_what_it_needs(shipped_chain: Chain) -> None:
    """The steel chain alone holds its own products and the foreign ones that it names."""
    steel = cg.chains("steel")
    assert steel.names == ("steel",)
    own = steel.products["chain"] == "steel"
    ends = set(steel.inputs["input_id"]) | set(steel.inputs["output_id"])
    assert own.sum() == 110
    assert set(steel.products.index[~own]) == ends - set(steel.products.index[own])
    assert "N_LIME" in steel.products.index
    assert len(steel.products) < len(shipped_chain.products)
    pd.testing.assert_frame_equal(
        steel.products.drop(columns=["file", "row"]),
        shipped_chain.products.loc[steel.products.index].drop(columns=["file", "row"]),
    )


def test_all_shipped_chains_are_the_default(shipped_chain: Chain) -> None:
    """No name means all three; a name given twice counts once."""
    assert shipped_chain.names == ("steel", "auto", "new_materials")
    assert len(shipped_chain.products) == 295
    twice = cg.chains("auto", "auto")
    assert len(twice.inputs) == len(cg.chains("auto").inputs)


def test_a_chain_of_ones_own(tmp_path: Path) -> None:
    """A user's chain may lean on shipped products, and stand beside a shipped chain."""
    folder = write_folder(
        tmp_path / "flowers",
        products=[product("FLOWER", chain="flowers", unit="piece", stage="final")],
        inputs=[needs("S_STRIP", "FLOWER", 0.001)],
    )
    alone = cg.chains(folder)
    assert alone.names == ("flowers",)
    assert set(alone.products.index) == {"FLOWER", "S_STRIP"}
    assert alone.products["chain"]["S_STRIP"] == "steel"
    beside = cg.chains("steel", folder)
    assert beside.names == ("steel", "flowers")
    assert beside.coefficients().shape[0] == len(cg.chains("steel").products) + 1
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "FLOWER", "output": 5000}],
    )
    gap = cg.gaps(cg.build(cg.load(data), alone), "upstream")
    assert gap[["product_id", "demand"]].to_numpy().tolist() == [["S_STRIP", 5]]


def test_two_chains_that_disagree(tmp_path: Path) -> None:
    """A product that two chains describe differently is refused; the same twice is one."""
    write_folder(tmp_path / "a", products=PAIR, inputs=[needs("N", "M", 0.5)])
    write_folder(tmp_path / "b", products=PAIR, inputs=[needs("M", "N", 0.5)])
    both = cg.chains(tmp_path / "a", tmp_path / "b")
    assert both.coefficients().toarray().tolist() == [[0, 0.5], [0.5, 0]]
    other = (product("M", price=3), PAIR[1])
    write_folder(tmp_path / "c", products=other, inputs=[needs("M", "N", 0.5)])
    with pytest.raises(ChainError, match="'M' stands in row 2 already"):
        cg.chains(tmp_path / "a", tmp_path / "c")


def test_matrices(tmp_path: Path) -> None:
    """By-products and capital stay out of A; blank ends of a range take the typical one."""
    rows = [
        needs("N", "M", 0.5, low="", high=""),
        needs("G", "M", 2, kind="energy", low=1, high=3),
        needs("M", "W", 0.3, kind="by_product"),
        needs("T", "M", 7, kind="capital_or_indirect"),
        changed(needs("W", "N", 1), low="", typical="", high=""),
    ]
    names = [product(name) for name in "MNGWT"]
    read = chain(tmp_path, names, rows)
    expected = np.zeros((5, 5))
    expected[1, 0], expected[2, 0] = 0.5, 2
    np.testing.assert_array_equal(read.coefficients().toarray(), expected)
    expected[2, 0] = 1
    np.testing.assert_array_equal(read.coefficients("low").toarray(), expected)
    falls = np.zeros((5, 5))
    falls[3, 0] = 0.3
    np.testing.assert_array_equal(read.by_product_coefficients().toarray(), falls)
    assert set(zip(read.needs["input_id"], read.needs["output_id"], strict=True)) == {
        ("N", "M"),
        ("G", "M"),
        ("W", "N"),
    }


# ---- can it live


def test_unproductive_chains_name_the_cycle(tmp_path: Path) -> None:
    """Of two cycles the guilty one is named with its coefficients."""
    rows = [
        needs("N", "M", 2, low=2, high=2),
        needs("K", "N", 1, low=1, high=1),
        needs("M", "K", 0.6, low=0.6, high=0.6),
        needs("M", "N", 0.1, low=0.1, high=0.1),
        needs("L", "L", 0.3),
    ]
    with pytest.raises(ChainError) as caught:
        chain(tmp_path, [product(name) for name in "MNKL"], rows)
    radius = max(abs(np.linalg.eigvals([[0, 0.1, 0.6], [2, 0, 0], [0, 1, 0]])))
    for lang in LANGS:
        text = caught.value.text(lang)
        assert f"{radius:.3f}" in text
        assert "inputs.csv" in text
        cycle = text[text.index("M -> ") if "M -> " in text else 0 :]
        assert "1.2" in text
        assert all(f"{name} -> " in text for name in "MNK")
        assert "L ->" not in cycle


def test_productive_at_the_typical_but_not_at_the_high_end(tmp_path: Path) -> None:
    """A chain must live over its whole range: the interval of every figure needs it."""
    rows = [needs("N", "M", 0.9, high=1.2), needs("M", "N", 0.9, high=1.2)]
    with pytest.raises(ChainError, match=r"spectral radius 1\.200"):
        chain(tmp_path, PAIR, rows)


def test_self_input_at_its_high_end(tmp_path: Path) -> None:
    """A product that may eat all of itself is named as a cycle of its own."""
    with pytest.raises(ChainError, match=r"N -> N.*1\.045"):
        chain(tmp_path, PAIR, [needs("N", "N", 0.95)])


def test_self_input_below_one_lives(tmp_path: Path) -> None:
    """A product that takes some of itself is fine: the radius is that share."""
    read = chain(tmp_path, PAIR, [needs("N", "N", 0.25), needs("N", "M", 3)])
    assert spectral_radius(read.coefficients()) == pytest.approx(0.25)


MATRICES = st.integers(1, 7).flatmap(
    lambda size: arrays.arrays(
        np.float64, (size, size), elements=st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.3, 0.5, 1.0, 2.0])
    )
)


def eigenvalue(matrix: np.ndarray) -> float:
    """The largest absolute eigenvalue, by dense algebra."""
    # A nilpotent matrix with defective eigenvalues loses half of its digits in eigvals.
    power = np.linalg.matrix_power((matrix > 0).astype(float), len(matrix))
    return 0.0 if not power.any() else float(np.abs(np.linalg.eigvals(matrix)).max())


@settings(max_examples=100, deadline=None)
@given(MATRICES)
def test_spectral_radius_is_the_largest_eigenvalue(matrix: np.ndarray) -> None:
    """On any non-negative matrix, reducible and periodic ones too, it agrees with numpy."""
    radius = spectral_radius(sparse.csr_array(matrix))
    # Where components share their root, eigvals itself is good to about 1e-4.
    assert radius == pytest.approx(eigenvalue(matrix), abs=2e-3)
    blocks = sparse.csr_array(matrix)
    if radius < 1 - 2e-3:
        ids = pd.Index([str(place) for place in range(len(matrix))])
        assert check_productive(blocks, ids) == pytest.approx(radius)


@settings(max_examples=50, deadline=None)
@given(MATRICES.map(lambda matrix: matrix + 0.01))
def test_spectral_radius_of_dense_matrices(matrix: np.ndarray) -> None:
    """Where every product needs every other, it agrees with numpy to nine digits."""
    radius = spectral_radius(sparse.csr_array(matrix))
    assert radius == pytest.approx(float(np.abs(np.linalg.eigvals(matrix)).max()), rel=1e-9)


@pytest.mark.parametrize(
    ("matrix", "radius"),
    [
        ([[0, 0.5], [0, 0]], 0.0),
        ([[0.9, 1], [0, 0.5]], 0.9),
        ([[0, 1, 0], [0, 0, 1], [0, 0, 0]], 0.0),
    ],
)
def test_spectral_radius_ignores_stored_zeros(matrix: list[list[float]], radius: float) -> None:
    """A coefficient of 0 that a row of the chain states is no edge of a cycle."""
    size = len(matrix)
    rows, columns = np.indices((size, size))
    full = sparse.csr_array(
        (np.ravel(matrix).astype(float), (rows.ravel(), columns.ravel())), shape=(size, size)
    )
    assert full.nnz == size * size
    assert spectral_radius(full) == pytest.approx(radius, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(MATRICES)
def test_heaviest_cycle_is_one(matrix: np.ndarray) -> None:
    """The cycle named is a cycle of the chain, and no single product beats its mean."""
    if eigenvalue(matrix) <= 0:
        return
    ids = pd.Index([f"P{place}" for place in range(len(matrix))])
    cycle, values = heaviest_cycle(sparse.csr_array(matrix), ids)
    places = [ids.get_loc(name) for name in cycle]
    assert len(set(places)) == len(places) == len(values)
    steps = zip(places, [*places[1:], places[0]], strict=True)
    assert [matrix[step] for step in steps] == pytest.approx(values)
    mean = float(np.exp(np.mean(np.log(values))))
    assert mean >= matrix.diagonal().max() * (1 - 1e-6)
    assert mean <= eigenvalue(matrix) + 2e-3


def test_empty_matrices() -> None:
    """A chain without products has no cycles and needs nothing."""
    empty = sparse.csr_array((0, 0))
    assert spectral_radius(empty) == 0
    assert len(leontief_solve(empty, np.zeros(0))) == 0


@settings(max_examples=50, deadline=None)
@given(MATRICES, st.integers(0, 2**16))
def test_solves_against_dense_algebra(matrix: np.ndarray, seed: int) -> None:
    """The Leontief solve and the total demand agree with the inverse written out."""
    scaled = matrix * 0.9 / max(eigenvalue(matrix), 1.0)
    right = np.random.default_rng(seed).uniform(0, 100, len(matrix))
    coefficients = sparse.csr_array(scaled)
    inverse = np.linalg.inv(np.eye(len(matrix)) - scaled)
    np.testing.assert_allclose(leontief_solve(coefficients, right), inverse @ right, rtol=1e-6)
    expected = scaled @ inverse @ right
    np.testing.assert_allclose(total_demand(coefficients, right), expected, rtol=1e-6, atol=1e-9)


def test_iterative_solve_agrees_with_the_direct_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the size where a factorisation stays small, the series gives the same."""
    rng = np.random.default_rng(3)
    matrix = sparse.random_array((60, 60), density=0.05, rng=rng, format="csr") * 0.2
    right = rng.uniform(0, 10, 60)
    direct = leontief_solve(matrix, right)
    monkeypatch.setattr(linkages, "_DIRECT_LIMIT", 10)
    np.testing.assert_allclose(leontief_solve(matrix, right), direct, rtol=1e-9)


def test_iterative_solve_that_does_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A radius of 1 is told in words, never as an endless loop."""
    monkeypatch.setattr(linkages, "_DIRECT_LIMIT", 0)
    monkeypatch.setattr(linkages, "_ROUNDS", 50)
    with pytest.raises(ChainError, match="50 rounds"):
        leontief_solve(sparse.csr_array(np.eye(2)), np.ones(2))


def test_forward_bound_on_paper() -> None:
    """A: 100 known; B takes 2 of A, C takes 0.5 of B: at most 50 and 100. D has no limit."""
    inputs = pd.DataFrame(
        {
            "input_id": ["A", "B", "A", "A"],
            "output_id": ["B", "C", "C", "D"],
            "low": [2.0, 0.5, 0.01, 0.0],
            "essential": [True, True, False, True],
        }
    )
    bound = forward_bound(inputs, pd.Series({"A": 100.0}), pd.Index(["B", "C", "D"]))
    assert bound.to_dict() == {"B": 50, "C": 100, "D": np.inf}


def test_spectral_radius_of_a_large_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds and ARPACK find the same root, of a periodic part as well."""
    rng = np.random.default_rng(5)
    dense = rng.uniform(0, 0.02, (80, 80)) * (rng.random((80, 80)) < 0.2)
    ring = sparse.csr_array(np.roll(np.eye(60), 1, axis=1) * 0.7)
    for matrix in (sparse.csr_array(dense), ring):
        plain = max(abs(np.linalg.eigvals(matrix.toarray())))
        assert spectral_radius(matrix) == pytest.approx(plain, abs=1e-9)
        with monkeypatch.context() as patch:
            patch.setattr(productive, "_LARGE", 10)
            assert spectral_radius(matrix) == pytest.approx(plain, abs=1e-9)
