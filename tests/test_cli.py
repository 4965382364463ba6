"""The command line: every command and format, any console, any folder, both languages."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run, company, write_folder

from cluster_graph._report import FILES
from cluster_graph._version import __version__
from cluster_graph.cli.app import run as run_here
from cluster_graph.targets.score import COMPONENTS
from cluster_graph.text import LANGS, texts

COMMANDS = ("report", "check", "gaps", "targets", "graph", "explain")
SHIPPED = Path(__file__).parents[1] / "data" / "lingyuan"
HEAVY = ("pandas", "numpy", "typer", "rich", "networkx", "duckdb", "scipy", "pyvis", "narwhals")
UPSTREAM_KEYS = """
product_id name_zh name_en chain sector_code direction state absence single_source unit demand
demand_low demand_high total_demand supply shortage shortage_low shortage_high surplus
self_sufficiency local_purchases outside_purchases latent_match users producers unsized_users
unsized_producers value evidence
"""
DOWNSTREAM_KEYS = """
fed_by headroom binding_input value_step value_multiplier readiness missing_inputs depth
"""
TARGET_KEYS = """
product_id name_zh name_en sector_code direction score coverage components rank rank_low rank_high
p_top10 gate scale scale_radius missing_inputs leads reasons
"""
LEAD_KEYS = ("name", "region_code", "via", "distance", "reason")


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a JSON table."""
        return list(json.loads(self.out))


Cli = Callable[..., Done]
# The shipped data do not change while the tests run: what only prints is worked out once.
SEEN: dict[tuple[str, ...], Done] = {}


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run a command inside this process, in an empty folder; errors would come through."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Done:
        argv = tuple(map(str, arguments))
        if argv in SEEN:
            return SEEN[argv]
        capsys.readouterr()
        code = run_here(list(argv))
        caught = capsys.readouterr()
        done = Done(code, caught.out, caught.err)
        reads_only = argv[0] in ("gaps", "targets", "explain") and "-o" not in argv
        if reads_only and not any(isinstance(argument, Path) for argument in arguments):
            SEEN[argv] = done
        return done

    return call


def in_bytes(
    folder: Path, *arguments: str | Path, env: Mapping[str, str | None]
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, its output as the console would get it."""
    settings = {name: value for name, value in {**os.environ, **env}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "cluster_graph", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=folder,
        env=settings,
        timeout=120,
    )


def dirty(folder: Path) -> Path:
    """Write a synthetic folder with links and problems of rows and cells, names in Chinese."""
    return write_folder(
        folder,
        companies=[company("A"), company("B", employees="很多"), company("C", status="停了")],
        outputs=[
            {"company_id": "A", "product_id": "S_CRUDE", "output": "1", "unit": "万吨"},
            {"company_id": "B", "product_id": "没有这个", "output": "1", "unit": ""},
        ],
        links=[
            {
                "supplier_id": "X",
                "customer_id": "A",
                "product_id": "S_SCRAP",
                "supplier_name": "外",
            },
            {"supplier_id": "A", "customer_id": "A", "product_id": "S_SCRAP", "supplier_name": ""},
        ],
    )


# ---- help and version, at once


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("option", ["--help", "--version", "-h"])
def test_help_and_version_import_nothing_heavy(run: Run, lang: str, option: str) -> None:
    """What must be instant is answered before pandas, Typer and the like are imported."""
    done = run("--lang", lang, option, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "cluster_graph.cli.front" in imported
    assert not [name for name in imported if name.split(".")[0] in HEAVY]
    if option == "--version":
        assert done.stdout == f"cluster-graph {__version__}\n"
    else:
        words = texts("cli", "zh" if lang == "zh" else "en")
        assert all(name in done.stdout for name in COMMANDS)
        assert words["command_gaps"] in done.stdout


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(cli: Cli, command: str, lang: str) -> None:
    """Every command says in both languages what it does, and shows no key of the catalogue."""
    done = cli("--lang", lang, command, "--help")
    words = texts("cli", "zh" if lang == "zh" else "en")
    assert done.code == 0
    assert re.sub(r"\s", "", words[f"command_{command}"]) in re.sub(r"\s", "", done.out)
    assert not re.search(r"\b(?:opt|arg|command|top)_[a-z]+", done.out)
    assert "--lang" in done.out
    assert "--help" in done.out


@pytest.mark.parametrize("lang", LANGS)
def test_no_command_shows_the_help(cli: Cli, lang: str) -> None:
    """The bare program says what it can do and ends well."""
    done = cli("--lang", lang)
    assert done.code == 0
    assert all(name in done.out for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["foo"], "foo"),
        (["gaps", "--format", "foo"], "xlsx"),
        (["gaps", "--direction", "sideways"], "downstream"),
        (["gaps", "--top", "0"], "--top"),
        (["gaps", "--top", "many"], "--top"),
        (["gaps", "--chian", "steel"], "--chian"),
        (["explain"], "PRODUCT"),
        (["check"], "DATA"),
        (["gaps", "a", "b"], "b"),
        (["gaps", "--lang", "fr"], "zh"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_wrong_command_lines(cli: Cli, arguments: list[str], word: str, lang: str) -> None:
    """A wrong command line is told in one line, with the help to look at; exit code 2."""
    done = cli("--lang", lang, *arguments)
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert word in done.err
    assert "--help" in done.err


def test_shell_completion(run: Run) -> None:
    """The completion script is printed, and completes the commands."""
    script = run(env={"_CLUSTER_GRAPH_COMPLETE": "source_bash"})
    assert "complete -o default -F _cluster_graph_completion cluster-graph" in script.stdout
    words = {"COMP_WORDS": "cluster-graph ga", "COMP_CWORD": "1"}
    done = run(env={"_CLUSTER_GRAPH_COMPLETE": "complete_bash", **words})
    assert done.stdout.split() == ["gaps"]


# ---- every command on the shipped data, in every format


@pytest.mark.parametrize("command", ["gaps", "targets"])
def test_csv_and_json_hold_the_same(cli: Cli, command: str) -> None:
    """Every row and figure of the JSON stands in the CSV; what is unknown is blank, never nan."""
    as_json = cli(command, "--format", "json")
    rows = as_json.rows
    assert as_json.err == ""
    assert len(rows) > 50
    assert "NaN" not in as_json.out
    as_csv = cli(command, "--format", "csv")
    assert not as_csv.out.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert [row["product_id"] for row in table] == [row["product_id"] for row in rows]
    assert list(table[0]) == list(rows[0])
    for cells, row in zip(table, rows, strict=True):
        for name, value in row.items():
            if isinstance(value, float | int) and not isinstance(value, bool):
                assert float(cells[name]) == value, name
            if value is None:
                assert cells[name] == "", name


def test_formats_of_tables(cli: Cli, tmp_path: Path) -> None:
    """Screen, Markdown and workbook show the rows of the JSON, in their order."""
    ids = [row["product_id"] for row in cli("gaps", "--format", "json").rows]
    as_md = cli("gaps", "--format", "md", "--lang", "en")
    lines = as_md.out.strip().splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ids
    assert set(lines[1]) <= set("| -:")
    for command in ("gaps", "targets"):
        first = [row["product_id"] for row in cli(command, "--format", "json").rows[:4]]
        screen = cli(command, "--lang", "en", "--top", "3")
        # What the score weighs stands beside the list, not in it.
        assert screen.err.startswith("Weights (fill the chain)" if command == "targets" else "")
        assert all(name in screen.out for name in first[:3])
        assert first[3] not in screen.out
    written = cli("gaps", "--format", "xlsx", "--lang", "en", "-o", "table.xlsx")
    assert (written.code, written.out) == (0, "")
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").worksheets[0]
    assert sheet.max_row >= len(ids) + 1
    assert ids[0] in [cell.value for row in sheet.iter_rows(max_row=4) for cell in row]


def test_gaps_have_every_key_of_the_contract(cli: Cli) -> None:
    """Other programs may lean on the names; what is absent is null, never missing."""
    rows = cli("gaps", "--format", "json").rows
    keys = {*UPSTREAM_KEYS.split(), *DOWNSTREAM_KEYS.split()}
    assert all(keys <= set(row) for row in rows)
    directions = {row["direction"] for row in rows}
    assert directions == {"upstream", "downstream"}
    for row in rows:
        assert isinstance(row["single_source"], bool)
        for name in ("users", "producers", "unsized_users", "unsized_producers", "fed_by"):
            assert isinstance(row[name], list), name
        if row["direction"] == "upstream":
            assert row["headroom"] is None
            assert row["depth"] is None
            assert row["users"]
        else:
            assert row["fed_by"]
            assert row["depth"] is None or isinstance(row["depth"], int)
        assert row["local_purchases"] is None, "the shipped data have no links"


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
def test_directions(cli: Cli, direction: str) -> None:
    """A direction keeps just its rows, in their order."""
    everything = cli("gaps", "--format", "json").rows
    some = cli("gaps", "--direction", direction, "--format", "json").rows
    assert some == [row for row in everything if row["direction"] == direction]


def test_targets_have_every_key_of_the_contract(cli: Cli) -> None:
    """Scores, components and leads carry their names; reasons are sentences."""
    rows = cli("targets", "--format", "json", "--lang", "en").rows
    for row in rows:
        assert set(TARGET_KEYS.split()) <= set(row)
        assert list(row["components"]) == list(COMPONENTS)
        assert all(isinstance(reason, str) and reason.endswith(".") for reason in row["reasons"])
        for lead in row["leads"]:
            assert set(LEAD_KEYS) <= set(lead)
            assert (lead["prospect_id"] is None) != (lead["company_id"] is None)
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == list(range(1, len(ranks) + 1))


def without_texts(value: object) -> object:
    """Return a JSON value without what is said in a language."""
    if isinstance(value, dict):
        spoken = ("reasons", "reason", "name", "path", "flags")
        return {key: without_texts(cell) for key, cell in value.items() if key not in spoken}
    return [without_texts(cell) for cell in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "arguments", [["gaps"], ["targets"], ["explain", "S_REFRAC"]], ids=lambda words: words[0]
)
def test_both_languages_give_the_same_numbers(cli: Cli, arguments: list[str]) -> None:
    """Chinese, which is the default, and English differ in words alone."""
    chinese, english = (
        json.loads(cli(*arguments, "--format", "json", *option).out)
        for option in ([], ["--lang", "en"])
    )
    assert without_texts(chinese) == without_texts(english)
    if arguments == ["targets"]:
        assert chinese[0]["reasons"] != english[0]["reasons"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("product", ["S_REFRAC", "耐火材料", "refractories"])
def test_explain_in_every_format(cli: Cli, product: str, lang: str) -> None:
    """The same product by id or name; the amounts behind its demand add up."""
    data = json.loads(cli("--lang", lang, "explain", product, "--format", "json").out)
    assert data["figures"]["product_id"] == "S_REFRAC"
    amounts = [row["amount"] for row in data["demand"] if row["amount"] is not None]
    assert sum(amounts) == pytest.approx(data["figures"]["demand"])
    screen = cli("--lang", lang, "explain", product)
    text = cli("--lang", lang, "explain", product, "--format", "md")
    for done in (screen, text):
        assert (done.code, done.err) == (0, "")
        assert "S_REFRAC" in done.out
        assert ("耐火材料" if lang == "zh" else "Refractories") in done.out
    assert text.out.startswith("# ")


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_check_of_the_shipped_data(cli: Cli, tmp_path: Path, form: str) -> None:
    """Clean data: exit code 0, every row accepted, no rejects file."""
    done = cli("check", SHIPPED, "--format", form, "--lang", "en")
    assert done.code == 0
    assert texts("cli", "en")["no_problems"] in done.err
    assert "companies" in done.out
    assert not (tmp_path / "outputs").exists()
    if form == "json":
        assert all(row["read"] == row["accepted"] for row in done.rows)


def test_check_of_dirty_data(cli: Cli, tmp_path: Path) -> None:
    """Exit code 1, one line a problem on standard error, and rejects.csv that Excel can read."""
    done = cli("check", dirty(tmp_path / "data"), "--lang", "en", "--format", "json")
    assert done.code == 1
    for row in done.rows:
        assert row["read"] == row["accepted"] + row["merged"] + row["rejected"]
    content = (tmp_path / "outputs" / "rejects.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rejects = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    lines = [line for line in done.err.splitlines() if " › " in line]
    assert len(lines) == len(rejects) == 4
    assert {row["value"] for row in rejects} == {"很多", "停了", "没有这个", "A"}
    assert all(row["reason"] and row["fix"] for row in rejects)
    few = cli("check", tmp_path / "data", "--lang", "en", "--top", "1", "-o", "my rejects.csv")
    assert len([line for line in few.err.splitlines() if " › " in line]) == 1
    assert (tmp_path / "my rejects.csv").read_bytes() == content


# ---- files


def test_report_leaves_five_whole_files(cli: Cli, tmp_path: Path) -> None:
    """Five files in outputs/, each whole, and a summary on the screen."""
    done = cli("report", "--lang", "en")
    assert done.code == 0
    folder = tmp_path / "outputs"
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
    for name in ("report.html", "graph.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.lstrip().lower().startswith("<!doctype html>")
        assert text.rstrip().endswith("</html>")
    for name in ("gaps", "targets"):
        content = (folder / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\n")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == len(cli(name, "--format", "csv").out.splitlines()) - 1
    book = openpyxl.load_workbook(folder / "recruiting.xlsx")
    assert len(book.sheetnames) >= 6
    assert "Lingyuan" in done.out
    assert all(str(Path("outputs") / name) in done.err for name in FILES)


def test_report_into_a_folder_with_chinese_and_blanks(cli: Cli, tmp_path: Path) -> None:
    """A path may hold Chinese, blanks and quotation marks, and need not be there."""
    folder = tmp_path / "凌源 结果" / "二〇二六 '年"
    data = dirty(tmp_path / "企业 数据")
    done = cli("report", data, "-o", folder, "--quiet", "--chain", "steel")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_graph_writes_one_file(cli: Cli, tmp_path: Path) -> None:
    """The graph goes where it is told to, and nothing else is written."""
    done = cli("graph", "-o", "图 谱.html", "--lang", "en")
    assert (done.code, done.out) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["图 谱.html"]
    assert "图 谱.html" in done.err
    assert (tmp_path / "图 谱.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_byte_order_mark_in_files_only(cli: Cli, tmp_path: Path) -> None:
    """A CSV file opens in Excel; a CSV on a pipe begins with its first heading."""
    piped = cli("gaps", "--format", "csv", "--top", "2").out
    assert cli("gaps", "--format", "csv", "--top", "2", "-o", "新 表/gaps.csv").out == ""
    content = (tmp_path / "新 表" / "gaps.csv").read_bytes()
    assert content.decode("utf-8-sig") == piped
    assert content.startswith(b"\xef\xbb\xbfproduct_id,")
    cli("gaps", "--format", "json", "--top", "2", "-o", "gaps.json")
    assert (tmp_path / "gaps.json").read_bytes().startswith(b"[")
    assert list(tmp_path.glob("**/*.part")) == []


# ---- options


def test_quiet_says_nothing_but_the_result(cli: Cli, tmp_path: Path) -> None:
    """Quiet keeps standard error empty, also where rows were set aside."""
    data = dirty(tmp_path / "data")
    loud = cli("gaps", data, "--format", "json", "--lang", "en")
    assert len(loud.err.splitlines()) == 1
    assert "4" in loud.err
    assert "cluster-graph check" in loud.err
    quiet = cli("gaps", data, "--format", "json", "--lang", "en", "--quiet")
    assert (quiet.code, quiet.err, quiet.out) == (0, "", loud.out)
    assert cli("check", data, "--quiet").err == ""


def test_top_keeps_the_first_rows(cli: Cli) -> None:
    """Top N is the head of the whole list."""
    rows = cli("gaps", "--format", "json").rows
    assert cli("gaps", "--format", "json", "--top", "5").rows == rows[:5]


def test_anchor_by_any_of_its_names(cli: Cli) -> None:
    """Id, name, English name or alias name one company; its rows are some of all."""
    everything = {row["product_id"] for row in cli("gaps", "--format", "json").rows}
    names = ("kc001", "凌钢", "Linggang Group")
    found = [cli("gaps", "--anchor", name, "--format", "json").out for name in names]
    assert len(set(found)) == 1
    rows = {row["product_id"] for row in json.loads(found[0])}
    assert rows < everything


def test_regions_add_up(cli: Cli) -> None:
    """Regions repeat: Lingyuan and Beipiao hold what either holds, and name each other's firms."""

    def makers(*codes: str) -> set[str]:
        options = [word for code in codes for word in ("--region", code)]
        rows = cli("gaps", *options, "--format", "json").rows
        return {company for row in rows for company in (*row["producers"], *row["users"])}

    both = makers("211382", "211381")
    assert both >= makers() | {"KC003"}
    assert "KC003" not in makers()


def test_chains_are_chosen(cli: Cli) -> None:
    """A chain keeps its own products and those that it takes; two hold more than one."""
    steel = cli("gaps", "--chain", "steel", "--format", "json").rows
    both = cli("gaps", "--chain", "steel", "--chain", "auto", "--format", "json").rows
    assert {row["chain"] for row in steel} >= {"steel"}
    assert {row["product_id"] for row in steel} < {row["product_id"] for row in both}
    fibre = cli("gaps", "--chain", "new_materials", "--format", "json").rows
    assert "N_CCL" in {row["product_id"] for row in fibre}
    assert "N_CCL" not in {row["product_id"] for row in steel}


def test_language_from_the_environment(run: Run) -> None:
    """CLUSTER_GRAPH_LANG sets the language; the option wins."""
    env = {"CLUSTER_GRAPH_LANG": "en"}
    words = {lang: texts("cli", lang)["command_gaps"] for lang in LANGS}
    for arguments in ([], ["gaps", "--help"]):
        assert words["en"] in " ".join(run(*arguments, env=env).stdout.split())
        assert words["zh"] in run("--lang", "zh", *arguments, env=env).stdout


# ---- consoles and pipes


def test_gbk_console(tmp_path: Path) -> None:
    """On a Windows console nothing breaks, and no character is shown as its escape."""
    data = dirty(tmp_path / "企业 数据")
    env = {"PYTHONIOENCODING": "gbk"}
    for code, *arguments in (
        (0, "report", data),
        (1, "check", data),
        (0, "explain", "耐火材料"),
    ):
        done = in_bytes(tmp_path, *map(str, arguments), env=env)
        assert done.returncode == code, arguments
        text = (done.stdout + done.stderr).decode("gbk")
        assert not re.search(r"\\[xuU][0-9a-f]{2}", text), arguments
        assert re.search(r"[\u4e00-\u9fff]", text), arguments
        assert "Traceback" not in text


def test_plain_c_locale_with_chinese_folder(tmp_path: Path) -> None:
    """Without any encoding set the commands still read, write and say what they must."""
    data = dirty(tmp_path / "企业 数据")
    env = {
        "PYTHONIOENCODING": None,
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "LANG": None,
        "LC_CTYPE": None,
    }
    done = in_bytes(tmp_path, "report", data, "-o", "输 出", env=env)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr.decode()
    assert sorted(path.name for path in (tmp_path / "输 出").iterdir()) == sorted(FILES)
    checked = in_bytes(tmp_path, "check", data, "--lang", "en", env=env)
    assert checked.returncode == 1
    assert checked.stderr.isascii()
    assert b"self_link" not in checked.stderr
    assert b"Traceback" not in checked.stderr
    helped = in_bytes(tmp_path, "--lang", "en", "--help", env=env)
    assert b"cluster-graph" in helped.stdout


@pytest.mark.skipif(os.name != "posix", reason="closes a POSIX pipe")
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["gaps", "--help"], ["gaps", "--format", "json"], ["gaps"], ["report"]],
    ids=" ".join,
)
def test_pipe_closed_early(tmp_path: Path, arguments: list[str]) -> None:
    """A reader that has seen enough, like `head`, ends the command without a word."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "cluster_graph", *arguments],
            check=False,
            cwd=tmp_path,
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=120,
        )
    finally:
        os.close(write)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert done.returncode == 0
    if arguments == ["report"]:
        assert sorted(path.name for path in (tmp_path / "outputs").iterdir()) == sorted(FILES)


def test_works_from_any_folder(run: Run, tmp_path: Path) -> None:
    """The shipped data are found from a folder that has a `data` of its own."""
    write_folder(tmp_path / "data" / "lingyuan", companies=[company("Q")])
    write_folder(tmp_path / "steel", products=[], inputs=[])
    done = run("gaps", "--chain", "steel", "--top", "1", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["product_id"] == "S_CONC"
    assert done.stderr == ""
