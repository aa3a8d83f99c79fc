"""Who imports whom: no package imports another in a circle."""

from __future__ import annotations

import grimp
import pytest

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


PAST_THE_API = {
    ("retrorig.cli.calibrate.files", "retrorig.link.client"),
    ("retrorig.cli.calibrate.files", "retrorig.link.rig_port"),
    ("retrorig.cli.doctor", "retrorig.link.client"),  # a rig that does not greet is what it judges
    ("retrorig.cli.doctor", "retrorig.link.rig_port"),
    ("retrorig.cli.flash", "retrorig.link.ports"),  # a board without firmware is no rig yet
    ("retrorig.cli.info", "retrorig.link.answers"),
    ("retrorig.cli.info", "retrorig.link.describe"),
    ("retrorig.cli.live", "retrorig.link.rig_port"),  # its stream opens the port again when it comes back
}


def test_commands_speak_to_a_rig_by_the_public_api(graph: grimp.ImportGraph) -> None:
    """Those that don't are listed; the library and the errors have no way but the API."""
    commands = graph.find_descendants("retrorig.cli")
    found = {(name, used) for name in commands for used in graph.find_modules_directly_imported_by(name)}
    roads = ("retrorig.link.", "retrorig.rig", "retrorig.errors", "retrorig.library.library")
    assert {pair for pair in found if pair[1].startswith(roads)} == PAST_THE_API
    assert ("retrorig.cli.pull", "retrorig") in found
