"""Speed and pull over the last stride: an even walk is one number, and starts and stops show at once."""

import math

from rigcore.average import latest_stride
from rigcore.force import NO_CONVERSION
from rigcore.history import History
from rigcore.motion import Geometry
from rigcore.stepcount import StepCounter

GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
RATE_HZ = 86
CODES_PER_N = 2147
ZERO = 35_000


class Walk:
    """Feeds history and step counter as a session does."""

    def __init__(self, swing=0.22, limp=0.0):
        self.history = History(3)
        self.steps = StepCounter()
        self.swing, self.limp = swing, limp
        self.mm = self.phase = self.t_s = 0.0

    def go(self, mps, seconds, steps_hz=1.7, pull_n=180):
        """Yields (seconds since this piece began, mm/s shown, N shown); the limping foot's steps are shorter."""
        for i in range(int(seconds * RATE_HZ)):
            step = int(self.phase)
            self.phase += steps_hz / RATE_HZ * (1 + self.limp * (1 if step % 2 else -1))
            angle = 2 * math.pi * self.phase
            self.t_s += 1 / RATE_HZ
            if mps:
                self.mm += 1000 * mps / RATE_HZ * (1 + self.swing * math.sin(angle))
            code = ZERO + int(CODES_PER_N * pull_n * (1 + 0.35 * math.sin(angle + 0.9))) if mps else ZERO
            self.history.push(int(self.t_s * 1e6), int(self.mm * 9.6), code)
            self.steps.feed(code)
            counts, span_us, mean, _ = latest_stride(self.history, self.steps, 0)
            yield i / RATE_HZ, GEOMETRY.speed_mmps(counts, span_us), (mean - ZERO) / CODES_PER_N


def settled(walk, mps, steps_hz, after_s=3.0):
    return [(speed, pull) for t_s, speed, pull in walk.go(mps, 14, steps_hz) if t_s > after_s]


def test_an_even_walk_is_one_number_at_every_cadence():
    for steps_hz in (0.9, 1.3, 1.7, 2.3, 3.2):
        shown = settled(Walk(), 0.9, steps_hz)
        assert max(abs(speed - 900) for speed, _ in shown) <= 27, steps_hz
        assert max(abs(pull - 180) for _, pull in shown) <= 9, steps_hz


def test_a_limp_is_one_number_too():
    shown = settled(Walk(limp=0.25), 0.9, 1.7)
    assert max(abs(speed - 900) for speed, _ in shown) <= 40


def test_without_a_load_cell_a_second_is_shown():
    walk = Walk(swing=0.1)
    for _ in range(5 * RATE_HZ):
        walk.t_s += 1 / RATE_HZ
        walk.mm += 900 / RATE_HZ
        walk.history.push(int(walk.t_s * 1e6), int(walk.mm * 9.6), NO_CONVERSION)
        walk.steps.feed(NO_CONVERSION)
    counts, span_us, mean, _ = latest_stride(walk.history, walk.steps, 0)
    assert abs(span_us - 1_000_000) <= 1_000_000 // RATE_HZ + 1 and mean is None
    assert abs(GEOMETRY.speed_mmps(counts, span_us) - 900) <= 2


def test_start_and_stop_move_the_number_within_four_tenths_of_a_second():
    walk = Walk()
    list(walk.go(0, 3))
    begun = walk.history.n - 1
    for t_s, _, _ in walk.go(0.9, 8):
        counts, span_us, _, _ = latest_stride(walk.history, walk.steps, begun)
        if t_s > 0.4:
            assert GEOMETRY.speed_mmps(counts, span_us) > 600, t_s
    shown = [(t_s, speed) for t_s, speed, _ in walk.go(0, 3)]
    assert all(speed < 750 for t_s, speed in shown if t_s >= 0.4)
    assert all(speed == 0 for t_s, speed in shown if t_s >= 2.0)


def test_the_fastest_that_can_be_counted_stays_within_the_boards_numbers():
    shown = settled(Walk(), 8.0, 3.4)
    assert max(abs(speed - 8000) for speed, _ in shown) <= 240


def test_cadence_is_that_of_the_last_stride_and_none_before_there_are_steps():
    for steps_hz in (0.9, 1.7, 3.2):
        walk = Walk()
        told = [latest_stride(walk.history, walk.steps, 0)[3] for _ in walk.go(0.9, 0.5, steps_hz)]
        assert not any(told)
        list(walk.go(0.9, 8, steps_hz))
        _, span_us, _, steps_n = latest_stride(walk.history, walk.steps, 0)
        assert steps_n and abs(60_000_000 * steps_n // span_us - 60 * steps_hz) <= 2 + 2 * steps_hz
