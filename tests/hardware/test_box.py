"""The box: every part that looks out has an opening, none meets another, and the printed one has them all."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hardware.derive import box
from hardware.derive.source import load
from tests.hardware.solids import is_closed, triangles

RIG = load()
TABLE = RIG.tables["box"]
HOLES = box.openings(RIG)
WIDE, HIGH, DEEP = TABLE["outer_mm"]
BEHIND_MM = {
    "S1": 22,
    "S2": 22,
    "S3": 22,
    "X1": 18,
    "X2": 18,
    "X3": 18,
    "DS1": 43,
    "BZ1": 22,
}  # wide, behind the wall


def test_everything_that_looks_out_of_the_box_has_an_opening() -> None:
    outside = {"DS1", "S1", "S2", "S3", "BZ1", "MCU"} | {
        name for name in RIG.connectors if name.startswith("X")
    }
    assert outside <= {hole.what for hole in HOLES}


@pytest.mark.parametrize("face", box.TITLES)
def test_openings_keep_their_distance_from_edges_and_from_each_other(face: str) -> None:
    wide, high = box.face_mm(RIG, face)
    here = [hole for hole in HOLES if hole.face == face]
    for hole in here:
        (x, y), (half_x, half_y) = hole.at, hole.half
        assert min(x - half_x, wide - x - half_x, y - half_y, high - y - half_y) >= TABLE["wall_mm"] + 2, hole
    for one, other in combinations(here, 2):
        reach = [
            max(BEHIND_MM.get(hole.what, 0) / 2, *(hole.half if hole.d else (0, 0))) for hole in (one, other)
        ]
        apart_x, apart_y = (abs(one.at[i] - other.at[i]) for i in (0, 1))
        halves = [sum(pair) for pair in zip(one.half, other.half)]
        is_clear = apart_x > halves[0] + 3 or apart_y > halves[1] + 3
        assert is_clear and (math.hypot(apart_x, apart_y) >= sum(reach) or not all(reach)), (
            f"{one.what}, {other.what}"
        )


def test_carrier_fits_beside_the_sockets_and_under_the_lid() -> None:
    (x, y), (long, deep) = TABLE["carrier_at_mm"], RIG.tables["perfboard"]["size_mm"]
    wall = TABLE["wall_mm"]
    assert wall <= x and x + long <= WIDE - wall and y + deep <= HIGH - wall
    assert y - wall >= 25, "a GX12 socket reaches 20 mm inside"
    top_of_board = TABLE["standoff_mm"] + 2 * TABLE["board_mm"] + TABLE["socket_mm"] + 4
    assert DEEP - 2 * wall - top_of_board >= 25, "what a push button takes behind the lid"


def test_usb_opening_is_where_the_carrier_holds_the_socket() -> None:
    (usb,) = (hole for hole in HOLES if hole.what == "MCU")
    # Rows A and K of 24 rows at 2.54 mm on 70 mm: the middle is row F; the carrier's lower edge is 34 mm up.
    first_mm = (70 - 23 * 2.54) / 2
    assert usb.at[0] == pytest.approx(34 + 70 - (first_mm + 5 * 2.54), abs=0.01)
    assert usb.at[1] == pytest.approx(2.4 + 6 + 1.6 + 8.5 + 1.6 + 1.4, abs=0.01)


@pytest.mark.parametrize("name", ["box", "lid"])
def test_printed_solid_is_closed(name: str) -> None:
    assert is_closed(name)


def test_printed_box_has_its_outer_size() -> None:
    corners = triangles("box").reshape(-1, 3)
    assert corners.min(axis=0) == pytest.approx((0, 0, 0), abs=0.1)
    assert corners.max(axis=0) == pytest.approx((WIDE, HIGH, DEEP - TABLE["wall_mm"]), abs=0.1)


@pytest.mark.parametrize(
    "hole", [hole for hole in HOLES if hole.what != "CAR"], ids=lambda hole: f"{hole.face} {hole.what}"
)
def test_printed_parts_have_each_opening_in_its_place(hole: box.Opening) -> None:
    corners = triangles("lid" if hole.face == "lid" else "box").reshape(-1, 3)
    if hole.face == "lid":
        in_plane = corners[:, :2]
    else:
        axis, level = {"floor": (2, 0.0), "bottom": (1, 0.0), "right": (0, WIDE)}[hole.face]
        in_plane = np.delete(corners[np.isclose(corners[:, axis], level, atol=1e-3)], axis, axis=1)
    away = in_plane - np.array(hole.at)
    if hole.d:
        assert np.hypot(*away.T).min() == pytest.approx(hole.d / 2, abs=0.02)
    else:
        half = np.array(hole.half)
        for sign in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            assert np.abs(away - half * sign).max(axis=1).min() == pytest.approx(0, abs=0.02)
        assert not (np.abs(away) < half - 0.05).all(axis=1).any()
