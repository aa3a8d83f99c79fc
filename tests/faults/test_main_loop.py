"""The main loop between the sampler's ring and everything else: what is recorded, refused, kept away from the belt."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace as Facts
from typing import Any
from unittest.mock import MagicMock

import pytest

from app import setup_commands
from app.first_movement import MODULES
from app.pages.running import curve
from app.rig import Parts, Rig
from app.transient import collect_by
from nor import NorFlash
from rigcore import decode, protocol, recovery
from rigcore.bootguard import HEALTHY_MS
from rigcore.force import FAULT_SATURATED
from rigcore.load_cell_monitor import LoadCellMonitor
from rigcore.plan_progress import PlanProgress
from rigcore.protocol import RequestError
from rigcore.set_bytes import read_set
from rigcore.setlog import SetLog

PERIOD_US = 12_500
PASS_US = 2 * PERIOD_US
COUNTS_PER_REV, CIRCUMFERENCE_UM, SCALE_NN = 2400, 250_000, 465_766
COUNTS_PER_M = COUNTS_PER_REV * 1_000_000 // CIRCUMFERENCE_UM
MODULUS = 32_767
ZERO, NOISE = 35_000, 40
SECOND = 1_000_000


class World:
    """The belt, the cell and the parts of a rig, by the clock that the test moves."""

    def __init__(self) -> None:
        self.now_us = 5 * SECOND
        self.speed_mps, self.code, self.noise = 0.0, ZERO, NOISE
        self.position = 0.0
        self.ring: list[tuple[int, int, int]] = []
        self.chance = random.Random(1)
        self.took_n = self.fed_n = self.drawn_n = self.collected_n = 0
        self.log = SetLog(NorFlash(16))
        recovery.mount(self.log)
        self.interrupted = self.is_running = False
        self.wishes: dict[str, Any] = {
            "still_s": 3,
            "sound": "on",
            "mirror": "off",
            "metronome": "off",
            "number": "left",
        }
        self.wishes.update(distance_unit="m", speed_unit="m/s", force_unit="N", brightness=5, volume=5)
        self.litter_kb = 0
        self.kept: list[str] = []
        self.stored: dict[str, Any] = {}

    # the sampler

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def take(self) -> bool:
        if not self.ring:
            return False
        self.ticks, self.value, self.code_taken = self.ring.pop(0)
        return True

    def wait_for_reading(self) -> None:
        self.collected_n += 1
        self.collected_us = self.now_us

    # plans

    is_short = False

    def erase_step(self) -> bool:
        return False

    def ids(self) -> list[str]:
        return []

    def load(self, plan_id: str) -> None:
        return None

    def keep_rest(self, *_: object) -> None:
        self.kept.append("rest")

    def keep_progress(self, *_: object) -> None:
        self.kept.append("progress")

    def pass_by(self, us: int) -> None:
        """Conversions come meanwhile."""
        end_us = self.now_us + us
        while self.now_us < end_us:
            self.now_us += PERIOD_US
            self.position += self.speed_mps * COUNTS_PER_M * PERIOD_US / 1e6
            code = self.code if self.noise == 0 else self.code + self.chance.randint(-self.noise, self.noise)
            self.ring.append((self.now_us & (1 << 30) - 1, int(self.position) % MODULUS, code))


class Sampler:
    """Reads the world's ring."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.start, self.stop, self.take = world.start, world.stop, world.take
        self.wait_for_reading = world.wait_for_reading
        self.watch = LoadCellMonitor()

    ticks = property(lambda self: self._world.ticks)
    value = property(lambda self: self._world.value)
    code = property(lambda self: self._world.code_taken)
    interrupted = property(lambda self: self._world.interrupted)


CALIBRATION = {
    "id": "k1", "counts_per_rev": COUNTS_PER_REV, "circumference_um": CIRCUMFERENCE_UM, "scale_nn": SCALE_NN,
    "zero": ZERO, "direction": 1, "circumference_pm_ppm": 0, "span_pm_ppm": 0, "linearity_mn": 0,
}  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World()
    monkeypatch.setattr(time, "ticks_us", lambda: made.now_us & (1 << 30) - 1, raising=False)
    monkeypatch.setattr(time, "sleep_ms", lambda ms: None, raising=False)
    machine = MagicMock()
    machine.RTC.return_value.memory = lambda *given: made.stored.setdefault("crashes", given) and b""
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.setattr("gc.collect", lambda *_: 0)
    yield made
    collect_by(None)


def rig_of(world: World, **changed: Any) -> Rig:
    watchdog = MagicMock()
    link = Facts(read_line=lambda: None, pump=lambda: False, is_hearing=False)
    display = MagicMock(litter_kb=0)
    display.show_tile.return_value = False
    parts = Parts(
        sampler=Sampler(world), modulus=MODULUS, chain={}, log=world.log, link=link, display=display,
        screen=MagicMock(), buttons=[], lines=(), buzzer=MagicMock(), plans=world, progress=PlanProgress(),
        settings=Facts(get=world.wishes.get), watchdog=watchdog, files_free=0,
    )  # fmt: skip
    identity = {"rig": "aabb", "era": 1, "boot": 1, "firmware": "0"}
    rig = Rig(parts, {**CALIBRATION, **changed}, identity, 1)
    rig.start()
    return rig


def run(rig: Rig, world: World, seconds: float) -> None:
    for _ in range(round(seconds * SECOND / PASS_US)):
        world.pass_by(PASS_US)
        rig.step()


def test_a_walk_is_a_finished_set_when_the_loop_ends_with_every_count_in_it(world: World) -> None:
    rig = rig_of(world)
    run(rig, world, 2)
    world.speed_mps = 1.0
    run(rig, world, 8)
    rig.stop()
    assert not world.is_running and rig.parts.watchdog.relax.called
    index = world.log.index
    assert index.finished_n() == 1
    raw = decode.decode_set(bytes(read_set(world.log, 0, 0, index.length[0])))
    assert raw.end and raw.end["reason"] == "host"
    metres = (raw.count[-1] - raw.count[0]) / COUNTS_PER_M
    assert abs(metres - 8.0) < 0.1 and raw.header["cal"] == "k1" and raw.header["zero"] == ZERO


def test_a_tare_takes_the_steady_pull_of_the_moment_as_none(world: World) -> None:
    rig = rig_of(world)
    world.code = ZERO + 50_000
    run(rig, world, 3)
    assert abs(rig.tare() - world.code) < NOISE
    run(rig, world, 1)
    assert abs(rig.view.force_mn or 0) < 100 and abs(rig.zero - world.code) < NOISE


@pytest.mark.parametrize(("speed_mps", "noise", "seconds", "code"), [
    (0.5, NOISE, 3, protocol.ERR_MOVING), (0.0, 30_000, 3, protocol.ERR_NOISY), (0.0, NOISE, 0.5, protocol.ERR_NOISY),
])  # fmt: skip
def test_a_tare_is_refused_while_the_belt_moves_or_the_pull_does_or_before_there_is_one(
    world: World, speed_mps: float, noise: int, seconds: float, code: str
) -> None:
    rig = rig_of(world)
    world.speed_mps, world.noise = speed_mps, noise
    run(rig, world, seconds)
    with pytest.raises(RequestError) as refusal:
        rig.tare()
    assert refusal.value.args[0] == code and rig.zero == ZERO


def test_another_calibration_acts_at_once_and_the_tare_stays_if_its_zero_does(world: World) -> None:
    rig = rig_of(world)
    world.code = ZERO + 50_000
    run(rig, world, 3)
    zero = rig.tare()
    setup_commands.go_on_with(rig, {**CALIBRATION, "id": "k2", "scale_nn": 2 * SCALE_NN, "direction": -1})
    assert rig.zero == zero
    world.code += 50_000
    world.speed_mps = 0.3
    before = rig.pulses.total
    run(rig, world, 2)
    assert abs((rig.view.force_mn or 0) - 2 * 50_000 * SCALE_NN // 1_000_000) < 100
    assert rig.pulses.total - before < -0.5 * COUNTS_PER_M
    setup_commands.go_on_with(rig, {**CALIBRATION, "zero": ZERO + 7})
    assert rig.zero == ZERO + 7


def test_without_a_scale_or_sound_conversions_there_is_no_force(world: World) -> None:
    rig = rig_of(world, scale_nn=0)
    run(rig, world, 2)
    assert rig.view.force_mn is None and rig.mean_pull_mn() is None and rig.has_pull()
    rig = rig_of(world)
    run(rig, world, 2)
    assert rig.view.force_mn is not None
    world.code, world.noise = FAULT_SATURATED, 0
    run(rig, world, 1)
    assert rig.view.force_mn is None and not rig.has_pull()


def test_the_time_of_day_is_unknown_until_the_host_tells_it_and_goes_on_from_there(world: World) -> None:
    world.now_us = (1 << 30) - 5 * SECOND
    rig = rig_of(world)
    run(rig, world, 1)
    assert rig.unix_ms(rig.board_us()) is None
    at_us = rig.set_clock(1_780_000_000_000)
    assert rig.unix_ms(at_us) == 1_780_000_000_000
    run(rig, world, 20)  # beyond the wrap of the chip's ticks
    assert rig.unix_ms(rig.board_us()) == 1_780_000_000_000 + (rig.board_us() - at_us) // 1000
    assert abs(rig.board_us() - at_us - 20 * SECOND) < 0.2 * SECOND
    assert rig.unix_ms(at_us - 5 * SECOND) == 1_779_999_995_000


def test_flash_is_erased_and_files_are_written_only_while_the_belt_stands(world: World) -> None:
    rig = rig_of(world)
    erased: list[bool] = []
    world.log.erase_step = lambda: erased.append(rig.is_still())  # type: ignore[method-assign, assignment, return-value]
    run(rig, world, 2)
    assert erased and all(erased)
    world.speed_mps = 0.8
    run(rig, world, 1)
    erased.clear()
    world.kept.clear()
    run(rig, world, 5)
    assert not erased and not world.kept and not rig.is_still()
    world.speed_mps = 0.0
    run(rig, world, 20)
    assert erased and all(erased) and rig.is_still()


def test_a_belt_that_rolls_forward_moves_though_no_set_runs(world: World) -> None:
    world.position = 10_000.0
    rig = rig_of(world)
    run(rig, world, 2)
    world.speed_mps = -0.5
    run(rig, world, 2)
    assert not rig.session.is_recording and not rig.is_still()
    with pytest.raises(RequestError):
        rig.tare()


def test_ctrl_c_ends_the_loop_and_the_watchdog_is_fed_in_each_pass(world: World) -> None:
    rig = rig_of(world)
    run(rig, world, 1)
    assert rig.parts.watchdog.feed.call_count == SECOND // PASS_US
    world.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        rig.step()


def test_garbage_is_collected_once_a_second_when_a_conversion_was_just_read_and_sooner_if_there_is_much(
    world: World,
) -> None:
    rig = rig_of(world)
    run(rig, world, 1)
    world.collected_n = 0
    run(rig, world, 20)
    assert 15 <= world.collected_n <= 21
    world.collected_n = 0
    for _ in range(10):
        rig.handler.litter_kb = 10
        run(rig, world, 0.3)
    assert world.collected_n >= 9 and rig.handler.litter_kb == 0


def test_each_module_that_the_first_movement_needs_is_loaded_after_a_collection_of_its_own(
    world: World,
) -> None:
    """Side by side what they leave behind would stay as holes between them: free memory was 4 KB shorter."""
    rig = rig_of(world)
    run(rig, world, 4)
    collected = []
    for _ in range(2):
        world.collected_n, world.speed_mps = 0, 1.0
        run(rig, world, 2)
        collected.append(world.collected_n)
        world.speed_mps = 0.0
        run(rig, world, 5)
    assert collected[0] >= collected[1] + len(MODULES)


def test_what_stays_of_a_set_for_the_table_is_made_after_what_its_end_left_was_collected(
    world: World,
) -> None:
    rig = rig_of(world)
    collected: list[int] = []
    end, keep = rig._writer.end, rig.view.keep_row
    rig._writer.end = lambda values: collected.append(world.collected_n) or end(values)  # type: ignore[func-returns-value, method-assign]
    rig.view.keep_row = lambda pull: collected.append(world.collected_n) or keep(pull)  # type: ignore[func-returns-value, method-assign]
    run(rig, world, 2)
    world.speed_mps = 1.0
    run(rig, world, 5)
    world.speed_mps = 0.0
    run(rig, world, 5)
    at_end, at_row = collected
    assert at_row > at_end and len(rig.view.rows) == 1


def test_a_minute_without_a_crash_forgives_those_before(world: World) -> None:
    rig = rig_of(world)
    run(rig, world, HEALTHY_MS / 1000 - 2)
    assert "crashes" not in world.stored
    run(rig, world, 5)
    assert "crashes" in world.stored


def test_the_page_is_drawn_five_times_a_second(world: World) -> None:
    rig = rig_of(world)
    run(rig, world, 10)
    assert 45 <= rig.parts.screen.draw.call_count <= 51


def test_the_force_trace_has_a_point_each_fiftieth_of_a_second_and_none_of_a_fault(world: World) -> None:
    rig = rig_of(world)
    world.code = ZERO + 900_000
    run(rig, world, 2)
    points, top_mn = curve(rig.view)
    shown_mn = [point * top_mn // 255 for point in points]
    expected_mn = 900_000 * SCALE_NN // 1_000_000
    assert all(abs(mn - expected_mn) < 10_000 for mn in shown_mn)
    world.code, world.noise = FAULT_SATURATED, 0
    run(rig, world, 0.5)
    points, _ = curve(rig.view)
    zeros_n = sum(point == 0 for point in points)
    assert 15 <= zeros_n <= 26
