"""What the board tells of itself: each fact under its name, and the room that is left as it turns out to be."""

from __future__ import annotations

import sys
from types import SimpleNamespace as Facts
from typing import Any
from unittest.mock import MagicMock

import pytest

from app.commands import carry_out, verbs_with
from app.header import rig_fields
from app.rig_commands import BYTES_PER_MIN, room_bytes, set_bytes
from nor import NorFlash
from rigcore import fields, protocol, records, recovery
from rigcore.account import Account
from rigcore.flash_ring import BAD, HEADER_SIZE, StoreFull
from rigcore.history import History
from rigcore.kept import SECTORS_N, KeptValues
from rigcore.load_cell_monitor import LoadCellMonitor
from rigcore.protocol import RequestError
from rigcore.setlog import SetLog

BLOCK_BYTES = 200


def a_log() -> SetLog:
    log = SetLog(NorFlash())
    recovery.mount(log)
    return log


def filled(log: SetLog) -> list[tuple[int, int]]:
    """(bytes of samples, room told then), set by set until the store refuses one."""
    told, written = [(0, room_bytes(log))], 0
    for no in range(1, 100):
        try:
            log.begin({"no": no, "rig": "aabb"})
            for _ in range(10):
                log.append(records.TYPE_BLOCK, bytes(BLOCK_BYTES))
                written += BLOCK_BYTES + records.OVERHEAD
            log.append(records.TYPE_END, fields.pack({"reason": "still"}))
        except StoreFull:
            break
        told.append((written, room_bytes(log)))
    return told


def test_so_much_room_is_told_as_there_is_to_within_a_sector_and_confirmed_sets_give_it_back() -> None:
    log = a_log()
    told = filled(log)
    full = told[-1][0]
    for written, room in told:
        assert room <= full - written <= room + log.ring.sector_size
    assert told[-1][1] < log.ring.sector_size
    assert set_bytes(a_log()) > 2000 and abs(set_bytes(log) - full // (len(told) - 1)) < BLOCK_BYTES
    log.confirm(log.last_set_no())
    assert room_bytes(log) >= told[0][1] - 2 * log.ring.sector_size


def test_a_condemned_sector_is_no_room() -> None:
    log = a_log()
    before, ring = room_bytes(log), log.ring
    ring.state[3] = BAD
    assert before - room_bytes(log) == ring.sector_size - HEADER_SIZE


class Rig:
    """As much of a rig as it tells; every number is another one."""

    def __init__(self) -> None:
        self.log = a_log()
        self.identity = {"rig": "aabb", "era": 77, "boot": 3, "firmware": "0.1", "pack": ""}
        self.session = Facts(
            is_recording=False, state="armed", lost_n=12, account=Account(Facts(backward=310, forward=45))
        )
        self.session.account.take_set((200, 5), (280, 12))
        self.session.account.take_remark("sway", (30, 20))
        self.session.run = Facts(counted=lambda: (40, 3))
        self.session.history = self.history = History(64)
        self.view = Facts(force_mn=-905, speed_mmps=806)
        watch = LoadCellMonitor()
        watch.desync_n, watch.saturated_n, watch.overlap_n, watch.settling_n = 1, 2, 3, 6
        watch.silent_n, watch.missed_n, watch.paused_n, watch.period_us = 4, 7, 8, 10_000
        self.sampler = Facts(dropped_n=13, watch=watch, restarts_n=5)
        self.pulses, self.geometry = Facts(total=-4711), Facts(counts_per_rev=2400, circumference_um=250_123)
        self.plausibility = Facts(doubt="Odd")
        self.calibration: dict[str, Any] = {
            "id": "k7", "counts_per_rev": 2400, "circumference_um": 250_123, "circumference_pm_ppm": 901,
            "span_pm_ppm": 902, "linearity_mn": 903, "scale_nn": 465_766, "zero": 1,
        }  # fmt: skip
        self.boot_ms, self.reset_cause, self.athlete, self.zero = 250, 2, "", 35_001
        self.is_down = False
        lines = Facts(value=lambda: 1), Facts(value=lambda: 0)
        buttons = [("start", Facts(is_down=False)), ("pain", Facts(is_down=True))]
        display = Facts(is_absent=False)
        chain = {"rate_mhz": 94_000, "machine": "sled"}
        self.parts = Facts(
            display=display,
            log=self.log,
            chain=chain,
            files_free=906,
            sampler=self.sampler,
            lines=lines,
            buttons=buttons,
            plans=Facts(opened=lambda: KeptValues(NorFlash(SECTORS_N))),
        )
        self.plans = Facts(damaged_n=2)
        self.codes = Facts(latest=lambda n: 1000 + n)

    def board_us(self) -> int:
        return 5_250_999

    def unix_ms(self, board_us: int) -> int:
        return 1_780_000_000_000 + board_us

    def ask(self, verb: str, *words: str) -> dict[str, Any]:
        return carry_out(self, verb, list(words), verbs_with(verb)).answer  # type: ignore[arg-type]


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    """In a world that has the chip's own modules."""
    machine = MagicMock()
    machine.RTC.return_value.memory.return_value = b""
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.setattr("gc.mem_free", lambda: 41_000, raising=False)
    return Rig()


def test_info_tells_each_fact_under_its_name(rig: Rig) -> None:
    room = room_bytes(rig.log)
    assert rig.ask("info") == {
        "ok": 1, "state": "idle", "phase": "armed", "sets": 0, "room_bytes": room, "room_min": room // BYTES_PER_MIN,
        "room_sets": room // set_bytes(rig.log), "bad_sectors": 0, "damaged": 2, "lost": 12,
        "moved": {
            "total": (310, 45), "sets": (200, 5), "running": (0, 0), "between": (80, 20),
            "remarks": {"sway": [1, 30, 20]},
        },
        "counts": -4711, "force_mn": -905, "speed_mmps": 806, "heap_free": 41_000, "dropped": 13,
        "faults": {
            "desync": 1, "saturated": 2, "overlap": 3, "settling": 6, "silent": 4, "missed": 7, "paused": 8,
            "dropped": 13, "restarts": 5,
        },
        "rate_mhz": 100_000, "doubt": "Odd",
        "roller": (2400, 250_123), "calibration": "k7", "uptime_ms": 5000, "reset_cause": 2,
    }  # fmt: skip
    rig.session.is_recording = True
    told = rig.ask("info")
    assert told["state"] == "running" and told["moved"]["running"] == (40, 3)
    assert told["moved"]["between"] == (40, 17), "what runs is not between sets"


def test_a_sets_header_tells_all_by_which_it_is_read_for_ever(rig: Rig) -> None:
    rig.athlete = "anna"
    header = rig_fields(rig, rig.parts.chain, 42)  # type: ignore[arg-type]
    assert header == {
        "schema": records.SCHEMA, "no": 1, "athlete": "anna", "start_us": 42, "start_unix_ms": 1_780_000_000_042,
        "zero": 35_001, "cal": "k7", "rate_mhz": 94_000, "machine": "sled", "rig": "aabb", "era": 77, "boot": 3,
        "firmware": "0.1", "counts_per_rev": 2400, "circumference_um": 250_123, "circumference_pm_ppm": 901,
        "span_pm_ppm": 902, "linearity_mn": 903, "scale_nn": 465_766,
    }  # fmt: skip
    rig.athlete, rig.calibration["scale_nn"] = "", 0
    header = rig_fields(rig, rig.parts.chain, 42)  # type: ignore[arg-type]
    assert header["athlete"] is None and header["scale_nn"] is None


def test_a_trace_hands_out_what_is_still_held_a_piece_at_a_time(rig: Rig) -> None:
    for n in range(100):
        rig.history.push(12_000 * n, 3 * n, 7 * n)
    oldest = rig.history.oldest()
    got: list[int] = []
    start = 0
    while True:
        piece = rig.ask("trace", str(start))
        assert (
            piece["end"] == 100 and len(piece["ticks"]) == len(piece["counts"]) == len(piece["codes"]) <= 16
        )
        if not piece["codes"]:
            break
        assert piece["first"] == max(start, oldest)
        got += piece["codes"]
        start = piece["first"] + len(piece["codes"])
    assert got == [7 * n for n in range(oldest, 100)]
    for wrong in ("", "-1", "x", "1234567890"):
        with pytest.raises(RequestError) as refusal:
            rig.ask("trace", wrong)
        assert refusal.value.args[0] == protocol.ERR_ARGUMENT


def test_the_doctors_facts_come_as_they_are(rig: Rig) -> None:
    found = rig.ask("evidence")
    assert (found["crashes"], found["display"], found["nominal_mhz"], found["files_free"]) == (
        0,
        True,
        94_000,
        906,
    )
    assert (found["sectors"], found["bad_sectors"], found["restarts"], found["heap_free"]) == (
        8,
        0,
        5,
        41_000,
    )
    assert found["calibration"] == rig.calibration
    rig.parts.display = object()  # a panel on SPI
    assert rig.ask("evidence")["display"] is None
    levels = rig.ask("levels")
    assert levels == {"ok": 1, "buttons": ["pain"], "looks": [40, 0, 40], "counts": -4711, "code": 1008}
