"""The three procedures on the virtual rig: what is found, where it is kept, what is noticed."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

import pytest
from tests.calibration.conftest import TRUE, Workshop
from tests.calibration.hand import G, Hand

from retrorig.calibration import backup, board, calibrating, watching
from retrorig.calibration.belt import Marked
from retrorig.calibration.taring import tared
from retrorig.calibration.units import length, weight
from retrorig.errors import InputError, RetrorigError, RigRefusedError
from retrorig.library.calibration_record import Values, id_of
from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

WEIGHTS = ("5kg", "10kg", "20kg")
LONGEST = {
    "id": "20261130-120000-fedcba98", "counts_per_rev": 1000, "zero": -8_388_608, "scale_nn": -15_000_000,
    "direction": -1, "circumference_pm_ppm": 1_000_000, "span_pm_ppm": 1_000_000, "linearity_mn": 1_000_000_000,
    "made_s": 1 << 40,
}  # fmt: skip
"""As many digits as a calibration may have."""
BY_10_M = Marked(length("10m"), length("10mm"))


def hanging(hand: Hand, *kilograms: float) -> Hand:
    hand.deeds = [hand.hang(0), *(hand.hang(kg) for kg in kilograms), hand.hang(0)]
    return hand


def pushing(hand: Hand, *metres: float) -> Hand:
    hand.deeds = [deed for way_m in metres for deed in (hand.nothing, hand.push(way_m))]
    return hand


def wait_until_still(workshop: Workshop) -> None:
    """A push of the test before may still be a set that runs, in which nothing is kept."""
    for _ in range(60):
        told = workshop.client.info()
        if told["state"] == "idle" and not told["speed_mmps"]:
            return
        workshop.rig.run_for(500_000)
    raise AssertionError("the belt never came to rest")


def require_force(workshop: Workshop) -> None:
    """Put the true scale and zero in force, as a calibration by weights would."""
    wait_until_still(workshop)
    true = {"scale_nn": round(1e9 / TRUE.counts_per_n), "zero": TRUE.offset_code}
    sure = {"span_pm_ppm": 5000, "linearity_mn": 300}
    board.store(workshop.client, {**board.fetch(workshop.client), **true, **sure, "id": "weighed"})


def require_belt(workshop: Workshop) -> None:
    """Calibrate the belt, unless that was done."""
    if board.fetch(workshop.client)["circumference_pm_ppm"] is None:
        workshop.job(pushing(workshop.hand(), 10, 10, 10)).belt(BY_10_M, 3)


def refusal(workshop: Workshop, hand: Hand, weights: tuple[str, ...] = WEIGHTS) -> str:
    """The sentence with which the weights are refused; the calibration in force must be the same as before."""
    before = board.fetch(workshop.client)
    with pytest.raises(InputError) as refused:
        workshop.job(hand).force([weight(text) for text in weights], 0.005)
    hand.hang(0)()
    assert board.fetch(workshop.client) == before
    return str(refused.value)


def test_known_weights_give_the_true_scale(workshop: Workshop) -> None:
    """Noise of 38 codes, averaged over 192, is 3 codes of 430,000: the fit alone is far within its 95 %."""
    before = board.fetch(workshop.client)
    hand = hanging(workshop.hand(), 5, 10, 20)
    record = workshop.job(hand).force([weight(text) for text in WEIGHTS], 0.005)
    true_nn = 1e9 / TRUE.counts_per_n
    assert abs(record["scale_nn"] / true_nn - 1) < min(5e-4, record["span_pm_ppm"] * 1e-6)
    assert record["span_pm_ppm"] >= 5000  # the weights' own
    assert abs(record["zero"] - TRUE.offset_code) < 0.2 * TRUE.counts_per_n
    assert record["circumference_um"] == before["circumference_um"]  # what was not calibrated stays
    assert board.fetch(workshop.client) == {key: record[key] for key in board.fetch(workshop.client)}
    assert workshop.library.calibrations.get(record["id"]) == record
    assert record["person"] == "Ann" and record["id"] == id_of(record)
    assert [point["load"] for point in record["evidence"]["points"]] == ["slack", *WEIGHTS, "slack"]
    assert len(hand.asked) == 5


def test_what_was_typed_may_take_the_place_of_given_weights(workshop: Workshop) -> None:
    hand = workshop.hand()
    typed = [(4, "4kg"), (12, "12"), (12, f"{12 * G:.3f} N"), (25, "25 kg"), (25, "")]
    hand.deeds = [hand.hang(0), *(hand.hang(*each) for each in typed), hand.hang(0)]
    record = workshop.job(hand).force([], 0.005)
    assert abs(record["scale_nn"] * TRUE.counts_per_n / 1e9 - 1) < 1e-3
    assert any("with its unit" in sentence for sentence in hand.said)


def test_the_force_on_the_display_follows_at_once(workshop: Workshop) -> None:
    require_force(workshop)
    workshop.hand().hang(10)()
    workshop.rig.run_for(8_000_000)
    assert workshop.client.info()["force_mn"] / 1000 == pytest.approx(10 * G, rel=0.002, abs=0.5)
    workshop.hand().hang(0)()
    workshop.rig.run_for(8_000_000)


def test_a_zero_that_does_not_come_back_is_noticed(workshop: Workshop) -> None:
    hand = hanging(workshop.hand(), 5, 10, 20)
    hand.deeds[-1] = hand.hang(0.15)
    assert "zero moved by +1.5 N" in refusal(workshop, hand)


def test_somebody_on_the_belt_is_noticed_and_waited_for(workshop: Workshop, monkeypatch) -> None:
    monkeypatch.setattr(watching, "LIMIT_S", 5.0)
    hand = hanging(workshop.hand(), 5, 10, 20)
    workshop.bench.creep(workshop.rig, mps=0.02)
    words = refusal(workshop, hand)
    workshop.bench.creep(workshop.rig)
    assert "belt moves: step off it" in words
    assert any("Waiting until that is over" in sentence for sentence in hand.said)


def test_a_load_that_never_rests_is_refused(workshop: Workshop, monkeypatch) -> None:
    monkeypatch.setattr(watching, "LIMIT_S", 5.0)
    workshop.bench.creep(workshop.rig, n_per_s=4.0)
    words = refusal(workshop, hanging(workshop.hand(), 5, 10, 20))
    workshop.bench.creep(workshop.rig)
    assert "swings or still settles" in words


def test_when_nobody_answers_the_old_calibration_stays(workshop: Workshop) -> None:
    hand = workshop.hand()
    hand.deeds = [hand.hang(0), hand.hang(5)]
    assert "old one stays in force" in refusal(workshop, hand)


def test_pushes_give_the_true_circumference_and_sets_carry_it(workshop: Workshop) -> None:
    require_force(workshop)
    record = workshop.job(pushing(workshop.hand(), 10, 10, 10)).belt(BY_10_M, 3)
    assert record["circumference_um"] == pytest.approx(TRUE.circumference_mm * 1000, rel=2e-4)
    assert record["circumference_pm_ppm"] == pytest.approx(1000, abs=30)
    assert record["scale_nn"] == board.fetch(workshop.client)["scale_nn"]
    workshop.hand().hang(8)()  # a belt that is shoved once by 3 m, without any pull, is a kick and no set
    workshop.hand().push(6)()
    workshop.hand().hang(0)()
    workshop.rig.run_for(8_000_000)
    newest = workshop.client.sets(0)["sets"][-1]
    pieces: list[bytes] = []
    workshop.client.read(newest[0], 0, newest[1], 1024, lambda no, at, data: pieces.append(data) or True)
    header = decoded(b"".join(pieces))
    assert header["cal"] == record["id"]
    for key in ("circumference_um", "circumference_pm_ppm", "span_pm_ppm", "linearity_mn", "scale_nn"):
        assert header[key] == record[key]


def decoded(blob: bytes) -> Values:
    from rigcore.decode import decode_set

    return decode_set(blob).header


def test_who_leans_on_the_line_while_pushing_is_told(workshop: Workshop) -> None:
    hand = pushing(workshop.hand(), 10, 10, 10)
    first = hand.deeds[1]
    hand.deeds[1] = lambda: (first(), hand.hang(8)())[1]
    workshop.job(hand).belt(BY_10_M, 3)
    hand.hang(0)()
    told = [
        found for sentence in hand.said if (found := re.search(r"line pulled with up to (\d+) N", sentence))
    ]
    assert told and int(told[0][1]) == pytest.approx(8 * G, rel=0.1)


def test_direction_is_turned_round_by_a_step_back_that_counted_forward(workshop: Workshop) -> None:
    require_belt(workshop)
    assert workshop.job(pushing(workshop.hand(), 0.4)).direction() is None
    record = workshop.job(pushing(workshop.hand(), -0.4)).direction()
    assert record is not None and record["direction"] == -1
    before = workshop.client.info()["counts"]
    workshop.hand().push(-1.0)()
    assert workshop.client.info()["counts"] - before == pytest.approx(9600, abs=4)
    with pytest.raises(InputError, match="moved by 20 mm only"):
        workshop.job(pushing(workshop.hand(), 0.02)).direction()
    assert workshop.job(pushing(workshop.hand(), 0.4)).direction()["direction"] == 1  # type: ignore[index]


def test_watching_takes_weights_as_they_come(workshop: Workshop, monkeypatch) -> None:
    hand, bench = workshop.hand(), workshop.bench
    runs = [(0, 4), (10, 4), (0, 4), (5, 4), (10, 4), (20, 4), (0, 9)]  # begins in the middle of another run
    ends_s = list(accumulate((seconds for _, seconds in runs), initial=bench.now_s(workshop.rig)))[1:]
    loads_n = [kg * G for kg, _ in runs] + [0.0]
    monkeypatch.setattr(bench, "force_n", lambda t_s: loads_n[bisect_right(ends_s, t_s)])
    record = workshop.job(hand, is_following=True).force([weight(text) for text in WEIGHTS], 0.005)
    assert abs(record["scale_nn"] * TRUE.counts_per_n / 1e9 - 1) < 5e-4
    assert not hand.asked


def test_no_conversion_is_lost_while_pushes_are_watched(workshop: Workshop, monkeypatch) -> None:
    """Each look asks the rig for its raw values. That what is kept at the end costs none tells the next test."""
    hand, bench, client = workshop.hand(), workshop.bench, workshop.client
    missed, push_s = [missed_of(client)], (4.0, 14.0, 24.0)
    start_s = bench.now_s(workshop.rig)
    start_m = bench.position_m(start_s)

    def position_m(t_s: float) -> float:
        return start_m + sum(10 * min(1.0, max(0.0, (t_s - start_s - at_s) / 4)) for at_s in push_s)

    monkeypatch.setattr(bench, "position_m", position_m)
    monkeypatch.setattr(calibrating, "await_idle", lambda client: missed.append(missed_of(client)))
    with pytest.raises(RigRefusedError, match="belt stands"):  # nobody waited for the set's end
        workshop.job(hand, is_following=True).belt(BY_10_M, 3)
    assert len(missed) == 2 and missed[0] == missed[1]
    assert sum(" counts." in words for words in hand.said) == 3


def test_to_keep_a_calibration_erases_nothing_and_costs_no_conversion() -> None:
    """At the fastest conversions. Once in some 24 times LittleFS writes its folder anew, which costs 35."""
    with VirtualRig(StillBelt(), RigSettings(rate_hz=94.0), seed=3) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        rig.run_for(1_000_000)
        before, longest = missed_of(client), board.fetch(client)
        longest.update(LONGEST)
        for um in range(10):
            board.store(client, {**longest, "circumference_um": 1_250_000 + um})
        assert missed_of(client) == before


def missed_of(client: RigClient) -> int:
    return client.info()["faults"]["missed"]


@pytest.mark.parametrize("leaning_kg", [0, 8])
def test_only_a_pull_while_the_belt_moves_is_leaning(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, leaning_kg: int
) -> None:
    """A weight that hangs on the line for a moment of a rest says nothing about the pushes."""
    hand, bench = workshop.hand(), workshop.bench
    runs = [(0, 0, 4), *3 * [(10, leaning_kg, 4), (0, 0, 3), (0, 8, 2), (0, 0, 3)], (0, 0, 60)]  # m, kg, s
    start_s = bench.now_s(workshop.rig)
    start_m = bench.position_m(start_s)
    ends_s = list(accumulate((seconds for *_, seconds in runs), initial=start_s))

    def position_m(t_s: float) -> float:
        shares = (min(1.0, max(0.0, (t_s - end_s) / run[2])) for end_s, run in zip(ends_s, runs))
        return start_m + sum(run[0] * share for share, run in zip(shares, runs))

    monkeypatch.setattr(bench, "position_m", position_m)
    monkeypatch.setattr(bench, "force_n", lambda t_s: G * runs[bisect_right(ends_s, t_s) - 1][1])
    workshop.job(hand, is_following=True).belt(BY_10_M, 3)
    is_told = any("line pulled with up to" in sentence for sentence in hand.said)
    assert is_told == bool(leaning_kg)
    monkeypatch.undo()
    hand.hang(0)()


def test_a_backup_comes_back_and_a_changed_one_does_not(workshop: Workshop, tmp_path) -> None:
    workshop.job(pushing(workshop.hand(), -0.4)).direction()
    kept = backup.taken(workshop.client, workshop.library)
    backup.write_backup(tmp_path / "rig.json", kept)
    workshop.job(pushing(workshop.hand(), 0.4)).direction()
    assert (kept["calibration"]["direction"], board.fetch(workshop.client)["direction"]) == (-1, 1)
    assert (
        backup.put_back(workshop.client, workshop.library, backup.read_backup(tmp_path / "rig.json"))
        == kept["calibration"]
    )
    assert board.fetch(workshop.client) == kept["calibration"]
    text = (tmp_path / "rig.json").read_text()
    for wrong, words in (
        (text.replace('"direction": -1', '"direction": 1', 1), "was changed since"),
        (text[:100], "damaged or no backup"),
        ("[]", "no calibration"),
        (text.replace('"circumference_um": 2', '"circumference_um": -2', 1), "circumference_um must be"),
    ):
        (tmp_path / "wrong.json").write_text(wrong)
        with pytest.raises(InputError, match=words):
            backup.read_backup(tmp_path / "wrong.json")


def test_a_copy_is_the_other_boards_own_calibration(workshop: Workshop) -> None:
    foreign = {**backup.taken(workshop.client, workshop.library), "rig": "0123456789ab"}
    values = backup.put_back(workshop.client, workshop.library, foreign)
    record = workshop.library.calibrations.get(values["id"])
    assert (
        record["rig"] == workshop.client.hello()["rig"]
        and record["evidence"]["copied_from"] == "0123456789ab"
    )
    assert (
        values["scale_nn"] == foreign["calibration"]["scale_nn"]
        and values["id"] != foreign["calibration"]["id"]
    )


def test_copies_made_in_one_second_are_two_calibrations(workshop: Workshop) -> None:
    """Also with the first calibration put back in between, so that the second does not follow the first copy."""
    own = backup.taken(workshop.client, workshop.library)
    foreign = {**own, "rig": "0123456789ab"}
    ids = set()
    for _ in range(3):
        ids.add(backup.put_back(workshop.client, workshop.library, foreign)["id"])
        backup.put_back(workshop.client, workshop.library, own)
    assert len(ids) == 3
    assert all(workshop.library.calibrations.get(each)["id"] == each for each in ids)


def test_tare_tells_when_something_hangs(workshop: Workshop) -> None:
    workshop.rig.run_for(2_000_000)
    assert tared(workshop.client).warning == ""
    workshop.hand().hang(10)()
    workshop.rig.run_for(8_000_000)
    assert "something hanging" in tared(workshop.client).warning
    workshop.hand().hang(0)()
    workshop.rig.run_for(8_000_000)
    tared(workshop.client)


def test_the_board_refuses_what_cant_be_and_anything_while_moving(workshop: Workshop) -> None:
    before = board.fetch(workshop.client)
    with pytest.raises(RigRefusedError, match="circumference_um must be"):
        board.store(workshop.client, {**before, "circumference_um": 7})
    workshop.bench.creep(workshop.rig, mps=0.5)
    workshop.rig.run_for(2_000_000)
    with pytest.raises(RetrorigError, match="while the belt stands"):
        board.store(workshop.client, before)
    workshop.bench.creep(workshop.rig)
    workshop.rig.run_for(6_000_000)
    assert board.fetch(workshop.client) == before
