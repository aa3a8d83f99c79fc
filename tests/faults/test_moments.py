"""A host, a button or a cut at the moments in which two things of a session meet, on the virtual rig."""

from __future__ import annotations

import json
from pathlib import Path

from tests.walker_belt import WalkerBelt

from retrorig.firmware_build import sources
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.link.upload import put
from retrorig.virtual.rig import VirtualRig

ASKING = {
    "schema": 1, "id": "asking", "name": "Asks", "ask": ["rpe", "pain"],
    "blocks": [{"times": 3, "target": "distance", "amount": 2000, "rest_ms": 1000}],
}  # fmt: skip


def test_a_pull_while_the_athlete_is_asked_costs_no_answer(tried, tmp_path: Path) -> None:
    """Older sets are confirmed while a set runs and after its end; only then the athlete answers."""
    belt = WalkerBelt(sets=2, distance_m=3.0, rest_s=9.0, wait_s=1.0)
    with VirtualRig(belt, seed=3) as rig, Library(tmp_path, create=True) as library:
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        client.request("plan-save", put(client, json.dumps(ASKING)))
        client.request("plan-choose", "asking")
        rig.start_belt()
        answered_n = pulls_n = 0
        while rig.now_us < 60_000_000 and answered_n < 2:
            rig.run_for(500_000)
            phase = client.info()["phase"]
            if phase in ("running", "rating"):
                pull(client, library, greet(client, library))
                pulls_n += 1
            if phase == "rating":
                rig.run_for(1_500_000)
                client.request("rate", "rpe", 6 + answered_n)
                client.request("rate", "pain", 1)
                answered_n += 1
        rig.run_for(4_000_000)
        pull(client, library, greet(client, library))
        rows = library.sets()
        assert [row.rpe for row in rows] == [6, 7] and {row.pain for row in rows} == {1}
        assert client.info()["sets"] == 0
    tried("pulls in a plan that asks", pulls_n)


def crashing(files: dict[str, bytes], condition: str) -> dict[str, bytes]:
    """The firmware, whose main loop meets an error that nobody expected."""
    plain = b"            rig.step()\n"
    crash = f"            if {condition}:\n                raise MemoryError\n".encode()
    assert files["app/loop.py"].count(plain) == 1
    return {**files, "app/loop.py": files["app/loop.py"].replace(plain, plain + crash)}


def test_a_crash_of_the_main_loop_starts_the_rig_anew_and_keeps_the_set(tried, tmp_path: Path) -> None:
    """At three moments of a set: just in the log, in the middle, in a pause of a set with a target.

    Before it is in the log it is a movement that may be none; such a one ends with the firmware's run.
    """
    moments = (
        "rig.session.run.has_moved and rig.session.run.samples.is_written",
        "rig.session.elapsed_ms() > 5000",
        "rig.session.state == 'paused'",
    )
    for number, moment in enumerate(moments):
        belt = WalkerBelt(sets=1, distance_m=7.0, wait_s=0.3)
        files = crashing(sources(), f"rig.identity['boot'] == 1 and {moment}")
        with (
            VirtualRig(belt, seed=12, files=files) as rig,
            Library(tmp_path / str(number), create=True) as library,
        ):
            rig.power_on()
            rig.run_for(3_500_000)
            client = RigClient(rig.open_port())
            plan = {**ASKING, "blocks": [{"target": "distance", "amount": 20_000}]}
            client.request("plan-save", put(client, json.dumps(plan)))
            client.request("plan-choose", "asking")
            rig.start_belt()
            rig.run_for(20_000_000)
            assert greet(client, library)["boot"] == 2 and "MemoryError" in client.text
            assert client.request("evidence")["crashes"] == 1
            pull(client, library, client.hello())
            found = [library.raw(row.set_id) for row in library.sets()]
        (raw,) = [raw for raw in found if raw.header["boot"] == 1]
        assert raw.end["reason"] == "fault" and raw.end["lost"] == raw.lost_blocks == 0
    tried("crashes of the main loop in a set", len(moments))


def test_three_crashes_in_a_row_lead_to_the_prompt() -> None:
    with VirtualRig(
        WalkerBelt(sets=1), seed=12, files=crashing(sources(), "rig.board_us() > 2_000_000")
    ) as rig:
        rig.power_on()
        port = rig.open_port()
        port.timeout = 0
        rig.run_for(20_000_000)
        text = port.read(100_000).decode(errors="replace")
    assert text.count("MemoryError") == 3 and "Safe mode" in text and text.rstrip().endswith(">>>")
