"""The shipped data keep their promises: described, sourced, consistent, counted once."""

import csv
from pathlib import Path

import pytest
from frictionless import Package

DATA = Path(__file__).parents[1] / "data"
LINGYUAN = DATA / "lingyuan"
CHAINS = ("steel", "auto", "new_materials")
FOLDERS = ("lingyuan", *(f"chains/{chain}" for chain in CHAINS))
EVIDENCE = {"reported", "derived", "inferred", "expert", "planned"}
BOOLEANS = {"is_anchor", "high_tech", "standard_plant_fit", "outer_boundary", "essential"}
TABLES = sorted(DATA.rglob("*.csv"))

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Read one table as it stands, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str) -> list[Row]:
    """Read one table of the Lingyuan folder."""
    return read(LINGYUAN / f"{name}.csv")


def chain_table(name: str) -> list[Row]:
    """Read one table of all three chains, one after the other."""
    return [row for chain in CHAINS for row in read(DATA / "chains" / chain / f"{name}.csv")]


def rising(row: Row, *columns: str) -> bool:
    """Tell whether the figures of a row rise or stay level; all blank passes, some blank fails."""
    cells = [row[column] for column in columns]
    if not any(cells):
        return True
    if not all(cells):
        return False
    figures = [float(cell) for cell in cells]
    return figures == sorted(figures)


@pytest.fixture(scope="module")
def products() -> dict[str, Row]:
    """Every product of the three chains by its id."""
    return {row["product_id"]: row for row in chain_table("products")}


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_matches_its_description(folder: str) -> None:
    """Types, units, words, keys: each file is what its datapackage.json says."""
    report = Package(str(DATA / folder / "datapackage.json")).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "message"]) == []
    assert report.valid


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_described(folder: str) -> None:
    """No CSV lies beside the description unmentioned, and every column says what it means."""
    package = Package(str(DATA / folder / "datapackage.json"))
    assert {resource.path for resource in package.resources} == {
        path.name for path in (DATA / folder).glob("*.csv")
    }
    for resource in package.resources:
        for field in resource.schema.fields:
            zh, slash, en = (field.description or "").partition(" / ")
            assert zh
            assert slash
            assert en


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_file_is_plain_text(path: Path) -> None:
    """UTF-8 without a byte-order mark, LF ends, no stray spaces, booleans in one spelling."""
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    for row in read(path):
        assert None not in row
        for column, cell in row.items():
            assert cell == cell.strip(), (column, cell)
            if column in BOOLEANS:
                assert cell in {"true", "false", ""}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_row_says_where_it_comes_from(path: Path) -> None:
    """A row without a source, or with evidence of no known kind, is not shipped."""
    for row in read(path):
        assert row["source"]
        assert row["evidence"] in EVIDENCE
        assert {"as_of", "note"} <= set(row)


def test_counts() -> None:
    """Nothing of the reference was lost or doubled on the way."""
    sizes = [len(read(DATA / "chains" / chain / "products.csv")) for chain in CHAINS]
    assert sizes == [110, 94, 91]
    inputs = chain_table("inputs")
    assert len(inputs) == 623
    reference = {f"E{number:04d}" for number in range(1, 623)}
    assert {row["edge_id"] for row in inputs} == reference | {"CG001"}
    evidence = [row["evidence"] for row in inputs]
    assert [evidence.count(kind) for kind in ("reported", "derived", "expert")] == [36, 19, 568]
    assert len(table("prospects")) == 51
    assert len(table("facts")) == 61


def test_inputs_join_known_products(products: dict[str, Row]) -> None:
    """Both ends of an input are products, and its unit is made of theirs."""
    assert len(products) == 295
    for row in chain_table("inputs"):
        assert row["input_id"] in products
        assert row["output_id"] in products
        pair = [products[row[end]]["unit"] for end in ("input_id", "output_id")]
        if row["kind"] == "by_product":
            pair.reverse()
        assert row["unit"] in {"/".join(pair), ""}
        assert bool(row["unit"]) == bool(row["typical"])


@pytest.mark.parametrize("chain", CHAINS)
def test_rows_lie_in_their_own_chain(chain: str, products: dict[str, Row]) -> None:
    """A chain folder holds its own products and what they take, or bring as by-products."""
    folder = DATA / "chains" / chain
    assert {row["chain"] for row in read(folder / "products.csv")} == {chain}
    for row in read(folder / "inputs.csv"):
        owner = "input_id" if row["kind"] == "by_product" else "output_id"
        assert products[row[owner]]["chain"] == chain


def test_coefficients_rise() -> None:
    """Low, typical, high stand in that order; capital goods carry none of them."""
    for row in chain_table("inputs"):
        assert rising(row, "low", "typical", "high"), row["edge_id"]
        if row["kind"] == "capital_or_indirect":
            assert not row["typical"]
        assert not row["value_share"] or 0 < float(row["value_share"]) < 1


def test_prices_rise_and_name_their_source(products: dict[str, Row]) -> None:
    """A price has a range around it and says who judged it; so does a scale."""
    for row in products.values():
        assert rising(row, "price_low", "price", "price_high"), row["product_id"]
        assert bool(row["price"]) == bool(row["price_source"])
        assert bool(row["min_efficient_scale"]) == bool(row["scale_source"])
    assert sum(bool(row["price"]) for row in products.values()) >= 200


def test_a_product_costs_more_than_its_inputs(products: dict[str, Row]) -> None:
    """Prices fit together along the chain, or the product's note says why they do not."""
    cost = dict.fromkeys(products, 0.0)
    for row in chain_table("inputs"):
        price = products[row["input_id"]]["price"]
        if row["kind"] != "by_product" and row["typical"] and price:
            cost[row["output_id"]] += float(row["typical"]) * float(price)
    for product_id, row in products.items():
        if row["price"] and cost[product_id] > float(row["price"]):
            assert "price check:" in row["note"], (product_id, cost[product_id])


def test_outer_boundary(products: dict[str, Row]) -> None:
    """The model ends at gated feedstocks without inputs, and only there."""
    made = {row["output_id"] for row in chain_table("inputs") if row["kind"] != "by_product"}
    outer = {
        product_id
        for product_id, row in products.items()
        if product_id not in made
        and row["stage"] not in {"raw_material", "by_product", "service"}
        and row["recruit_gate"] != "open"
    }
    assert len(outer) == 15
    assert outer == {key for key, row in products.items() if row["outer_boundary"] == "true"}


def test_local_products_exist(products: dict[str, Row]) -> None:
    """Whoever is said to make a product makes one that the chains know, in its own unit."""
    for row in table("outputs"):
        assert row["unit"] == products[row["product_id"]]["unit"]
    for row in table("projects"):
        assert row["product_id"] in {*products, ""}
        if row["capacity"]:
            assert row["unit"] == products[row["product_id"]]["unit"]
    for row in table("prospects"):
        assert set(row["product_id"].split(";")) <= set(products)


def test_no_company_has_a_twin() -> None:
    """One firm, one row: no name or alias belongs to two companies."""
    owner: dict[str, str] = {}
    for row in table("companies"):
        names = {name.casefold() for name in (row["name"], *row["alias"].split(";")) if name}
        for name in names:
            assert owner.setdefault(name, row["company_id"]) == row["company_id"], name
    prospects = {row["name"].casefold() for row in table("prospects")}
    assert not prospects & set(owner)
    anchor = next(row for row in table("companies") if row["is_anchor"] == "true")
    assert anchor["company_id"] == "KC001"
    assert {"凌源集团", "凌钢"} <= set(anchor["alias"].split(";"))


def test_a_tonnage_counts_once() -> None:
    """Group, listed company and mine never size the same product twice."""
    sized = [
        row["product_id"]
        for row in table("outputs")
        if row["company_id"] in {"KC001", "KC002", "KC003"} and (row["output"] or row["capacity"])
    ]
    assert sorted(sized) == ["S_CONC", "S_CRUDE"]


def test_signed_coking_supplies_nothing() -> None:
    """Risun's 5 Mt of coke is a signed project, not an output."""
    project = next(row for row in table("projects") if row["project_id"] == "SE002")
    assert project["stage"] == "signed"
    assert project["product_id"] == "S_COKE"
    assert float(project["capacity"]) == 5_000_000
    companies = {row["company_id"]: row for row in table("companies")}
    assert companies[project["company_id"]]["status"] == "signed"
    for row in table("outputs"):
        if row["product_id"] == "S_COKE":
            assert not row["output"]
            assert not row["capacity"]


def test_planned_firms_have_no_output() -> None:
    """What is not operating may plan, but has made nothing."""
    status = {row["company_id"]: row["status"] for row in table("companies")}
    for row in table("outputs"):
        if status[row["company_id"]] not in {"operating", ""}:
            assert not row["output"]
            assert row["evidence"] in {"planned", "inferred"}
