"""The project's layout, its layers, and what every module has in common."""

from __future__ import annotations

import ast
import graphlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "kg"

# Which layer a module of the package stands in; no import goes upwards.
LAYERS = {
    "choices": 0,
    "errors": 0,
    "model": 0,
    "namespaces": 0,
    "progress": 0,
    "texts": 0,
    "facts": 1,
    "fingerprints": 1,
    "pictures": 1,
    "quads": 1,
    "rdf": 1,
    "records": 1,
    "resources": 1,
    "runs": 1,
    "analyses": 2,
    "analysis": 2,
    "description": 2,
    "diff": 2,
    "evaluation": 2,
    "excerpts": 2,
    "export": 2,
    "fetch": 2,
    "generations": 2,
    "link_nodes": 2,
    "linking": 2,
    "links": 2,
    "lookup": 2,
    "mapping": 2,
    "overview": 2,
    "queries": 2,
    "readers": 2,
    "recipes": 2,
    "remote": 2,
    "shacl": 2,
    "store": 2,
    "additions": 3,
    "api": 3,
    "assembly": 3,
    "asking": 2,
    "foreign": 3,
    "graph": 3,
    "report": 3,
    "page_process": 3,
    "page_workers": 3,
    "pages": 3,
    "pipeline": 3,
    "places": 3,
    "releases": 3,
    "reuse": 3,
    "validation": 3,
    "validation_remote": 3,
    "validation_since": 3,
    "cli": 4,
    # The package itself is its Python interface: on top, as far as it imports anything.
    "__init__": 4,
    "__main__": 4,
}

# What may be taken from the package itself by any module, whatever its layer.
CONSTANTS = {"__version__"}

# Parts that one place uses, so that they can be replaced there.
SOLE_IMPORTERS = {
    "SPARQLWrapper": {"remote"},
    "fastexcel": {"readers"},
    "networkx": {"analyses", "analysis"},
    "pooch": {"fetch"},
    "pyld": {"export"},
    "pyoxigraph": {"rdf", "store"},
    "requests": {"fetch"},
    "rich": {"cli"},
    "sklearn": {"evaluation", "linking"},
    "typer": {"cli"},
    "urllib3": {"fetch"},
    "xlsxwriter": {"export"},
}

# Packages that are imported by another name than they are installed by.
DISTRIBUTIONS = {"resvg_py": "resvg-py", "sklearn": "scikit-learn", "yaml": "PyYAML"}
# Parts that an extra brings, by its name: they are imported where they are used.
EXTRAS = {"fastexcel": "xlsx", "resvg-py": "png", "xlsxwriter": "xlsx"}

# Parts that take long to import: the command line loads them when a command needs them.
HEAVY = (
    "SPARQLWrapper",
    "networkx",
    "polars",
    "pooch",
    "pyld",
    "pyoxigraph",
    "pyshacl",
    "rdflib",
    "requests",
    "sklearn",
    "urllib3",
    "xlsxwriter",
)

# Where printing and exiting is allowed. Two are the main modules of child processes.
PRINTERS = ("kg.__main__", "kg.cli", "kg.page_process", "kg.store.worker")


def module_name(path: Path) -> str:
    """Return the dotted name of a source file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(name: str) -> str:
    """Return the first part of a module's name below the package: what has a layer."""
    return name.split(".")[1] if "." in name else "__init__"


SOURCES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_bytes(), str(path)) for name, path in SOURCES.items()}


def imports(name: str) -> Iterator[tuple[str, int]]:
    """Yield what a module imports, anywhere in it, as dotted names with their lines."""
    package = name if SOURCES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def own_imports(name: str) -> Iterator[tuple[str, int]]:
    """Yield the modules of the package that a module imports, with their lines."""
    for target, line in imports(name):
        if target.split(".")[0] != "kg" or target in {f"kg.{constant}" for constant in CONSTANTS}:
            continue
        # `from kg.model import Page` names an attribute: the module is what comes before it.
        module = target if target in SOURCES else target.rpartition(".")[0] or target
        assert module in SOURCES, f"{SOURCES[name]}:{line}: there is no module {target}"
        if module != name:
            yield module, line


def foreign_imports(name: str) -> Iterator[tuple[str, int]]:
    """Yield the third-party packages that a module imports, with their lines."""
    for target, line in imports(name):
        top = target.split(".")[0]
        if top != "kg" and top not in sys.stdlib_module_names:
            yield top, line


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """Return the nodes of a cycle, or nothing."""
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []


def dotted(node: ast.expr) -> str:
    """Return an expression such as sys.stdout.write as text, or what is known of it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def export_order(name: str) -> tuple[int, str]:
    """Return what sorts exports: constants, then classes, then functions and the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name


def canonical(distribution: str) -> str:
    """Return a distribution's name, of a requirement or a pin, the way indexes compare it."""
    match = re.match(r"[\w.-]+", distribution)
    assert match, distribution
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def project() -> dict[str, object]:
    """Return the project table of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return table["project"]  # type: ignore[return-value]


@pytest.mark.parametrize(
    "folder",
    ["benchmarks", "build", "ontology", "queries", "shapes", "src/kg", "tests"],
)
def test_layout(folder: str) -> None:
    """Every top-level folder exists and holds something."""
    assert any((ROOT / folder).iterdir())


@pytest.mark.parametrize("name", ["CHANGELOG.md", "LICENSE", "NOTICE", "README.md"])
def test_documents(name: str) -> None:
    """What a visitor looks for first is there."""
    assert (ROOT / name).read_text("utf-8").strip()


def test_build_is_source() -> None:
    """The recipe folder is neither ignored nor a package."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert [] == [line for line in ignored if line.strip("/") == "build"]
    assert [] == list((ROOT / "build").rglob("__init__.py"))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help() -> None:
    """Every target of the Makefile is explained by make help."""
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    # The flags of a make that runs the tests are not meant for this one.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    explained = {line.split()[1] for line in shown.splitlines() if len(line.split()) > 2}
    assert {"check", "clean", "demo", "format", "help", "slow", "test"} <= targets
    assert targets == explained


@pytest.mark.parametrize(
    "program",
    [
        "import kg.cli",
        "import runpy; sys.argv[1:] = ['--help']; runpy.run_module('kg', run_name='__main__')",
    ],
    ids=["import", "help"],
)
def test_the_command_line_starts_light(program: str) -> None:
    """Importing the command line, and its help, load none of the heavy parts."""
    script = (
        f"import sys\ntry:\n    {program}\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('loaded:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "loaded:" == run.stdout.splitlines()[-1]


def test_modules_are_found() -> None:
    """The tests below look at the real package."""
    assert {"kg", "kg.__main__", "kg.errors", "kg.resources"} <= SOURCES.keys()


def test_every_module_has_a_layer() -> None:
    """A module without a layer fails here until someone decides where it stands."""
    unplaced = sorted({unit(name) for name in SOURCES} - LAYERS.keys())
    assert [] == unplaced, f"place these in LAYERS (and in the design): {unplaced}"


@pytest.mark.parametrize("name", SOURCES)
def test_no_import_goes_upwards(name: str) -> None:
    """A module imports only from its own layer and those below."""
    layer = LAYERS.get(unit(name), 0)
    upwards = [
        f"{SOURCES[name].relative_to(ROOT)}:{line}: {target}"
        for target, line in own_imports(name)
        if LAYERS.get(unit(target), 0) > layer
    ]
    assert [] == upwards


def test_no_cycles() -> None:
    """Neither files nor the modules they belong to import each other in a circle."""
    files = {name: {target for target, _ in own_imports(name)} for name in SOURCES}
    units: dict[str, set[str]] = {}
    for name, targets in files.items():
        units.setdefault(unit(name), set()).update(map(unit, targets))
    for top, targets in units.items():
        targets.discard(top)
    assert [] == cycle(files)
    assert [] == cycle(units)


def test_a_cycle_is_seen() -> None:
    """The search for cycles finds one, in the order of the imports."""
    found = cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    assert ({"b", "c"}, found[0]) == (set(found), found[-1])


@pytest.mark.parametrize("part", SOLE_IMPORTERS)
def test_sole_importers(part: str) -> None:
    """A part is imported only by the modules that stand for it."""
    importers = {
        unit(name) for name in SOURCES if part in {top for top, _ in foreign_imports(name)}
    }
    assert set() == importers - SOLE_IMPORTERS[part]


def test_what_is_imported_is_declared() -> None:
    """Every third-party package that the code imports is a dependency of the project."""
    declared = {canonical(item) for item in project()["dependencies"]}  # type: ignore[attr-defined]
    optional: dict[str, list[str]] = project()["optional-dependencies"]  # type: ignore[assignment]
    declared |= {p for p, e in EXTRAS.items() if p in map(canonical, optional[e])}
    imported = {
        canonical(DISTRIBUTIONS.get(top, top))
        for name in SOURCES
        for top, _ in foreign_imports(name)
    }
    assert set() == imported - declared


def test_what_is_declared_is_pinned() -> None:
    """Every dependency, of the extras and the build too, has its version in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = [*table["build-system"]["requires"], *table["project"]["dependencies"]]
    for extra in table["project"]["optional-dependencies"].values():
        declared += extra
    assert [] == [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)]
    assert set() == set(map(canonical, declared)) - set(map(canonical, pins))


@pytest.mark.parametrize("name", SOURCES)
def test_explicit_exports(name: str) -> None:
    """A module says what it exports, in order, and has all of it."""
    exported: list[str] | None = None
    bound: set[str] = set()
    for node in TREES[name].body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.expr() as value):
                exported = ast.literal_eval(value)
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
                exported = ast.literal_eval(value)
        for inner in ast.walk(node):
            match inner:
                case ast.Name(id=bound_name, ctx=ast.Store()):
                    bound.add(bound_name)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    bound.add(inner.name)
                case ast.alias():
                    bound.add(inner.asname or inner.name)
    assert exported is not None, f"{name} has no __all__"
    assert sorted(set(exported), key=export_order) == exported
    # A package may load what it exports when it is first asked for.
    if "__getattr__" not in bound:
        assert [] == [item for item in exported if item not in bound]


@pytest.mark.parametrize("name", SOURCES)
def test_only_the_command_line_prints_and_exits(name: str) -> None:
    """Everything else returns values and raises errors."""
    if any(f"{name}.".startswith(f"{printer}.") for printer in PRINTERS):
        return
    calls = [
        f"{SOURCES[name].relative_to(ROOT)}:{node.lineno}: {text}"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute | ast.Name)
        and (text := dotted(node))
        in {"SystemExit", "exit", "os._exit", "print", "sys.exit", "sys.stderr", "sys.stdout"}
    ]
    taken = [
        f"{SOURCES[name].relative_to(ROOT)}:{line}: {target}"
        for target, line in imports(name)
        if target in {"os._exit", "sys.exit", "sys.stderr", "sys.stdout"}
    ]
    assert [] == calls + taken


def test_every_test_says_what_it_checks() -> None:
    """Every test has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_bytes(), str(path)))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert [] == silent
