"""A rig that nobody has calibrated, or whose calibration is damaged, counts by its board file and tells no force."""

from __future__ import annotations

import pytest

from retrorig import firmware_build
from retrorig.calibration import board
from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig


@pytest.mark.parametrize("stored", [b"", b'{"id": "x", "scale_nn"'])
def test_without_a_calibration_no_force_is_told_and_the_board_file_counts(stored: bytes) -> None:
    with VirtualRig(
        StillBelt(), seed=5, files={**firmware_build.sources(), "calibration.json": stored}
    ) as rig:
        rig.power_on()
        rig.run_for(4_000_000)
        client = RigClient(rig.open_port())
        found = board.fetch(client)
        info = client.info()
        raw = client.request("raw")
    assert (found["id"], found["scale_nn"], found["zero"], found["direction"]) == ("none", 0, 0, 1)
    assert (found["counts_per_rev"], found["circumference_um"]) == (2400, 250_000)
    assert {found[key] for key in ("circumference_pm_ppm", "span_pm_ppm", "linearity_mn", "made_s")} == {None}
    assert raw["code"] is not None, "the converter is there"
    assert info["force_mn"] is None
