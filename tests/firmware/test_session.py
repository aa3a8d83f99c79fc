"""Sets from movement: what starts one, where it begins and ends, what is counted."""

from drivers.ads1220 import rate_for
from rigcore.force import NO_CONVERSION
from rigcore.history import HISTORY_N
from rigcore.motion import Geometry
from rigcore.session import IDLE, RUNNING, Session
from rigcore.setrun import STILL_S
from rigcore.setsamples import LEAD_N
from rigcore.settings_schema import SETTINGS
from rigcore.ticks import TICKS_PERIOD
from set_writer import Writer

GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
PERIOD_US = 12_500


def walk(session, pieces, start_us=0, code=1000):
    """Feed constant-speed pieces of (mm/s, seconds); returns the true counts at each sample."""
    t_us, um, path = start_us, 0, []
    for speed_mmps, seconds in pieces:
        for _ in range(int(seconds * 1_000_000) // PERIOD_US):
            t_us += PERIOD_US
            um += speed_mmps * PERIOD_US // 1000
            count = um * 2400 // 250_000
            path.append((t_us, count))
            session.feed(t_us % TICKS_PERIOD, count, code)
    return path


def new_session():
    writer = Writer()
    return Session(GEOMETRY, writer, lambda start_us: {"start_us": start_us}), writer


def test_ten_metres_is_one_set_with_every_count():
    session, writer = new_session()
    path = walk(session, [(0, 1), (1000, 10), (0, 5)])
    assert session.state == IDLE
    assert len(writer.sets) == 1
    header, samples, end = writer.sets[0]
    assert end["reason"] == "still"
    assert end["backward_counts"] == path[-1][1] == 96_000
    assert end["forward_counts"] == 0
    assert abs(header["start_us"] - 1_000_000) <= PERIOD_US
    assert abs(end["end_us"] - 11_000_000) <= PERIOD_US
    assert (
        samples
        == [(t, c, 1000) for t, c in path[path.index((samples[0][0], samples[0][1])) :]][: len(samples)]
    )


def test_the_first_centimetres_are_in_the_set():
    session, writer = new_session()
    walk(session, [(0, 2), (50, 10), (0, 4)])  # a creep: the start threshold is passed after 0.6 s
    header, _samples, end = writer.sets[0]
    assert abs(header["start_us"] - 2_000_000) <= 2 * PERIOD_US
    assert abs(end["backward_counts"] - 4800) <= 1  # half a metre


def test_what_a_movement_needs_is_loaded_with_the_first_alone_and_garbage_goes_before_what_stays_of_a_set():
    """The board collects in both cases: what is made then shall not lie where garbage ends."""
    loads, writer = [], Writer()
    session = Session(
        GEOMETRY, writer, lambda start_us: {"start_us": start_us}, None, lambda: loads.append(1)
    )
    walk(session, [(0, 3), (-20, 1), (0, 3)])
    assert loads == [] and session.lost_n == session.elapsed_ms() == 0
    walk(session, [(-20, 1), (0, 1), (1000, 3), (0, 5), (1000, 3), (0, 5)], 7_000_000)
    assert loads == [1, 1, 1] and len(writer.sets) == 2  # the first movement, and the end of each set


def test_forward_movement_starts_nothing_and_counts_apart():
    session, writer = new_session()
    walk(session, [(0, 1), (-1000, 3), (0, 4), (1000, 2), (-500, 1), (1000, 1), (0, 4)])
    assert len(writer.sets) == 1
    end = writer.sets[0][2]
    assert abs(end["backward_counts"] - 28_800) <= 2
    assert abs(end["forward_counts"] - 4800) <= 2


def test_a_nudge_is_no_set():
    session, writer = new_session()
    walk(session, [(0, 1), (200, 0.1), (0, 5), (200, 0.1), (0, 5)])
    assert writer.sets == []


def test_dither_at_rest_neither_counts_nor_keeps_a_set_open():
    session, writer = new_session()
    walk(session, [(0, 1), (1000, 2)])
    t_us, count = 3_000_000, 19_200
    for i in range(400):
        t_us += PERIOD_US
        session.feed(t_us, count + (i & 1), 1000)
    assert session.state == IDLE
    end = writer.sets[0][2]
    assert abs(end["backward_counts"] - 19_200) <= 1
    assert end["forward_counts"] == 0


def test_a_set_runs_across_the_wrap_of_the_tick_counter():
    session, writer = new_session()
    session.clock.feed(TICKS_PERIOD - 5_000_000)
    path = walk(session, [(0, 2), (1000, 6), (0, 4)], start_us=TICKS_PERIOD - 5_000_000)
    header, samples, end = writer.sets[0]
    assert end["backward_counts"] == path[-1][1]
    assert abs(end["end_us"] - header["start_us"] - 6_000_000) <= 2 * PERIOD_US
    assert abs(session.elapsed_ms() - 6_000) <= 2 * PERIOD_US // 1000  # to the end, not to the stillness
    steps = [b[0] - a[0] for a, b in zip(samples, samples[1:])]
    assert set(steps) == {PERIOD_US}


def test_elapsed_time_survives_the_wrap():
    session, writer = new_session()
    writer.add = lambda *sample: None
    walk(session, [(0, 1)])
    for i in range(1, 24_001):  # forty minutes in steps of 0.1 s and 50 mm: more than two turns
        session.feed((1_000_000 + i * 100_000) % TICKS_PERIOD, i * 480, 1000)
    assert session.state == RUNNING
    assert abs(session.elapsed_ms() - 2_400_000) <= 20


def test_a_full_store_refuses_the_set_and_says_so():
    session, writer = new_session()
    writer.has_room = False
    walk(session, [(0, 1), (1000, 2)])
    assert session.state == IDLE
    assert session.refused


def test_samples_without_conversion_are_counted():
    session, writer = new_session()
    walk(session, [(0, 1), (1000, 2)])
    walk_from = 3_000_000
    for i in range(1, 300):
        session.feed(walk_from + i * PERIOD_US, 19_200, NO_CONVERSION)
    assert writer.sets[0][2]["lost"] >= 230


def test_the_button_ends_the_set_at_the_last_movement():
    session, writer = new_session()
    walk(session, [(0, 1), (1000, 4), (0, 1)])
    session.stop("button")
    end = writer.sets[0][2]
    assert end["reason"] == "button"
    assert abs(end["end_us"] - 5_000_000) <= PERIOD_US


def test_a_store_that_fills_up_ends_the_set_with_what_it_has():
    session, writer = new_session()
    walk(session, [(0, 1), (1000, 2)])
    assert session.state == RUNNING
    writer.full = True
    walk(session, [(1000, 2)], start_us=3_000_000)
    assert session.state == IDLE
    assert writer.sets[0][2]["reason"] == "fault" and len(writer.sets) == 1


def test_the_history_holds_the_stillness_at_every_rate_that_can_be_set():
    """With a converter's clock a fifth too fast: the fastest HX711 seen makes 94 in place of 80."""
    slowest, fastest = SETTINGS["rate_sps"][1]
    for wanted in range(slowest, fastest + 1):
        for rate in (wanted, rate_for(wanted)):
            assert rate * 6 // 5 * STILL_S + LEAD_N < HISTORY_N


def test_a_set_says_how_long_a_stand_ended_it_and_ends_by_that():
    for still_ms in (2000, 3500, 10_000):
        for more_s, reason in ((-0.2, None), (0.2, "still")):
            session, writer = new_session()
            session.still_ms = still_ms
            walk(session, [(0, 1), (1000, 4), (0, still_ms / 1000 + more_s)])
            header, _samples, end = writer.sets[0]
            assert header["still_ms"] == still_ms and end.get("reason") == reason


def test_the_end_is_the_last_movement_at_the_fastest_rate_that_can_be_set():
    period_us = 1_000_000 // (SETTINGS["rate_sps"][1][1] * 6 // 5)
    writer = Writer()
    session = Session(GEOMETRY, writer, lambda start_us: {"no": 1})
    for number in range(9_000_000 // period_us):
        t_us = number * period_us
        session.feed(t_us, min(max(t_us - 1_000_000, 0), 4_000_000) * 12 // 1250, 1000)
    _header, _samples, end = writer.sets[0]
    assert abs(end["end_us"] - 5_000_000) <= period_us and end["reason"] == "still"
