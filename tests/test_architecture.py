"""The house rules, read from the sources: who may import whom, how large things grow, what stays light.

An import only ever points down the floors, wherever it stands: at the top of a module, inside a function, or for
type checking alone.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sweeper import plugins

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sweeper"

FLOORS = {
    **dict.fromkeys(("errors", "records", "events", "wire", "processes", "version"), 0),
    **dict.fromkeys(("space", "config", "content"), 1),
    **dict.fromkeys(("interfaces", "plugins"), 2),
    **dict.fromkeys(("samplers", "pruners", "executors", "store", "artifacts"), 3),
    "trial": 4,
    **dict.fromkeys(("controller", "registry", "analysis"), 5),
    **dict.fromkeys(("report", "serving", "exchange", "web"), 6),
    "server": 7,
    **dict.fromkeys(("api", "cli"), 8),
    **dict.fromkeys(("", "__main__", "testing"), 9),
}
LONGEST_MODULE, LONGEST_FUNCTION = 450, 70
HEAVY = {
    "alembic", "fsspec", "hyperopt", "IPython", "joblib", "jinja2", "matplotlib", "mlflow", "numpy", "optuna",
    "pandas", "pyarrow", "pydantic", "ray", "rich", "scipy", "sklearn", "sqlalchemy", "starlette", "torch", "uvicorn",
    "yaml",
}  # fmt: skip
PICKLES = {"pickle", "cPickle", "_pickle", "dill", "shelve", "marshal"}
MAY_PICKLE = {"sweeper.trial.pickling", "sweeper.trial.data"}  #: and all executors: what goes to workers of this user


@dataclass(frozen=True)
class Import:
    target: str
    line: int
    at_start: bool  #: executed when the module is imported


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    imports: list[Import] = field(default_factory=list)

    @property
    def room(self) -> str:
        return room(self.name)

    def place(self, line: int) -> str:
        return f"{self.path.relative_to(ROOT)}:{line}"


def room(module: str) -> str:
    return module.partition(".")[2].partition(".")[0]


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[:2] == ("sweeper", "content") and len(parts) > 3:
            continue  # examples inside a built package
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    for module in found.values():
        is_package = module.path.name == "__init__.py"
        module.imports.extend(imports_of(module.tree, module.name, is_package, set(found)))
    return found


def imports_of(tree: ast.Module, name: str, is_package: bool, known: set[str]) -> Iterator[Import]:
    """Every import statement, and every ``import_module`` with a fixed name."""
    for node, at_start in walk(tree, at_start=True):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_start) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = name.split(".")
                above = above[: len(above) - node.level + is_package]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield Import(whole if whole in known else base, node.lineno, at_start)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            fixed = [argument for argument in node.args[:1] if isinstance(argument, ast.Constant)]
            yield from (Import(str(argument.value), node.lineno, at_start) for argument in fixed)


def walk(node: ast.AST, *, at_start: bool) -> Iterator[tuple[ast.AST, bool]]:
    """All nodes, each with whether importing the module executes it."""
    for child in ast.iter_child_nodes(node):
        inside = at_start
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = False
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            inside = False
        yield child, inside
        yield from walk(child, at_start=inside)


def own(target: str) -> bool:
    return target == "sweeper" or target.startswith("sweeper.")


def upward(module: Module) -> list[str]:
    here = FLOORS[module.room]
    return [
        f"{module.place(item.line)}: {module.name} (floor {here}) imports {item.target}"
        f" (floor {FLOORS[room(item.target)]})"
        for item in module.imports
        if own(item.target) and FLOORS.get(room(item.target), 99) > here
    ]


def edges() -> dict[str, set[str]]:
    return {
        module.name: {item.target for item in module.imports if item.target in modules()} - {module.name}
        for module in modules().values()
    }


def test_every_room_has_a_floor() -> None:
    assert {module.room for module in modules().values()} <= set(FLOORS)


def test_imports_point_down() -> None:
    assert not [line for module in modules().values() for line in upward(module)]


def test_an_upward_import_inside_a_function_is_found() -> None:
    source = "def f():\n    from sweeper.api import run_sweep\n"
    module = Module("sweeper.space.x", PACKAGE / "space" / "x.py", ast.parse(source))
    module.imports.extend(imports_of(module.tree, module.name, False, {"sweeper.api"}))
    assert upward(module) == ["sweeper/space/x.py:2: sweeper.space.x (floor 1) imports sweeper.api (floor 8)"]


def test_modules_form_no_cycle() -> None:
    try:
        TopologicalSorter(edges()).prepare()
    except CycleError as error:
        pytest.fail("cycle: " + " -> ".join(error.args[1]))


def test_rooms_form_no_cycle() -> None:
    top = dict.fromkeys(("api", "cli"), "api and cli")  # the decorator shows progress, the command runs sweeps
    rooms: dict[str, set[str]] = {}
    for name, targets in edges().items():
        here = top.get(room(name), room(name))
        rooms.setdefault(here, set()).update({top.get(room(target), room(target)) for target in targets} - {here})
    try:
        TopologicalSorter(rooms).prepare()
    except CycleError as error:
        pytest.fail("cycle: " + " -> ".join(error.args[1]))


def test_adapters_do_not_import_one_another() -> None:
    adapters = {target.partition(":")[0] for table in plugins.TABLES.values() for target in table.values()}

    def adapter_of(name: str) -> str | None:
        return next((adapter for adapter in adapters if name == adapter or name.startswith(f"{adapter}.")), None)

    wrong = [
        f"{module.place(item.line)}: {module.name} imports {item.target}"
        for module in modules().values()
        if adapter_of(module.name)
        for item in module.imports
        if adapter_of(item.target) not in (None, adapter_of(module.name))
    ]
    assert len(adapters) > 3
    assert not wrong


def test_only_the_shipped_suites_import_pytest() -> None:
    wrong = [
        f"{module.place(item.line)}: {item.target}"
        for module in modules().values()
        if module.room != "testing"
        for item in module.imports
        if item.target.partition(".")[0] in ("tests", "pytest", "hypothesis")
    ]
    assert not wrong


def test_modules_stay_short() -> None:
    counted = [module for module in modules().values() if module.room != "testing"]  # shipped suites are tests
    lengths = {module.name: len(module.path.read_text("utf-8").splitlines()) for module in counted}
    assert lengths
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}


def test_functions_stay_short() -> None:
    long = [
        f"{module.place(node.lineno)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_pickles_stay_inside_the_transport() -> None:
    wrong = [
        f"{module.place(item.line)}: {item.target}"
        for module in modules().values()
        if module.room != "executors" and module.name not in MAY_PICKLE
        for item in module.imports
        if item.target.partition(".")[0] in PICKLES
    ]
    assert not wrong


@pytest.mark.parametrize("start", ["sweeper", "sweeper.cli.app"])
def test_nothing_heavy_is_imported_from_the_start(start: str) -> None:
    reached, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name in reached or name not in modules():
            continue
        reached.add(name)
        todo.append(name.rpartition(".")[0])
        todo.extend(item.target for item in modules()[name].imports if item.at_start)
    heavy = [
        f"{modules()[name].place(item.line)}: {item.target}"
        for name in sorted(reached)
        for item in modules()[name].imports
        if item.at_start and item.target.partition(".")[0] in HEAVY
    ]
    assert reached
    assert not heavy


@pytest.mark.parametrize("start", ["sweeper", "sweeper.cli.app"])
def test_nothing_heavy_is_in_memory_after_the_import(start: str) -> None:
    code = f"import sys, {start}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert start.partition(".")[0] in result.stdout.split()
    assert not HEAVY & set(result.stdout.split())


@pytest.mark.parametrize("name", ["space", "config"])
def test_spaces_and_config_load_no_numerical_package(name: str) -> None:
    heavy = [
        f"{module.place(item.line)}: {item.target}"
        for module in modules().values()
        if module.room == name
        for item in module.imports
        if item.at_start and item.target.partition(".")[0] in HEAVY - {"pydantic", "yaml"}
    ]
    assert not heavy
