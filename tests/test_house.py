"""The house's own rules: imports, texts, paths and the README's two commands."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.cli.front import COMMANDS
from cluster_graph.gaps.states import STATES, USE_STATES
from cluster_graph.tables.schema import STATUSES
from cluster_graph.targets.score import COMPONENTS
from cluster_graph.text import LANGS, texts

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cluster_graph"
ROOMS = ("tables", "chain", "flows", "cluster", "gaps", "targets", "views", "cli")
# What every room may know: errors, texts, and where the shipped data lie.
COMMON = {"_errors", "_version", "text", "_shipped"}
# The few lines that wire the rooms together, and the door that calls the command line.
WIRING = {"__init__", "__main__", "_api", "_report"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module of the package that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module else []
            names = names if module == "cluster_graph" else [module]
        for name in names:
            if name.split(".")[0] == "cluster_graph":
                yield node.lineno, name


def room(name: str) -> str:
    """Return the first part of a module's name below the package."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def module_name(path: Path) -> str:
    """Return the dotted name of a module's file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_rooms_are_those_of_the_design() -> None:
    """There are the eight rooms, the texts, and nothing else."""
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == {*ROOMS, "text"}
    files = {path.stem for path in PACKAGE.glob("*.py")}
    assert files <= {*COMMON, *WIRING}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_run_leftwards(path: Path) -> None:
    """A room imports what stands left of it, never the package's wiring; the cli may."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own in WIRING:
        return
    for line, name in imports(path):
        other = room(name)
        place = f"{module_name(path)}:{line} imports {name}"
        if own in COMMON:
            assert other in COMMON, place
        elif own == "cli":
            # The command line is a thin cover of the package's functions.
            assert other in {*COMMON, *ROOMS, *WIRING, *PUBLIC, ""}, place
        else:
            assert other in COMMON or ROOMS.index(other) <= ROOMS.index(own), place


PUBLIC = set(cg.__all__) - {"__version__"}


def test_chain_knows_no_company() -> None:
    """The architecture: the chain room imports neither companies nor their tables."""
    strange = [
        f"{module_name(path)}: {name}"
        for path in (PACKAGE / "chain").glob("*.py")
        for _, name in imports(path)
        if room(name) == "tables" and name.split(".")[2] in ("load", "model", "links", "match")
    ]
    assert strange == []


# ---- texts


def literals(path: Path) -> Iterator[tuple[str, bool]]:
    """Every string of a module that may be a key, and whether more is joined to its end."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    joined = {
        id(node.values[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in joined


def said_keys() -> Iterator[tuple[str, bool, str]]:
    """Every `area.key` that a module names, whether it is only a beginning, and the module."""
    areas = {path.stem for path in (PACKAGE / "text" / "zh").glob("[a-z]*.py")}
    pattern = re.compile(rf"(?:{'|'.join(sorted(areas))})\.[a-z0-9_]+")
    for path in MODULES:
        if (PACKAGE / "text") in path.parents and path.parent.name in LANGS:
            continue
        for text, joined in literals(path):
            if pattern.fullmatch(text):
                yield text, joined, module_name(path)


def test_keys_that_code_names_are_in_both_languages() -> None:
    """A key that stands in the code stands in each language's catalogue."""
    found = list(said_keys())
    assert len({key for key, *_ in found}) > 100
    for key, joined, module in found:
        area, _, rest = key.partition(".")
        for lang in LANGS:
            known = texts(area, lang)
            fits = any(name.startswith(rest) for name in known) if joined else rest in known
            assert fits, f"{module} says {key}, missing in {lang}"


def raised_keys() -> Iterator[tuple[str, str]]:
    """The keys of the errors that the package raises, with the module."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("InputError", "ChainError", "UnitError"):
                continue
            first = node.args[0] if node.args else None
            for part in ast.walk(first) if first else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value, module_name(path)


def test_errors_have_their_texts() -> None:
    """Whatever is raised can be said in both languages."""
    found = dict(raised_keys())
    assert {"missing_folder", "unproductive", "unknown_anchor", "cannot_write"} <= set(found)
    for key, module in found.items():
        for lang in LANGS:
            assert key in texts("problem", lang), f"{module} raises {key}, missing in {lang}"


def problem_keys() -> Iterator[tuple[str, str]]:
    """The keys of the problems of rows and cells, with the module."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = {word.arg: word.value for word in node.keywords}.get("key")
                makes_one = "Problem" in ast.unparse(node.func)
                if makes_one and isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value, module_name(path)


def test_problems_have_their_texts_and_what_to_do() -> None:
    """Each problem of a row says what is wrong and how to put it right, in both languages."""
    known = texts("problem", "en")
    found = dict(problem_keys())
    assert {"too_many_cells", "empty_table", "unknown_company"} <= set(found)
    fixes = {key.removesuffix("_fix") for key in known if key.endswith("_fix")}
    for key in {*found, *fixes, "not_a_number", "negative", "link_to_nobody", "self_link"}:
        for lang in LANGS:
            assert key in texts("problem", lang), key
            assert f"{key}_fix" in texts("problem", lang), key


@pytest.mark.parametrize("lang", LANGS)
def test_words_of_every_vocabulary(lang: str, shipped_chain: Chain) -> None:
    """Every state, gate and component that a table may hold has its word."""
    words = texts("word", "zh" if lang == "zh" else "en")
    for kind, values in {
        "state": STATES,
        "use_state": USE_STATES,
        "component": COMPONENTS,
        "gate": shipped_chain.products["recruit_gate"].unique(),
        "chain": shipped_chain.names,
        "stage": shipped_chain.products["stage"].unique(),
        "kind": shipped_chain.inputs["kind"].unique(),
        "evidence": shipped_chain.inputs["evidence"].unique(),
        "status": STATUSES,
    }.items():
        for value in values:
            assert words[f"{kind}_{value}"].strip(), (kind, value)


def test_help_lists_every_command() -> None:
    """Each command of the program is a short file of the cli room."""
    for command in COMMANDS:
        path = PACKAGE / "cli" / f"{command.replace('-', '_')}.py"
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 80, command


# ---- files


def tracked() -> list[Path]:
    """Return the files that the repository holds or would hold; skip where there is no git."""
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607  git from the path, as users have it
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the tests do not run in a git checkout")
    names = done.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_path_of_a_machine_in_any_file() -> None:
    """No file knows where somebody's checkout or home lies."""
    machine = re.compile(rb"(?<![\w.])/(?:home|Users|root|work)/\w|[A-Z]:\\\\?Users\\|/tmp/\w")
    for path in tracked():
        found = machine.search(path.read_bytes())
        # This file's own pattern, and nothing else.
        assert found is None or path == Path(__file__), (path.name, found)


def test_text_files_are_utf8_with_plain_line_ends() -> None:
    """Text is UTF-8 without byte order mark; lines end in LF and not in blanks."""
    texts_of = {".py", ".md", ".toml", ".csv", ".json", ".jinja", ".css", ".js", ".yml", ""}
    for path in tracked():
        # Files of the tests' own data are as bureaus send them.
        if path.suffix not in texts_of or (ROOT / "tests" / "data") in path.parents:
            continue
        content = path.read_bytes()
        content.decode("utf-8")
        assert b"\r" not in content, path
        assert not content.startswith(b"\xef\xbb\xbf"), path
        assert not content or content.endswith(b"\n"), path


def test_files_are_opened_with_an_encoding() -> None:
    """No text is read or written in whatever encoding the system has."""
    for path in [*MODULES, *sorted((ROOT / "tests").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = f"{path.name}:{node.lineno}"
            names = {keyword.arg for keyword in node.keywords}
            if node.func.attr == "read_text":
                assert node.args or "encoding" in names, place
            if node.func.attr == "write_text":
                assert len(node.args) > 1 or "encoding" in names, place


# ---- the README


def shell_commands() -> list[str]:
    """Return the README's shell lines, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|shell|bash|console)\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


def test_readme_begins_with_the_two_commands() -> None:
    """First install and report, then install and test, each complete on one line."""
    first, second = shell_commands()[:2]
    for command in (first, second):
        assert command.startswith("python3 -m venv .venv && ")
        assert ".venv/bin/pip install " in command
    assert first.endswith("cluster-graph report")
    assert '".[test]"' in second
    assert "pytest" in second


def test_ci_runs_the_command_of_the_readme() -> None:
    """The checks run the README's test command, word for word, and let no browser test skip."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    taken = re.search(r"grep -m 1 '([^']+)' README\.md", script)
    assert taken is not None
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    line = next(line for line in readme if taken[1] in line)
    assert line == shell_commands()[1]
    assert re.search(r"^eval ", script, flags=re.MULTILINE)
    assert "CLUSTER_GRAPH_NEED_BROWSER=1" in script


def test_readme_names_every_command_and_option() -> None:
    """A command that exists is in the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"cluster-graph {command}" in text
    for option in ("--lang", "--chain", "--region", "--anchor", "--format", "--top", "--quiet"):
        assert option in text
