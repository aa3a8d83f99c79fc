"""Requests to a whole rig: in a running set, amid noise, and when its main loop hangs."""

from __future__ import annotations

from tests.walker_belt import WalkerBelt

from retrorig import board_files
from retrorig.link.client import RigClient
from retrorig.virtual.rig import VirtualRig
from rigcore import decode


def test_a_flooded_line_and_a_pull_cost_a_running_set_nothing(tried) -> None:
    """Noise at the line's full rate, requests between, and an earlier set read over and over while the belt moves."""
    belt = WalkerBelt(sets=2, distance_m=4.0, rest_s=5.0, wait_s=0.3)
    with VirtualRig(belt, seed=11) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        rig.start_belt()
        rig.run_for(round(belt.end_s * 1e6) - 5_000_000)  # the first set is over, the second begins
        assert client.info()["sets"] == 1
        noise, reads_n = bytes(range(32, 127)) + bytes(range(128, 256)), 0
        port = rig.open_port()
        end_us = rig.now_us + 4_000_000
        while rig.now_us < end_us:
            port.write(noise + b"\n")
            port.timeout = 0.1
            port.read(200)
            client.read(1, 0, 4000, 1024, lambda *piece: True)
            reads_n += 1
        rig.run_for(6_000_000)
        info = client.info()
        assert (info["sets"], info["dropped"], info["lost"]) == (2, 0, 0)
        assert info["counts"] == rig.belt_counts
    tried("bursts of noise with a pull during a running set", reads_n)


def test_hello_tells_the_same_clock_as_the_exchange_that_dates_sets() -> None:
    """A reader of the protocol may take either."""
    with VirtualRig(WalkerBelt(sets=1), seed=13) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        begin_us, first_us = rig.now_us, client.hello()["board_us"]
        rig.run_for(2_000_000)
        second_us = client.clock(1_700_000_000_000)["board_us"]
        third_us = client.hello()["board_us"]
        assert 2_000_000 < second_us - first_us < rig.now_us - begin_us
        assert second_us < third_us < first_us + rig.now_us - begin_us


def test_a_hanging_main_loop_is_rebooted_and_the_set_kept(tried) -> None:
    belt = WalkerBelt(sets=1, distance_m=9.0, wait_s=0.3)

    files = {path.as_posix(): (board_files.root() / path).read_bytes() for path in board_files.files()}
    hanging = files["app/loop.py"].replace(
        b"            rig.step()\n",
        b"            rig.step()\n"
        b"            if rig.identity['boot'] == 1 and rig.session.elapsed_ms() > 5000:\n"
        b"                import time\n"
        b"                while True:\n"
        b"                    time.sleep_ms(500)\n",
    )
    assert hanging != files["app/loop.py"]
    with VirtualRig(belt, seed=12, files={**files, "app/loop.py": hanging}) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        rig.run_for(30_000_000)
        client = RigClient(rig.open_port())
        assert client.hello()["boot"] == 2
        listed = client.sets(0)["sets"]
        pieces: list[bytes] = []
        client.read(listed[0][0], 0, listed[0][1], 1024, lambda no, at, data: pieces.append(data) or True)
        raw = decode.decode_set(b"".join(pieces))
        assert raw.end is None and raw.header["boot"] == 1 and raw.lost_blocks == 0
        assert (raw.t_us[-1] - raw.header["start_us"]) > 4_000_000
    tried("hanging main loops", 1)
