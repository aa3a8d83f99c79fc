"""Units, cues, the buzzer and the table's small parts: what the athlete sees and hears."""

from app.pages.running import curve
from app.view import TRACE_N, View, band_place
from drivers.buzzer import Buzzer
from rigcore import state_machine, transitions
from rigcore.cues import TUNES, CueWatch
from rigcore.rating import Rating
from rigcore.units import DISTANCES, FORCES, SPEEDS, convert, text


def shown(value, unit):
    return text(*convert(value, unit))


def test_units_against_their_definitions():
    exact = (
        (DISTANCES, "m", 1000, 1), (DISTANCES, "yd", 914.4, 1),
        (SPEEDS, "m/s", 1000, 2), (SPEEDS, "km/h", 1000 / 3.6, 2), (SPEEDS, "mph", 447.04, 2),
        (FORCES, "N", 1000, 0), (FORCES, "kgf", 9806.65, 1), (FORCES, "lbf", 4448.2216, 1),
    )  # fmt: skip
    for table, name, size, decimals in exact:
        for value in (0, 1, 999, 1234, 27_775) if table is SPEEDS else (0, 1, 999, 245_300, 1_999_000):
            # Half of the last place is rounding; the whole-number factors are right to 1 in 20000.
            allowed = 0.5 / 10**decimals + value / size / 20_000 + 1e-9
            assert abs(float(shown(value, table[name])) - value / size) <= allowed
            positive = shown(value, table[name])
            assert shown(-value, table[name]) == (positive if float(positive) == 0 else "-" + positive)


def test_largest_values_fit_thirty_one_bits():
    for table, largest in ((DISTANCES, 10_000_000), (SPEEDS, 50_000), (FORCES, 5_000_000)):
        for multiply, _divide, _decimals in table.values():
            assert largest * multiply < 1 << 30


class PlanRunner:
    index = -1
    target = "distance"
    amount = 10_000
    due_ms = 3000


class Walked:
    """What CueWatch looks at."""

    def __init__(self):
        self.state = state_machine.IDLE
        self.now_ms = 0
        self.plan_runner = PlanRunner()


def test_each_event_has_its_own_tune_and_sounds_once():
    assert len(set(TUNES.values())) == len(TUNES)
    walked, cues = Walked(), CueWatch()
    heard = []

    def look(state, mm=0, band=None, is_over=False):
        walked.state = state
        heard.append(cues.look(walked, mm, band, is_over))
        return heard[-1]

    assert look(state_machine.RUNNING) == "start"
    assert look(state_machine.RUNNING, 7900) == ""
    assert look(state_machine.RUNNING, 8100) == "last" and cues.is_last()
    assert look(state_machine.RUNNING, 8200) == ""
    assert look(state_machine.RESTING) == "end" and not cues.is_last()
    assert look(state_machine.ARMED) == "ready"
    assert look(state_machine.RUNNING, 100) == "start"
    assert look(state_machine.PAUSED, 200) == ""
    assert look(state_machine.RUNNING, 200) == ""


def test_leaving_the_band_sounds_once_and_a_limit_goes_on():
    walked, cues = Walked(), CueWatch()
    walked.state = state_machine.RUNNING
    cues.look(walked, 0, 0, False)
    assert [cues.look(walked, 0, band, False) for band in (0, 1, 1, 0, -2)] == ["", "band", "", "", "band"]
    assert [cues.look(walked, 0, 0, True) for _ in range(2)] == ["limit", "limit"]


def test_the_countdown_beeps_each_second():
    walked, cues = Walked(), CueWatch()
    walked.state = state_machine.COUNTDOWN
    cues.look(walked, 0, None, False)
    heard = []
    for now_ms in range(0, 3000, 100):
        walked.now_ms = now_ms
        heard.append(cues.look(walked, 0, None, False))
    assert heard.count("count") == 3


class Pwm:
    def __init__(self):
        self.log = []

    def freq(self, hertz):
        self.log.append(hertz)

    def duty_u16(self, duty):
        self.log.append(-1 if duty else 0)


def test_the_buzzer_plays_without_waiting_and_falls_silent():
    pwm = Pwm()
    buzzer = Buzzer(pwm)
    buzzer.play(((660, 90), (0, 60), (660, 90)), 0)
    for ticks in range(0, 400_000, 10_000):
        buzzer.step(ticks)
    assert pwm.log == [660, -1, 0, 660, -1, 0]


def test_the_metronome_ticks_evenly_beside_tunes_until_it_is_told_to_stop():
    pwm = Pwm()
    buzzer = Buzzer(pwm)
    begun = []
    for ticks in range(0, 10_000_000, 7_000):
        buzzer.beat(600_000, ticks)  # as often as somebody looks
        before = len(pwm.log)
        if ticks == 3_003_000:
            buzzer.play(((660, 400),), ticks)
        buzzer.step(ticks)
        if pwm.log[before:] == [1500, -1]:
            begun.append(ticks)
    assert 15 <= len(begun) <= 17
    assert all(0 <= ticks % 600_000 < 7_000 for ticks in begun)
    buzzer.beat(0, 10_000_000)
    buzzer.step(10_100_000)
    told_n = len(pwm.log)
    buzzer.step(20_000_000)
    assert len(pwm.log) == told_n and pwm.log[-1] == 0


def test_ratings_go_round_and_are_asked_in_turn():
    rating = Rating(("rpe", "pain"))
    for _ in range(12):
        rating.tap()
    assert rating.values == {"rpe": 0}
    rating.tap("pain")
    assert not rating.give("pain", 11) and not rating.give("mood", 3)
    assert rating.accept()
    assert rating.question == ""


def test_the_table_knows_no_way_out_of_a_set_but_its_end():
    leaving = [row for row in transitions.TABLE.split("\n") if row.split()[:1] == ["running"]]
    assert {row.split()[4] for row in leaving} == {"(ended)", "paused", "(before)", "(refused)", "running"}


def test_the_trace_keeps_the_latest_points_in_order():
    view = View({}, None)
    for place in range(3 * TRACE_N + 7):
        view.keep_trace(place * 8000)
    assert list(curve(view)[0]) == list(range(2 * TRACE_N + 7, 3 * TRACE_N + 7))


def test_a_weak_pull_is_drawn_as_tall_as_a_strong_one_and_none_leaves_the_paper():
    for peak_n in (20, 100, 250, 500, 1000, 1999, 5000):
        view = View({}, None)
        for i in range(TRACE_N):
            view.keep_trace(peak_n * 1000 * (i % 15) // 14)
        points, top_mn = curve(view)
        assert max(points) <= 255 and min(points) == 0
        assert max(points) >= min(127, peak_n - 8)
        assert abs(max(points) * top_mn // 255 - min(peak_n, 2040) * 1000) <= 8000, "the scale tells the peak"


def test_slack_and_a_push_are_a_line_at_the_bottom():
    view = View({}, None)
    for force_mn in (-50_000, 0, 7000) * TRACE_N:
        view.keep_trace(force_mn)
    assert max(curve(view)[0]) == 0


def test_the_bands_places_meet_at_its_ends():
    places = [band_place(value, 800, 1200) for value in (666, 667, 799, 800, 1200, 1201, 1333, 1334)]
    assert places == [-2, -1, -1, 0, 0, 1, 1, 2]
