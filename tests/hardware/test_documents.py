"""Pages and drawings in the repository are those that the source makes now."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hardware.derive import made, pages
from hardware.derive.drawings import drawings
from hardware.derive.source import FOLDER, load

RIG = load()
DRAWN = drawings(RIG)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("path", pages.paths(), ids=lambda path: path.name)
def test_tables_are_up_to_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert pages.filled(text, RIG) == text, "run `make drawings`"


@pytest.mark.parametrize("name", DRAWN)
def test_drawing_is_what_the_source_draws_now(name: str) -> None:
    assert (FOLDER / "drawings" / f"{name}.svg").read_text(encoding="utf-8") == DRAWN[name], (
        "run `make drawings`"
    )


@pytest.mark.parametrize("name", made.inputs(RIG))
def test_file_was_made_from_this_source(name: str) -> None:
    assert (FOLDER / name).stat().st_size < 300_000
    assert made.recorded().get(name) == made.inputs(RIG)[name], (
        "run `make drawings`, or `make cad` for bracket and box"
    )


def test_no_drawing_is_left_over_and_each_is_on_a_page() -> None:
    found = {path.name for path in (FOLDER / "drawings").iterdir()}
    others = {name.removeprefix("drawings/") for name in made.inputs(RIG) if name.startswith("drawings/")}
    assert found == {f"{name}.svg" for name in DRAWN} | others
    pages_text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md"))
    assert not [name for name in found if f"drawings/{name}" not in pages_text]


def test_circuit_drawing_shows_every_part_with_its_value() -> None:
    shown = _texts(made.SCHEMATIC)
    for part in RIG.circuit:
        assert part.ref in shown and part.value in shown


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_step_of_building_has_a_time_a_picture_and_what_right_looks_like() -> None:
    text = (FOLDER / "BUILDING.md").read_text(encoding="utf-8")
    steps = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [step.partition(".")[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    for step in steps:
        title = step.splitlines()[0]
        assert re.search(r"\(\d+ (min|h)\b", title), title
        assert "![" in step and "**Right:**" in step and "**Not:**" in step, title


def _texts(name: str) -> set[str]:
    """All pieces of text in an SVG file."""
    root = ElementTree.fromstring((FOLDER / name).read_bytes())
    return {text.replace("\xa0", " ").strip() for element in root.iter() for text in element.itertext()}
