"""One implementation on board and host: what the display showed comes out of the pulled set again, digit for digit."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.measure.walks import Gait, Walk

from retrorig import board_files
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.measure.directions import resting_count
from retrorig.measure.metrics import measure
from retrorig.measure.recalibrate import recalibrated
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Calibration, RigSettings
from rigcore.average import CodeAverage
from rigcore.decode import RawSet
from rigcore.force import ForceScale
from rigcore.motion import Directions, Geometry
from rigcore.setrun import DIRECTION_MM

DISPLAY_N = 8


def with_probe() -> dict[str, bytes]:
    """The firmware, whose `info` also tells what the display shows of the set."""
    root = board_files.root()
    files = {path.as_posix(): (root / path).read_bytes() for path in board_files.files()}
    told = b'"shown": [rig.view.distance_mm, rig.view.force_mn],\n        "state":'
    files["app/rig_commands.py"] = files["app/rig_commands.py"].replace(b'"state":', told)
    return files


def shown_by(raw: RawSet) -> list[tuple[int, int | None]]:
    """(distance_mm, force_mn) after each logged sample, by the firmware's own classes."""
    header = raw.header
    geometry = Geometry(header["counts_per_rev"], header["circumference_um"])
    scale = ForceScale(header["zero"], header["scale_nn"])
    average, directions = CodeAverage(64), Directions(geometry.counts(DIRECTION_MM))
    values = []
    has_begun, before = False, []
    for t_us, count, code in zip(raw.t_us, raw.count, raw.code, strict=True):
        average.feed(code)
        if t_us >= header["start_us"]:
            if not has_begun:
                directions.start(resting_count(min([*before, count]), count))
                has_begun = True
            directions.feed(count)
        else:
            before.append(count)
        mean = average.latest(DISPLAY_N)
        values.append((geometry.mm(directions.backward), None if mean is None else scale.millinewtons(mean)))
    return values


def test_a_pulled_set_gives_the_integers_that_the_display_showed(tmp_path: Path) -> None:
    walk = Walk(Gait(steps=14, seed=6))
    seen = []
    with (
        VirtualRig(walk, seed=11, files=with_probe()) as rig,
        Library(tmp_path / "library", create=True) as library,
    ):
        rig.power_on()
        client = RigClient(rig.open_port())
        greet(client, library, utc_now=lambda: 1.7e9)
        rig.run_for(1_000_000)
        rig.start_belt()
        rig.run_for(2_000_000)
        while client.info()["state"] == "running":
            rig.run_for(410_000)
            seen.append(tuple(client.info()["shown"]))
        final_mm = client.info()["shown"][0]
        pull(client, library, client.hello())
        (row,) = library.sets()
        raw = library.raw(row.set_id)
    again = shown_by(raw)
    running = [pair for pair in seen if pair[0] != seen[-1][0]]
    assert len(running) >= 8
    assert all(pair in again for pair in running)
    assert raw.end is not None
    assert final_mm == Geometry(2400, raw.header["circumference_um"]).mm(raw.end["backward_counts"])
    assert round(row.backward_m * 1000) == final_mm


@pytest.fixture(scope="module")
def wrongly_calibrated(tmp_path_factory: pytest.TempPathFactory) -> RawSet:
    """A set of a rig that believes in 5 % too much force, 2 % too much belt and a wrong zero."""
    walk = Walk(Gait(steps=12, seed=6))
    belief = Calibration(circumference_um=255_000, scale_nn=489_054, zero=34_000)
    folder = tmp_path_factory.mktemp("wrong")
    with (
        VirtualRig(walk, settings=RigSettings(calibration=belief), seed=11) as rig,
        Library(folder, create=True) as library,
    ):
        rig.power_on()
        client = RigClient(rig.open_port())
        greet(client, library, utc_now=lambda: 1.7e9)
        rig.run_for(1_000_000)
        rig.start_belt()
        rig.run_for(14_000_000)
        pull(client, library, client.hello())
        return library.raw(library.sets()[0].set_id)


RIGHT = {"circumference_um": 250_000, "scale_nn": 465_766, "zero": 35_000, "cal": "right"}


def test_a_set_calibrated_wrongly_is_put_right_from_its_raw_values(wrongly_calibrated: RawSet) -> None:
    walk = Walk(Gait(steps=12, seed=6))
    truth = walk.truth()
    wrong, right = measure(wrongly_calibrated), measure(recalibrated(wrongly_calibrated, RIGHT))
    assert wrong["backward_m"] == pytest.approx(truth["backward_m"] * 1.02, rel=0.001)
    assert right["backward_m"] == pytest.approx(truth["backward_m"], abs=0.001)
    assert right["impulse_ns"] == pytest.approx(truth["mean_force_n"] * truth["duration_s"], rel=0.003)
    assert right["work_j"] == pytest.approx(truth["work_j"], rel=0.005)
    assert right["calibration_id"] == "right"


def test_and_exactly_as_if_the_board_had_known_it(wrongly_calibrated: RawSet) -> None:
    """There and back again: nothing of the wrong calibration is left, and nothing was rounded on the way."""
    right = recalibrated(wrongly_calibrated, RIGHT)
    belief = {key: wrongly_calibrated.header[key] for key in RIGHT}
    assert measure(recalibrated(right, belief)) == measure(wrongly_calibrated)
    assert shown_by(recalibrated(right, belief)) == shown_by(wrongly_calibrated)
    with pytest.raises(ValueError, match="no weight"):
        recalibrated(right, {"weight": 1})
