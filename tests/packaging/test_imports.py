"""Who imports whom: no package in a circle, commands the public API alone, no test the bench."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import grimp
import pytest

import retrorig

ROOTS = ("retrorig", "rigcore", "app", "drivers")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import that runs, also those within functions; but for one, by which recovery loads what mends damage."""
    found = grimp.build_graph(*ROOTS, cache_dir=None, exclude_type_checking_imports=True)
    found.remove_import(importer="rigcore.recovery", imported="rigcore.rescue")
    return found


def test_nothing_in_any_package_is_imported_in_a_circle(graph: grimp.ImportGraph) -> None:
    packages = [name for name in graph.modules if graph.find_children(name)]
    assert len(packages) > 15
    assert {name: found for name in packages if (found := graph.nominate_cycle_breakers(name))} == {}


def test_shared_logic_needs_no_hardware_and_the_host_no_board(graph: grimp.ImportGraph) -> None:
    for below, above in (("drivers", "app"), ("rigcore", "drivers"), ("rigcore", "retrorig")):
        assert not graph.chain_exists(below, above, as_packages=True)
    assert not any(graph.chain_exists("retrorig", board, as_packages=True) for board in ("app", "drivers"))
    assert graph.chain_exists("app", "rigcore", as_packages=True)


COMMANDS = Path(retrorig.__file__).parent / "cli"
VOCABULARY = "rigcore.vocabulary"


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of each import of this project's own, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOTS:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] in ROOTS)


@pytest.fixture(scope="module")
def public() -> set[tuple[str, str]]:
    """What `retrorig` and its public packages name in `__all__`."""
    packages = [name for name in retrorig.__all__ if (COMMANDS.parent / name).is_dir()]
    assert len(packages) > 8
    inner = {
        (f"retrorig.{name}", one) for name in packages for one in import_module(f"retrorig.{name}").__all__
    }
    return inner | {("retrorig", name) for name in retrorig.__all__}


def imports_beside(folder: Path, public: set[tuple[str, str]]) -> tuple[set[tuple[str, str]], int]:
    """(what the files of a folder import that is neither theirs nor public nor a word that the board shares; of how
    many imports)."""
    own = (f"retrorig.{folder.name}", VOCABULARY)
    used = {pair for path in folder.rglob("*.py") for pair in imported(path) if not pair[0].startswith(own)}
    return used - public, len(used)


def test_the_command_line_uses_the_public_api_and_nothing_beside_it(public: set[tuple[str, str]]) -> None:
    beside, used_n = imports_beside(COMMANDS, public)
    assert beside == set() and used_n > 60


HELPERS = {
    ("retrorig.extras", "require"),
    ("retrorig.forms", "plain"),
    ("retrorig.lazy", "on_use"),
    ("retrorig.scratch", "new_scratch_folder"),
    ("retrorig.texts", "read_text"),
    ("retrorig.writing", "make_folder"),
    ("retrorig.writing", "replacing"),
}
"""Of the package itself, without rig or sets: CONTRIBUTING.md tells why the desk may use them."""


def test_the_desk_uses_the_public_api_and_some_small_helpers(public: set[tuple[str, str]]) -> None:
    beside, used_n = imports_beside(COMMANDS.parent / "desk", public)
    assert beside == HELPERS and used_n > 60


def test_every_public_name_is_there() -> None:
    for package in (retrorig, *(import_module(f"retrorig.{name}") for name in ("progress", "calibration"))):
        assert all(getattr(package, name) is not None for name in package.__all__)


def test_no_test_imports_from_the_bench() -> None:
    tests = Path(__file__).parents[1]
    found = {
        path.relative_to(tests).as_posix(): name
        for path in tests.rglob("*.py")
        if "bench" not in path.parts
        for name in every_import(path)
        if name.startswith("tests.bench")
    }
    assert found == {}


def every_import(path: Path) -> Iterator[str]:
    """Name of each module, or thing of one, that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
