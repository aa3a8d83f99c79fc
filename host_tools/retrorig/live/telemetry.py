"""Telemetry: a rig's state, sent a few times a second (firmware/PROTOCOL.md, section 4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from retrorig.vocabulary import TARGETS
from rigcore.protocol import NOT_MEASURED, TELEMETRY, TELEMETRY_BYTES, TELEMETRY_VERSION
from rigcore.vocabulary import DISTANCE, OPEN, PAUSED, RUNNING, STEPS, TIME

_TARGETS = {target[0]: target for target in TARGETS}
_IN_THOUSANDTHS = (DISTANCE, TIME)


@dataclass(frozen=True)
class Telemetry:
    """One moment of a rig. Speeds in m/s, force in N (None: not measured), backward distance in m, times in s, steps a
    minute of the last stride (None: unknown).

    `board_us` is the board's clock when the newest sample had been taken. `index` sets of the plan's `of` are done
    before this one (0 of 0 without a plan); `amount` is the target in metres, seconds or steps. `lost` samples of
    the set have no conversion, `dropped` samples are missing since boot, `skipped` frames found no gap on the line.
    """

    board_us: int
    state: str
    athlete: str
    set_no: int
    index: int
    of: int
    target: str
    amount: float
    speed_mps: float
    force_n: float | None
    distance_m: float
    elapsed_s: float
    wait_s: float
    steps: int
    lost: int
    dropped: int
    skipped: int
    faults: tuple[str, ...]
    cadence_spm: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether a set is open: the numbers of the set belong to it, else to the one before."""
        return self.state in (RUNNING, PAUSED)

    @property
    def left(self) -> float | None:
        """What is left of the target, in its unit; None without one."""
        if self.target == OPEN:
            return None
        done = {DISTANCE: self.distance_m, TIME: self.elapsed_s, STEPS: float(self.steps)}[self.target]
        return max(0.0, self.amount - done) if self.is_running else self.amount

    @property
    def share(self) -> float | None:
        """How much of the target is done, 0 to 1; None without one."""
        left = self.left
        return None if left is None or not self.amount else 1 - left / self.amount

    def as_dict(self) -> dict[str, Any]:
        """For JSON: all fields and `left`."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**fields, "left": self.left, "faults": list(self.faults)}


def parse(payload: bytes) -> Telemetry | None:
    """Telemetry of a frame's payload; None when it is of another version or too short."""
    if len(payload) < TELEMETRY_BYTES or payload[0] != TELEMETRY_VERSION:
        return None
    (_, board_us, set_no, index, of, letter, amount, speed_mmps, force_mn, distance_mm, elapsed_ms, wait_ms, steps,
     lost, dropped, skipped) = struct.unpack_from(TELEMETRY, payload)  # fmt: skip
    words = payload[TELEMETRY_BYTES:].decode("utf-8", "replace").split("\t") + [""] * 2
    target = _TARGETS.get(chr(letter), OPEN)
    return Telemetry(
        board_us=board_us,
        state=words[0],
        athlete=words[1],
        set_no=set_no,
        index=index,
        of=of,
        target=target,
        amount=amount / 1000 if target in _IN_THOUSANDTHS else amount,
        speed_mps=speed_mmps / 1000,
        force_n=None if force_mn == NOT_MEASURED else force_mn / 1000,
        distance_m=distance_mm / 1000,
        elapsed_s=elapsed_ms / 1000,
        wait_s=wait_ms / 1000,
        steps=steps,
        lost=lost,
        dropped=dropped,
        skipped=skipped,
        faults=tuple(word for word in words[2:4] if word),
        cadence_spm=int(words[4]) if words[4:] and words[4].isdecimal() else None,
    )
