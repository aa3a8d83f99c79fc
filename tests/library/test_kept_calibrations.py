"""Calibrations in the library: listed, shown, compared and printed, without a rig."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrorig.calibration.compare import compared
from retrorig.cli import run
from retrorig.library import Library
from retrorig.library.calibration_record import new_record

OLD: dict[str, Any] = {
    "id": "none", "counts_per_rev": 2400, "circumference_um": 250_000, "scale_nn": 465_000, "zero": 35_000,
    "direction": 1, "circumference_pm_ppm": 2000, "span_pm_ppm": 4000, "linearity_mn": 0,
}  # fmt: skip
POINTS = [
    {"load": "0 kg", "newtons": 0.0, "code": 35_000.0, "off_n": 0.5},
    {"load": "10 kg", "newtons": 98.1, "code": 245_000.0, "off_n": -1.0},
    {"load": "20 kg", "newtons": 196.2, "code": 456_000.0, "off_n": 0.25},
]  # fmt: skip


def force_record(**found: Any) -> dict[str, Any]:
    evidence = {
        "points": POINTS,
        "weights_pm_ppm": 1000,
        "fit_pm_ppm": 120,
        "linearity_ppm": 5100,
        "drift_n": -0.25,
    }
    values = {"scale_nn": 466_395, "span_pm_ppm": 3000, **found}
    return new_record(
        "force", "rr-1", OLD, values, evidence, "Kim", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    )


def belt_record() -> dict[str, Any]:
    made = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    return new_record("belt", "rr-2", OLD, {"circumference_um": 251_250}, {"distance": "10 m"}, None, made)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library(tmp_path / "library", create=True) as library:
        library.calibrations.add(force_record())
        library.calibrations.add(belt_record())
    return tmp_path / "library"


def said(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    assert run(["calibrate", *words, "--library", str(folder)]) == 0
    out = capsys.readouterr()
    return " ".join((out.out + out.err).split())


def test_the_list_tells_what_each_found_and_of_one_rig_alone_if_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(capsys, folder, "list")
    assert "2026-11-22 10:00" in found and "Kim" in found and "466.395 uN a code +-0.30 %" in found
    assert "251.250 mm +-0.20 %" in found and found.index("rr-1") < found.index("rr-2")
    alone = said(capsys, folder, "list", "--rig", "rr-2")
    assert "rr-2" in alone and "rr-1" not in alone
    assert "No calibrations" in said(capsys, folder, "list", "--rig", "rr-3")
    assert json.loads(said(capsys, folder, "list", "--json")) == json.loads(
        json.dumps([force_record(), belt_record()])
    )


def test_one_is_shown_with_what_it_rests_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, folder, "show", force_record()["id"])
    for words in (
        "2026-11-22 10:00:00 UTC", "Kim", "weights known to +-0.10 %", "fit alone +-0.012 %", "0.510 % of the largest",
        "zero moved meanwhile by -0.25 N", "250.000 mm +-0.20 %", "466.395 uN +-0.30 %", "35000 codes", "as wired",
    ):  # fmt: skip
        assert words in found, words
    for point in POINTS:
        assert f"{point['load']} {point['newtons']:.2f} {point['code']:.0f} {point['off_n']:+.3f}" in found, (
            point
        )
    assert json.loads(said(capsys, folder, "show", belt_record()["id"], "--json")) == json.loads(
        json.dumps(belt_record())
    )


def test_two_are_compared_by_what_both_are_sure_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, folder, "compare", force_record()["id"], belt_record()["id"])
    assert "0.500" in found and "changed" in found
    by_name = {one.name: one for one in compared(force_record(), belt_record())}
    belt, force = by_name["circumference"], by_name["force a code"]
    assert (belt.first, belt.second, belt.change_pct) == (250.0, 251.25, pytest.approx(0.5))
    assert belt.allowed_pct == pytest.approx(0.2 * 2**0.5) and belt.verdict == "changed"
    assert force.change_pct == pytest.approx(
        100 * (465_000 / 466_395 - 1)
    ) and force.allowed_pct == pytest.approx(0.5)
    assert force.verdict == "within what both are sure of" and by_name["zero"].verdict == "same"
    (turned,) = (one for one in compared(OLD, {**OLD, "direction": -1}) if one.verdict != "same")
    assert (turned.name, turned.verdict, turned.change_pct) == ("direction", "changed", None)
    unsure = {**OLD, "circumference_pm_ppm": None, "circumference_um": 250_001}
    assert compared(OLD, unsure)[0].verdict == "changed"


def test_a_certificate_is_one_page_with_every_value(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = [
        "calibrate",
        "certificate",
        force_record()["id"],
        "--output",
        str(page),
        "--library",
        str(folder),
    ]
    assert run(words) == 0
    text = page.read_text(encoding="utf-8")
    for expected in ("466.395 uN", "+-0.30 %", "Kim", "rr-1", "98.1", "Calibration of the load cell"):
        assert expected in text, expected
    assert "src=" not in text and "http" not in re.sub(r"http://www\.w3\.org/\S+", "", text)
