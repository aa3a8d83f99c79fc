"""A long set with everything on: display, live stream, the host asking and pulling, the log."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from tests.walker_belt import WalkerBelt

from retrorig.link.client import RigClient
from retrorig.virtual.rig import VirtualRig
from rigcore.decode import RawSet, decode_set, is_fault
from rigcore.protocol import READ_MAX

LIVE_MS = 100
FIRST_M = 3.0
WHOLE = 0.1  # of a period


class LongWalk(WalkerBelt):
    """A short set, so that there is something to pull, then a long one."""

    def __init__(self, minutes: float) -> None:
        self.first = WalkerBelt(sets=1, distance_m=FIRST_M, speed_mps=1.0, wait_s=1.0)
        super().__init__(sets=1, distance_m=60.0 * minutes, speed_mps=1.0, wait_s=self.first.end_s + 8.0)

    def position_m(self, t_s: float) -> float:
        return self.first.position_m(t_s) + super().position_m(t_s)

    def force_n(self, t_s: float) -> float:
        return self.first.force_n(t_s) + super().force_n(t_s)


@dataclass(frozen=True)
class LongSet:
    """What became of it; `off_counts` is the board's count less the belt's."""

    samples_n: int
    lost_n: int
    dropped_n: int
    off_counts: int
    frames_n: int
    pulled_bytes: int
    heap_free_max: tuple[int, int]
    """Most heap that was free in the first and in the last fifth: what a collection leaves."""


def walk(minutes: float, seed: int = 6) -> LongSet:
    """Walk so long on a virtual rig whose host wants to see and have everything all the time."""
    belt = LongWalk(minutes)
    with VirtualRig(belt, seed=seed) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        rig.run_for(round(belt.first.end_s * 1e6) + 5_000_000)
        client = RigClient(rig.open_port())
        frames: list[bytes] = []
        client.on_telemetry = frames.append
        end_us = rig.now_us + round((belt.end_s - belt.first.end_s) * 1e6)
        heap, pulled = [], 0
        while rig.now_us < end_us:
            client.request("live", LIVE_MS)
            for _ in range(10):
                client.listen(0.3)
                heap.append(client.info()["heap_free"])
            pulled += len(fetched(client, 1))
        client.request("live", 0)
        client.listen(5.0)
        info = client.info()
        raw = decode_set(fetched(client, 2))
        fifth = len(heap) // 5
        return LongSet(
            samples_n=len(raw.t_us),
            lost_n=lost_conversions(raw),
            dropped_n=info["dropped"],
            off_counts=info["counts"] - rig.belt_counts,
            frames_n=len(frames),
            pulled_bytes=pulled,
            heap_free_max=(max(heap[:fifth]), max(heap[-fifth:])),
        )


def fetched(client: RigClient, no: int) -> bytes:
    """A finished set's bytes."""
    (_, length, _), *_ = client.sets(no)["sets"]
    blob = bytearray(length)

    def take(number: int, offset: int, piece: bytes) -> bool:
        if number == no:
            blob[offset : offset + len(piece)] = piece
        return True

    for start in range(0, length, READ_MAX):
        assert client.read(no, start, min(READ_MAX, length - start), 1024, take), "a frame was lost"
    return bytes(blob)


def lost_conversions(raw: RawSet) -> int:
    """Conversions that the set lacks, by its own marks and by the gaps in time."""
    start_us, end_us = raw.header["start_us"], raw.end["end_us"]
    inside = [(t, code) for t, code in zip(raw.t_us, raw.code, strict=True) if start_us <= t <= end_us]
    steps = [b[0] - a[0] for a, b in zip(inside, inside[1:], strict=False)]
    period = median(steps)
    return _gaps(steps, period) + sum(is_fault(code) for _, code in inside)


def _gaps(steps: list[int], period: float) -> int:
    """Readings that are late leave short steps behind them: steps are added up until they are whole periods again."""
    lost = n = 0
    since = 0.0
    for step in steps:
        if not n and step < 1.5 * period:
            continue
        since, n = since + step / period, n + 1
        if abs(since - round(since)) < WHOLE:
            lost += round(since) - n
            since, n = 0.0, 0
    return lost
