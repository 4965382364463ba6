"""Two snapshots, against differences worked out on paper."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import Rows, Run, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.compare import Comparison
from cluster_graph.gaps.compare_words import compare_sentences
from cluster_graph.views.compare import with_reasons


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """Return the folder of a synthetic chain: coal -> coke -> iron, brick -> iron."""
    return write_folder(
        tmp_path / "chain",
        products=[
            product("COAL", price=10),
            product("COKE", price=20),
            product("IRON", price=30, stage="final"),
            product("BRICK", price=40),
        ],
        inputs=[
            needs("COAL", "COKE", 1.5),
            needs("COKE", "IRON", 0.5),
            needs("BRICK", "IRON", 0.1),
        ],
    )


def output(company_id: str, product_id: str, amount: object) -> dict[str, object]:
    """Return a synthetic output."""
    return {"company_id": company_id, "product_id": product_id, "output": amount}


def project(project_id: str, stage: str, **more: object) -> dict[str, object]:
    """Return a synthetic project in Lingyuan."""
    return {
        "project_id": project_id,
        "name": f"项目{project_id}",
        "product_id": "BRICK",
        "capacity": 1,
        "stage": stage,
        "region_code": "211382",
        "township": "城关",
        **more,
    }


def snapshot(folder: Path, chain: Path, **tables: Rows) -> Cluster:
    """Build a snapshot from its rows."""
    return cg.build(cg.load(write_folder(folder, **tables)), cg.chains(chain))


@pytest.fixture
def found(tmp_path: Path, toy: Path) -> Comparison:
    """Iron grows from 100 to 120, bricks begin, coke keeps being implied, a firm leaves."""
    old = snapshot(
        tmp_path / "old",
        toy,
        companies=[
            company("A"),
            company("B"),
            company("C"),
            company("D", name="凌源丁字机械有限公司"),
        ],
        outputs=[
            output("A", "IRON", 100),
            output("B", "COKE", ""),
            output("C", "COAL", 40),
            output("D", "BRICK", 2),
        ],
        links=[{"supplier_id": "C", "customer_id": "B", "product_id": "COAL", "quantity": 40}],
        projects=[
            project("P1", "signed", date="2024-01-31"),
            project("P2", "construction", date="2024-02"),
            project("P3", "trial"),
            project("P4", "operating"),
            project("P5", "signed"),
            project("P6", "signed", name="同名项目"),
            project("P7", ""),
        ],
    )
    new = snapshot(
        tmp_path / "new",
        toy,
        companies=[
            company("A"),
            company("B"),
            company("N"),
            company("D9", name="凌源市丁字机械有限公司"),
        ],
        outputs=[
            output("A", "IRON", 120),
            output("B", "COKE", ""),
            output("N", "BRICK", 20),
            output("D9", "BRICK", 2),
        ],
        projects=[
            project("P1", "construction", date="2024-01-31"),
            project("P2", "construction", date="2024-02"),
            project("P3", "construction"),
            project("P4", "operating"),
            project("P96", "signed", name="同名项目"),
            project("P7", "signed"),
            project("P8", "contact"),
        ],
    )
    return cg.compare(old, new, today=date(2024, 3, 1))


def test_gaps_that_closed_and_widened(found: Comparison) -> None:
    """
    Compare by hand.

    Bricks: 0.1 x 100 = 10 against 2, short by 8; then 0.1 x 120 = 12 against 22: closed, with
    10 left over. Coke is implied, 0.5 x 100 = 50 and then 60. Coal: 1.5 x 50 = 75 against 40,
    short by 35; then 1.5 x 60 = 90 against nothing.
    """
    table = found.changes.set_index("product_id")
    brick, coal, coke = (table.loc[name] for name in ("BRICK", "COAL", "COKE"))
    assert brick["change"] == ["closed", "surplus"]
    assert (brick["shortage_before"], brick["shortage_after"]) == (8, 0)
    assert brick["surplus_after"] == 10
    assert coal["change"] == ["widened"]
    assert (coal["shortage_before"], coal["shortage_after"]) == (35, 90)
    assert (coal["state_before"], coal["state_after"]) == ("weak", "broken")
    assert coke["change"] == ["other"]
    assert (coke["supply_before"], coke["supply_after"]) == (50, 60)


def test_the_rows_behind_each_change(found: Comparison) -> None:
    """Coal moved since C left and since iron, by way of implied coke, grew; bricks since N came."""
    why = with_reasons(found, "zh").set_index("product_id")["why"]
    assert why["BRICK"] == [
        "企业N新增产品BRICK，年产 20 吨",
        "企业A的产品IRON年产由 100 吨变为 120 吨",
    ]
    assert why["COAL"] == [
        "企业C不再做产品COAL（原年产 40 吨）",
        "企业C向企业B供应产品COAL：不再有（原每年 40 吨）",
        "企业A的产品IRON年产由 100 吨变为 120 吨",
    ]
    english = with_reasons(found, "en").set_index("product_id")["why"]
    assert english["COKE"] == ["企业A: Product IRON from 100 t to 120 t a year"]
    table = found.rows[["table", "change", "company_id"]].to_numpy().tolist()
    assert ["companies", "removed", "C"] in table
    assert ["companies", "added", "N"] in table
    assert not any(row[2] in ("D", "D9") for row in table)


def test_a_firm_with_another_id_is_the_same_firm(found: Comparison) -> None:
    """D and D9 have one name, so neither left nor came; a project is known by its name."""
    pairs = found.matched[["old_id", "new_id", "reason"]].to_numpy().tolist()
    assert pairs == [["D", "D9", "name"], ["P6", "P96", "project_name"]]
    for lang, word in (("zh", "是同一个（名称相同）"), ("en", "are one (the same name)")):
        said = compare_sentences(found, "zh" if lang == "zh" else "en")
        assert any(word in sentence for sentence in said)
    assert found.doubtful.empty


def test_projects_that_moved_or_stalled(found: Comparison) -> None:
    """The table of the monthly meeting: 30 days from 31 January to 1 March 2024."""
    table = found.projects.set_index("project_id")
    assert table["moved"].to_dict() == {
        "P1": "forward",
        "P2": "stalled",
        "P3": "back",
        "P4": "operating",
        "P96": "stalled",
        "P7": "unknown",
        "P8": "new",
        "P5": "dropped",
    }
    assert table["days"]["P1"] == 30
    assert np.isnan(table["days"]["P2"])
    said = compare_sentences(found, "zh")[-1]
    assert said == "项目：推进 1 个，退回 1 个，未动 2 个，新增 1 个，不再列出 1 个。"


def test_nothing_changed(found: Comparison) -> None:
    """A snapshot compared with itself differs in nothing."""
    same = cg.compare(found.old, found.old)
    assert same.changes.empty
    assert same.rows.empty
    assert same.matched.empty
    assert compare_sentences(same, "en")[0] == "No figure of demand or supply changed."


def test_back_and_forth_is_the_mirror(found: Comparison) -> None:
    """What closed one way opened the other way."""
    back = cg.compare(found.new, found.old).changes.set_index("product_id")
    assert back.loc["BRICK", "change"] == ["opened"]
    assert back.loc["COAL", "change"] == ["narrowed"]
    assert back.loc["COAL", "shortage_after"] == 35


def test_names_that_are_only_alike_are_named_and_stay_two(tmp_path: Path, toy: Path) -> None:
    """A look-alike is no match; one credit code is, whatever the names; a changed code is told."""
    rows = [output("A", "IRON", 1)]
    old = snapshot(
        tmp_path / "old",
        toy,
        companies=[
            company("A", uscc="91211382123456789W"),
            company("X", name="凌源宏远耐火材料有限公司"),
            company("Y", name="甲厂", uscc="912113821234567891"),
        ],
        outputs=rows,
    )
    new = snapshot(
        tmp_path / "new",
        toy,
        companies=[
            company("A"),
            company("X2", name="凌源宏运耐火材料有限公司"),
        ],
        outputs=rows,
    )
    found = cg.compare(old, new)
    assert found.matched.empty
    assert found.doubtful[["old_id", "new_id"]].to_numpy().tolist() == [["X", "X2"]]
    assert any("名称相近" in sentence for sentence in compare_sentences(found, "zh"))


def test_other_chains_or_regions_are_refused(found: Comparison, lingyuan: Cluster) -> None:
    """Two different yardsticks cannot be compared."""
    with pytest.raises(InputError, match="different chains"):
        cg.compare(found.old, lingyuan)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_command_compares_two_folders(
    run: Run, tmp_path: Path, found: Comparison, lang: str
) -> None:
    """Gaps, rows and projects on the screen, in either language."""
    assert len(found.changes)
    done = run("--lang", lang, "compare", "old", "new", "--chain", tmp_path / "chain", "--quiet")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    words = (
        ["缺口补上", "哪些行变了", "推进", "距所填日期的天数"]
        if lang == "zh"
        else ["gap closed", "Rows that changed", "moved forward", "Days since its date"]
    )
    for word in words:
        assert word in done.stdout


def test_command_writes_every_format(run: Run, tmp_path: Path, found: Comparison) -> None:
    """JSON has all parts, CSV and Excel the changes with their reasons, Markdown the page."""
    asked = ("compare", "old", "new", "--chain", tmp_path / "chain", "--quiet")
    parts = json.loads(run(*asked, "--format", "json").stdout)
    assert {"changes", "rows", "projects", "matched", "doubtful", "reasons"} == set(parts)
    brick = next(row for row in parts["changes"] if row["product_id"] == "BRICK")
    assert [parts["rows"][at]["company_id"] for at in brick["why"]] == ["N", "A"]
    lines = run(*asked, "--format", "csv").stdout.splitlines()
    assert len(lines) == 1 + len(found.changes)
    assert lines[0].endswith(",why")
    assert run(*asked, "--format", "md").stdout.startswith("# 两次数据的对比")
    done = run(*asked, "--format", "xlsx", "-o", "x.xlsx")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.xlsx").is_file()


def test_command_refuses_what_is_not_there(run: Run, tmp_path: Path, found: Comparison) -> None:
    """A missing folder, and a second one that nobody gave: exit code 2."""
    assert found.old is not found.new
    chain = ("--chain", tmp_path / "chain")
    for asked in (("old", "nowhere"), ("old",)):
        done = run("compare", *asked, *chain)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
