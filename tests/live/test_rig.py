"""Telemetry on the real firmware: never in the way of samples, answers or sets; and `retrorig live --json` on `sim`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.system.test_link import simulated
from tests.walker_belt import WalkerBelt

from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from retrorig.live.telemetry import Telemetry, parse
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

FRAME_S = 0.010
"""A frame without faults is at most 110 bytes; an answer may have to wait for the rest of one."""

PASS_S = 0.012
"""A pass of the main loop with a tile of the display and a collection of garbage: when the rig looks at the line."""


class Listener:
    """A client that keeps what it was told."""

    def __init__(self, rig: VirtualRig) -> None:
        self.told: list[Telemetry] = []
        self.client = RigClient(rig.open_port())
        self.client.on_telemetry = self._keep
        self.monotonic = self.client.monotonic

    def _keep(self, payload: bytes) -> None:
        found = parse(payload)
        assert found
        self.told.append(found)

    def slowest_answer_s(self, n: int) -> float:
        return max(self._answer_s() for _ in range(n))

    def _answer_s(self) -> float:
        before_s = self.monotonic()
        self.client.request("athlete", "a5")
        return self.monotonic() - before_s

    def read_s(self, no: int, size: int) -> float:
        """The quickest of some: the module that sends sets may have to be loaded, a collection may come between."""
        return min(self._one_read_s(no, size) for _ in range(4))

    def _one_read_s(self, no: int, size: int) -> float:
        before_s, got = self.monotonic(), bytearray()

        def take(number: int, offset: int, data: bytes) -> bool:
            got.extend(data)
            return True

        assert self.client.read(no, 0, size, 1024, take) and len(got) == size
        return self.monotonic() - before_s


@pytest.fixture(scope="module")
def rig() -> Iterator[VirtualRig]:
    belt = WalkerBelt(sets=3, distance_m=6.0, rest_s=6.0, wait_s=0.5)
    with VirtualRig(belt, settings=RigSettings(rate_hz=90.0), seed=6) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        yield rig


def test_a_running_set_is_told_and_loses_nothing_whatever_else_is_asked(rig: VirtualRig) -> None:
    listener = Listener(rig)
    client = listener.client
    while client.info()["sets"] < 1:
        rig.run_for(500_000)
    ((_, size, _),) = client.sets(0)["sets"]
    plain_answer_s, plain_read_s = listener.slowest_answer_s(30), listener.read_s(1, size)
    while client.info()["state"] != "running":
        rig.run_for(200_000)
    before = client.info()
    assert client.request("live", 50)["period_ms"] == 50
    told_answer_s, told_read_s = listener.slowest_answer_s(30), listener.read_s(1, size)
    client.listen(2.0)
    after = client.info()
    assert told_answer_s <= plain_answer_s + FRAME_S + PASS_S
    assert told_read_s <= plain_read_s + FRAME_S + PASS_S, "data frames don't wait for telemetry"
    assert listener.told[-1].skipped >= told_read_s // 0.05 - 1, "what found no gap is counted"
    assert after["dropped"] == after["lost"] == 0
    # Conversions are missed only while the flash is erased, at standstill.
    assert after["faults"] == before["faults"]
    assert after["heap_free"] > 0 and after["state"] == "running"
    running = [told for told in listener.told if told.is_running]
    times_us = [told.board_us for told in running]
    assert len(running) > 30 and times_us == sorted(times_us)
    # A movement gets its number with its record: once it is proven a walk, after 3 s at the latest.
    numbers = [told.set_no for told in running]
    assert numbers == sorted(numbers) and set(numbers) <= {1, 2}
    numbered = [told for told in running if told.set_no == 2]
    assert len(numbered) > 15 and numbered[0].elapsed_s <= 3.0 + FRAME_S + PASS_S + 0.05
    assert all(0.4 < told.speed_mps < 1.6 and told.athlete == "a5" for told in numbered)
    metres = [told.distance_m for told in running]
    seconds = (times_us[-1] - times_us[0]) / 1e6
    assert (metres[-1] - metres[0]) / seconds == pytest.approx(
        sum(told.speed_mps for told in running) / len(running), rel=0.1
    ), "speed and distance tell of the same walk"


def test_it_ends_five_seconds_after_the_last_request(rig: VirtualRig) -> None:
    listener = Listener(rig)
    listener.client.request("live", 200)
    listener.client.listen(3.0)
    asked_us = listener.client.request("clock", 1_700_000_000_000)["board_us"]
    listener.client.listen(7.0)
    assert 4.7e6 < listener.told[-1].board_us - asked_us < 5.3e6
    assert 37 <= len(listener.told) <= 42
    listener.client.request("live", 100)
    listener.client.request("live", 0)
    told_n = len(listener.told)
    listener.client.listen(0.5)
    assert len(listener.told) == told_n
    with pytest.raises(RigRefusedError, match="milliseconds"):
        listener.client.request("live", "soon")


def test_json_lines_from_sim_until_the_reader_leaves(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from retrorig.cli import main; main()",
        "live",
        "--json",
        "--every",
        "100",
    ]
    with (
        simulated("--link", tmp_path / "rig", "--seed", "4") as (_, port),
        subprocess.Popen([*command, "--port", port], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as live,
    ):
        assert live.stdout and live.stderr
        lines = [json.loads(live.stdout.readline()) for _ in range(8)]
        live.send_signal(2)
        rest, said = live.communicate(timeout=20)
    assert live.returncode == 130, said
    assert all(json.loads(line) for line in rest.splitlines())
    assert {"board_us", "state", "speed_mps", "force_n", "distance_m", "left", "faults", "age_ms"} <= lines[
        0
    ].keys()
    steps_us = [
        after["board_us"] - before["board_us"] for before, after in zip(lines, lines[1:], strict=False)
    ]
    assert min(steps_us) > 50_000, "each line is another moment"
    assert b"Traceback" not in said
