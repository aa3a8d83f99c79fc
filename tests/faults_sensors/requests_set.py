"""A set at the fastest conversions a part at "80" makes, with display, telemetry and every request of the protocol."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

from tests.faults_sensors.long_set import lost_conversions
from tests.walker_belt import WalkerBelt

from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.decode import decode_set
from rigcore.protocol import READ_MAX

RATE_HZ = 94.0
EVERY_S = 5.0
LIVE_MS = 100
START_US = 3_500_000
REQUESTS: tuple[tuple[object, ...], ...] = (
    ("hello",), ("info",), ("clock", 1_700_000_000_000), ("athlete", "ann"), ("sets", 0), ("tare",),
    ("plans",), ("plan-get", "none", 0), ("plan-choose", "none"), ("do", "skip"), ("rate", "rpe", 5),
    ("calibration",), ("settings",), ("setting", "sound"), ("raw",), ("evidence",), ("levels",), ("trace", 0),
    ("confirm", 0), ("plan-drop", "none"), ("put", 0, "e30="), ("settings-save", 0), ("calibration-save", 0),
    ("plan-save", 0), ("no-such-verb",),
)  # fmt: skip
"""All of the protocol; some are refused while a set runs, which takes the same modules."""


def lost(minutes: float, seed: int = 8) -> int:
    """Conversions lost in a set of so many minutes."""
    return asked(minutes, seed, cycle(REQUESTS).__next__)


def asked(minutes: float, seed: int, following: Callable[[], tuple[object, ...]]) -> int:
    belt = WalkerBelt(sets=1, distance_m=60.0 * minutes, speed_mps=1.0, wait_s=1.0)
    with VirtualRig(belt, RigSettings(rate_hz=RATE_HZ), seed=seed) as rig:
        rig.power_on()
        rig.run_for(START_US)
        rig.start_belt()
        client = RigClient(rig.open_port())
        end_us = rig.now_us + round(belt.end_s * 1e6)
        while rig.now_us < end_us:
            client.request("live", LIVE_MS)
            client.listen(EVERY_S)
            try:
                client.request(*map(str, following()))
            except RigRefusedError:
                pass
        client.request("live", 0)
        client.listen(6.0)
        no, length, _ = client.sets(0)["sets"][-1]
        blob = bytearray(length)

        def take(number: int, offset: int, piece: bytes) -> bool:
            blob[offset : offset + len(piece)] = piece
            return True

        for start in range(0, length, READ_MAX):
            assert client.read(no, start, min(READ_MAX, length - start), 1024, take), "a frame was lost"
        return lost_conversions(decode_set(bytes(blob)))
