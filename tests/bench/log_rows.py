"""The log's size, against the entropy of its residuals and plainer ways to write the same samples; recovery time."""

from __future__ import annotations

import math
import shutil
import struct
import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.bench.cost_rows import instructions
from tests.bench.cost_scripts import MOUNT
from tests.bench.rows import Row, compare
from tests.walker_belt import WalkerBelt

from app.rig_commands import room_bytes
from retrorig.library import Library
from retrorig.partitions import SECTOR, STOCK, with_setlog
from retrorig.playback import play_and_pull
from retrorig.recording import read_recording
from retrorig.virtual import costs
from retrorig.virtual.belts import Belt, RecordingBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore import fields, records, recovery
from rigcore.blocks import BYTES_MAX, STEP_US, BlockEncoder
from rigcore.decode import RawSet, decode_set, iter_records, unpack_block
from rigcore.flash_ring import StoreFull
from rigcore.kept import SECTORS_N
from rigcore.setlog import SetLog
from rigcore.ticks import TICKS_PERIOD

RECORDINGS = Path(__file__).parents[2] / "host_tools" / "retrorig" / "recordings"
SLED_GOAL = 3.0
ENTROPY_GOAL = 1.15
SECTORS = with_setlog(STOCK, 4 << 20)[-1].size // SECTOR - SECTORS_N  # of the log in 4 MB of flash
MOUNT_GOAL_S = 2.0
ROOM_MIN, ROOM_SETS = 120, 700  # of walking; of 10 m
WALK_RATE_HZ = 83.0  # of the slowest modules sold as 80 a second
NS_PER_INSTRUCTION = 8

Ints = NDArray[np.int64]


def rows() -> list[Row]:
    belts: dict[str, Belt] = {"sled walk 1 m/s": WalkerBelt(sets=1, distance_m=25.0, speed_mps=1.0)}
    for name in ("wheel-push-steady", "treadmill-belt"):
        belts[name] = RecordingBelt(read_recording(RECORDINGS / f"{name}.csv"))
    made = [_set_rows(name, _longest(belt), name.startswith("sled")) for name, belt in belts.items()]
    return [*(row for found in made for row in found), *_room_rows(), *_mount_rows()]


def _longest(belt: Belt) -> RawSet:
    """The longest set that the rig makes of a belt."""
    return max(map(decode_set, _sets(belt, RigSettings())), key=lambda raw: len(raw.t_us))


def _sets(belt: Belt, settings: RigSettings) -> list[bytes]:
    """The sets that the rig makes of a belt, as they are stored."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), create=True) as library:
        with VirtualRig(belt, settings, seed=3) as rig:
            result = play_and_pull(rig, belt, library)
        return [library.blob(name) for name in result.new]


def _room_rows() -> list[Row]:
    """How much the log on 4 MB of flash takes until it refuses, filled with what the rig makes of walks at 1 m/s."""
    settings = RigSettings(rate_hz=WALK_RATE_HZ)
    long = _sets(WalkerBelt(sets=1, distance_m=60.0, speed_mps=1.0), settings)[0]
    short = _sets(WalkerBelt(sets=2, distance_m=10.0, speed_mps=1.0), settings)[1]
    blocks = [body for kind, _, body, _ in iter_records(long) if kind == records.TYPE_BLOCK][2:52]
    n = sum(len(unpack_block(body)) for body in blocks)
    header = decode_set(short).header
    written_n = _fill_with(header, [(records.TYPE_BLOCK, body) for body in blocks], is_one_set=True)
    minutes = written_n * n / WALK_RATE_HZ / 60
    sets_n = _fill_with(
        header, [(kind, body) for kind, _, body, _ in iter_records(short)][1:], is_one_set=False
    )
    return [
        compare("log, room on 4 MB for walking", ROOM_MIN, "min, wanted", "what it takes", minutes, 1.0),
        compare(
            "log, room on 4 MB for sets of 10 m", ROOM_SETS, "sets, wanted", "what it takes", sets_n, 1.0
        ),
    ]


def _fill_with(header: dict[str, Any], parts: list[tuple[int, bytes]], is_one_set: bool) -> int:
    """How often these records find room, as one set or as a set each time."""
    log = SetLog(_Counted())
    recovery.mount(log)
    for count in range(100_000):
        try:
            if not count or not is_one_set:
                log.begin({**header, "no": log.next_no()})
            for kind, body in parts:
                log.append(kind, body)
        except StoreFull:
            return count
    raise AssertionError("the log takes any amount")


def _set_rows(name: str, raw: RawSet, has_goal: bool) -> list[Row]:
    start_us, end_us = raw.header["start_us"], raw.end["end_us"]
    samples = [
        entry for entry in zip(raw.t_us, raw.count, raw.code, strict=True) if start_us <= entry[0] <= end_us
    ]
    n = len(samples)
    ours = _block_bytes(samples) / n
    plain = b"".join(
        struct.pack("<IiI", t & 0xFFFFFFFF, count, code & 0xFFFFFF) for t, count, code in samples
    )
    csv = "".join(f"{t},{count},{code}\n" for t, count, code in samples)
    peers = (
        ("limit", SLED_GOAL, 1.0 if has_goal else None),
        ("entropy of residuals", _entropy_bytes(samples), ENTROPY_GOAL),
        ("struct", len(plain) / n, None),
        ("struct, deflated whole", len(zlib.compress(plain, 9)) / n, None),
        ("CSV", len(csv) / n, None),
    )
    return [compare(f"log, {name}", ours, "bytes a sample", peer, value, goal) for peer, value, goal in peers]


def _block_bytes(samples: list[tuple[int, int, int]]) -> int:
    """Bytes of the samples' records, each as the board writes them: a second at most."""
    encoder, total = BlockEncoder(bytearray(BYTES_MAX)), 0
    for t_us, count, code in samples:
        encoder.add(t_us // TICKS_PERIOD, t_us % TICKS_PERIOD, count, code)
        if encoder.is_full or encoder.span_us() >= 930_000:
            total += len(encoder.pack()) + records.OVERHEAD
    return total + (len(encoder.pack()) + records.OVERHEAD if encoder.n else 0)


def _entropy_bytes(samples: list[tuple[int, int, int]]) -> float:
    """Empirical entropy of what the best differences leave, and of the jitter of the readings.

    Histograms of a few thousand samples show too little entropy where there are many values: for the code it is
    that of a Gaussian of the same spread instead.
    """
    t_us, count, code = (np.array(column, np.int64) for column in zip(*samples, strict=True))
    jitter = np.concatenate(
        [_off_the_line(t_us[i : i + 80]) for i in range(0, len(t_us) - 80, 80)] or [np.zeros(1)]
    )
    bits = _entropy_bits(np.floor(jitter / STEP_US).astype(np.int64))
    bits += min(_entropy_bits(np.diff(count, order)) for order in range(1, 5))
    spread = min(float(np.std(np.diff(code, order))) for order in range(1, 5))
    return (bits + math.log2(max(spread, 0.3) * math.sqrt(2 * math.pi * math.e))) / 8


def _off_the_line(t_us: Ints) -> NDArray[np.float64]:
    index = np.arange(len(t_us))
    return t_us - np.polyval(np.polyfit(index, t_us - t_us[0], 1), index) - t_us[0]


def _entropy_bits(values: Ints) -> float:
    share = np.array(list(Counter(values.tolist()).values())) / len(values)
    return float(-(share * np.log2(share)).sum())


class _Counted:
    """Flash in memory that counts what reading it would cost on the chip."""

    def __init__(self) -> None:
        self.bytes = bytearray(b"\xff") * (SECTORS * 4096)
        self.cost_ns = 0

    def readblocks(self, sector: int, into: memoryview, offset: int) -> None:
        start = sector * 4096 + offset
        self.cost_ns += costs.FLASH_CALL + len(into) * costs.FLASH_READ_BYTE
        into[:] = self.bytes[start : start + len(into)]

    def writeblocks(self, sector: int, data: bytes, offset: int) -> None:
        start = sector * 4096 + offset
        self.bytes[start : start + len(data)] = data

    def ioctl(self, command: int, argument: int) -> int:
        return {4: SECTORS, 5: 4096}.get(command, 0)


def _mount_rows() -> list[Row]:
    found = []
    for share in (0.1, 1.0):
        flash, sets_n = _filled(share)
        again = SetLog(flash)
        recovery.mount(again)
        assert len(again.index) == sets_n
        name = f"recovery, {sets_n} sets"
        reads_s = flash.cost_ns / 1e9
        found.append(compare(f"{name}, flash reads", reads_s, "s", "limit", MOUNT_GOAL_S, 1.0))
        code_s = _mount_code_s(flash.bytes)
        if code_s is not None:
            found.append(compare(f"{name}, with bytecode", reads_s + code_s, "s", "limit", MOUNT_GOAL_S, 1.0))
    return found


def _filled(share: float) -> tuple[_Counted, int]:
    """Flash whose log is full to this share, and how many sets are in it."""
    flash = _Counted()
    log = SetLog(flash)
    recovery.mount(log)
    sets_n = 0
    while room_bytes(log) > SECTORS * 4064 * (1 - share) + 4000:
        sets_n += 1
        log.begin({"no": sets_n, "rig": "aabbccddeeff", "firmware": "0.1.0", "start_us": 1 << 40})
        for i in range(11):
            log.append(records.TYPE_BLOCK, bytes((i * 37 + j * j) & 0xFF for j in range(235)))
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    flash.cost_ns = 0
    return flash, sets_n


def _mount_code_s(image: bytes) -> float | None:
    """What the interpreter computes at 8 ns an instruction; None without valgrind."""
    if not shutil.which("valgrind"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flash"
        path.write_bytes(image)
        script = MOUNT.replace("PATH", repr(str(path))).replace("SECTORS", str(SECTORS))
        spent = instructions(script + "recovery.mount(log)\n") - instructions(script)
    return spent * NS_PER_INSTRUCTION / 1e9
