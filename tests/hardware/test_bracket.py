"""The printed parts: closed solids with the holes where rig.toml wants them."""

from __future__ import annotations

import numpy as np
import pytest
from hardware.derive.source import load
from tests.hardware.solids import is_closed, triangles

D = load().tables["bracket"]
FACET_MM = 0.1  # twice the coarseness that bracket.py asks for


def volume_mm3(corners: np.ndarray) -> float:
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def radii_around(corners: np.ndarray, x_mm: float, y_mm: float, height: int = 2) -> np.ndarray:
    """Distances of all corners from an axis; `height`: the coordinate that runs along it."""
    plane = np.delete(corners.reshape(-1, 3), height, axis=1)
    return np.hypot(plane[:, 0] - x_mm, plane[:, 1] - y_mm)


@pytest.mark.parametrize("name", ["arm", "foot"])
def test_solid_is_closed(name: str) -> None:
    assert is_closed(name)


def test_outer_size_of_the_arm() -> None:
    corners = triangles("arm").reshape(-1, 3)
    head_mm, eye_mm = D["head_mm"] / 2, D["pivot_eye_mm"] / 2
    assert corners.min(axis=0) == pytest.approx((-eye_mm, -head_mm, 0), abs=FACET_MM)
    assert corners.max(axis=0) == pytest.approx((D["arm_mm"] + head_mm, head_mm, D["plate_mm"]), abs=FACET_MM)


def test_outer_size_of_the_foot() -> None:
    corners = triangles("foot").reshape(-1, 3)
    length_mm, depth_mm = D["foot_length_mm"] / 2, D["foot_depth_mm"] / 2
    top_mm = D["foot_height_mm"] + D["pivot_eye_mm"] / 2
    assert corners.min(axis=0) == pytest.approx((-length_mm, -depth_mm, 0), abs=FACET_MM)
    assert corners.max(axis=0) == pytest.approx((length_mm, depth_mm, top_mm), abs=FACET_MM)


def test_arm_has_collar_hole_and_pivot_of_the_right_size() -> None:
    corners = triangles("arm")
    assert radii_around(corners, D["arm_mm"], 0).min() == pytest.approx(D["boss_mm"] / 2, abs=0.01)
    assert radii_around(corners, 0, 0).min() == pytest.approx(D["pivot_mm"] / 2, abs=0.01)


def test_arm_takes_the_screws_of_every_hole_circle_it_promises() -> None:
    corners = triangles("arm").reshape(-1, 3)
    for angle in np.radians((0, 120, 240)):
        for circle_mm in (D["slot_from_mm"], D["slot_to_mm"]):
            x_mm, y_mm = D["arm_mm"] + circle_mm / 2 * np.cos(angle), circle_mm / 2 * np.sin(angle)
            free_mm = radii_around(corners, x_mm, y_mm).min()
            assert free_mm >= 1.5  # an M3 screw


def test_foot_pivot_is_at_its_height_and_as_wide_as_the_arms() -> None:
    radii = radii_around(triangles("foot"), 0, D["foot_height_mm"], height=1)
    assert radii.min() == pytest.approx(D["pivot_mm"] / 2, abs=0.01)


def test_foot_has_the_volume_of_its_dimensions() -> None:
    plate = D["foot_length_mm"] * D["foot_depth_mm"] - 2 * _slot_mm2(
        D["foot_slot_length_mm"], D["foot_slot_width_mm"]
    )
    ear = D["pivot_eye_mm"] * (D["foot_height_mm"] - D["plate_mm"]) + np.pi * (D["pivot_eye_mm"] ** 2 / 8)
    pivot = np.pi * D["pivot_mm"] ** 2 / 4
    assert volume_mm3(triangles("foot")) == pytest.approx((plate + ear - pivot) * D["plate_mm"], rel=1e-3)


def test_arm_has_the_volume_of_its_outline() -> None:
    x, y = np.meshgrid(np.arange(-20, 120, 0.1), np.arange(-30, 30, 0.1))
    head, eye = np.hypot(x - D["arm_mm"], y), np.hypot(x, y)
    bar = (abs(y) < D["pivot_eye_mm"] / 2) & (x > 0) & (x < D["arm_mm"])
    solid = bar | (head < D["head_mm"] / 2) | (eye < D["pivot_eye_mm"] / 2)
    solid &= (head > D["boss_mm"] / 2) & (eye > D["pivot_mm"] / 2)
    solid &= np.hypot(x - D["spring_at_mm"], y) > D["spring_hole_mm"] / 2
    slot_length_mm = (D["slot_to_mm"] - D["slot_from_mm"]) / 2 + D["slot_width_mm"]
    area_mm2 = solid.sum() * 0.01 - 3 * _slot_mm2(slot_length_mm, D["slot_width_mm"])
    # The broken edge takes about 0.3 %.
    assert volume_mm3(triangles("arm")) == pytest.approx(area_mm2 * D["plate_mm"], rel=1e-2)


def _slot_mm2(length_mm: float, width_mm: float) -> float:
    return (length_mm - width_mm) * width_mm + np.pi * width_mm**2 / 4


def test_collar_hole_leaves_enough_material_towards_the_screws() -> None:
    assert (D["slot_from_mm"] - D["slot_width_mm"] - D["boss_mm"]) / 2 >= 2.0
    assert (D["head_mm"] - D["slot_to_mm"] - D["slot_width_mm"]) / 2 >= 2.0
