"""The parts list covers the harness, and its sums are what the page says."""

from __future__ import annotations

import pytest
from hardware.derive import figures
from hardware.derive.perfboard import large_header
from hardware.derive.source import FOLDER, load

RIG = load()
PLACES = [place for part in RIG.parts for place in part["where"]]
ELSEWHERE = {"mounting", "supply", "carrier"}


def test_every_piece_of_harness_and_circuit_is_on_the_list_once() -> None:
    bought = {name for name, cable in RIG.cables.items() if not cable.own and not cable.instead_of}
    plugged = {name for name, connector in RIG.connectors.items() if not connector.instead_of} - {
        large_header(RIG)
    }
    wanted = {*plugged, *bought, *(part.ref for part in RIG.circuit)}
    listed = [place for place in PLACES if place not in ELSEWHERE]
    assert sorted(listed) == sorted(wanted)


@pytest.mark.parametrize("part", RIG.parts, ids=lambda part: part["id"])
def test_a_part_says_what_why_how_much_and_what_else(part: dict) -> None:
    assert part["name"] and part["number"] and part["why"] and part["alternative"]
    for entry in (part, *part["alternative"]):
        low, high = entry["price_eur"]
        assert 0 <= low <= high <= 100


@pytest.mark.parametrize(
    "part", [part for part in RIG.parts if part["quantity"] > 1], ids=lambda part: part["id"]
)
def test_pieces_are_as_many_as_places(part: dict) -> None:
    assert part["quantity"] == len(part["where"])


def test_a_frugal_builder_stays_near_100_euro() -> None:
    low, high = figures.price_eur(RIG, without=True)
    assert low < 110 < high < figures.price_eur(RIG)[1]


def test_totals_are_the_sums_of_the_printed_lines() -> None:
    text = (FOLDER / "parts.md").read_text(encoding="utf-8").partition("## What may be left out")[0]
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(lines) == len(RIG.parts)
    prices = [[float(number) for number in line[4].split("-")] for line in lines]
    low, high = sum(price[0] for price in prices), sum(price[-1] for price in prices)
    assert f"**Together: {low:g}-{high:g} euro.**" in text


def test_the_front_page_states_the_lists_totals() -> None:
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    (whole, frugal) = (figures.price_eur(RIG, without) for without in (False, True))
    assert f"{whole[0]:g} to {whole[1]:g} euro, {frugal[0]:g} to {frugal[1]:g} " in text


def test_pieces_are_those_of_circuit_and_headers() -> None:
    found = figures.pieces(RIG)
    assert found["r"] == {"330 Ω": 2, "1 kΩ": 2, "2.2 kΩ": 2, "10 kΩ": 2, "47 kΩ": 1}
    assert sum(n for kind, n in found["xh"].items() if kind != "contacts") == 6
    assert found["xh"]["contacts"] == sum(len(RIG.connectors[f"J{i}"].pins) for i in (1, 2, 3, 4, 5, 7))


def test_the_one_list_names_one_thing_a_line() -> None:
    for part in RIG.parts:
        assert " or " not in part["number"].replace("or the same number", ""), part["id"]


def test_resistor_values_on_the_list_are_those_of_the_circuit() -> None:
    (resistors,) = (part for part in RIG.parts if part["id"] == "r")
    listed = {value.strip() for value in resistors["name"].partition(":")[2].split(",")}
    assert listed == {part.value for part in RIG.circuit if part.ref.startswith("R")}


def test_the_recommended_display_is_read_from_5_m_and_one_that_is_not_says_so() -> None:
    (display,) = (part for part in RIG.parts if part["id"] == "display")
    assert figures.arc_minutes(display["glass"], 5) >= figures.SURE_ARCMIN
    for entry in display["alternative"]:
        is_too_small = figures.arc_minutes(entry["glass"], 3) < figures.SURE_ARCMIN
        assert is_too_small == ("too small" in entry["note"])
