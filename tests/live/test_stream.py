"""The stream of telemetry against a board that falls silent, is unplugged, restarts and refuses."""

from __future__ import annotations

import pytest
from tests.live.telling_board import TellingBoard

from retrorig.errors import LinkLostError, NoRigError
from retrorig.live.stream import CALM, CLOSE, Answered, Event, Found, Listening, Lost, Stream, Told


class Watched:
    """A stream over boards that are plugged in one after the other; ends after so many frames."""

    def __init__(
        self,
        boards: list[TellingBoard | Exception],
        frames: int,
        pace: Listening = CLOSE,
        period_ms: int = 100,
    ) -> None:
        self.events: list[Event] = []
        self._boards, self._left = boards, frames
        self.now: TellingBoard | None = None
        self.stream = Stream(
            self._connect, self._take, period_ms, 0.001, utc_now=self._utc_now, pace=lambda: pace
        )

    def _connect(self) -> TellingBoard:
        following = self._boards.pop(0)
        if isinstance(following, Exception):
            raise following
        self.now = following
        return following

    def _utc_now(self) -> float:
        assert self.now
        return self.now.now_s + 1.7e9

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._left -= isinstance(event, Told)
        if self._left == 0:
            self.stream.stop()

    def run(self) -> list[Event]:
        self.stream.run()
        return self.events

    def told(self) -> list[Told]:
        return [event for event in self.events if isinstance(event, Told)]


def test_frames_come_evenly_and_young_for_longer_than_the_lease() -> None:
    board = TellingBoard()
    watched = Watched([board], frames=90)
    assert isinstance(watched.run()[0], Found)
    times_us = [event.telemetry.board_us for event in watched.told()]
    assert [after - before for before, after in zip(times_us, times_us[1:], strict=False)][:89] == [
        100_000
    ] * 89
    # A frame is 75 bytes, 6.5 ms; one that waits for the answer before it 25 ms more. The clocks agree to 15 ms.
    assert all(-15 < event.age_ms < 50 for event in watched.told())
    assert board.closed and board.period_s == 0, "the rig is told that nobody listens any more"


def test_unplugged_it_waits_and_goes_on() -> None:
    gone = NoRigError("There is no port.")
    watched = Watched([TellingBoard(unplug_at_s=102.0), gone, gone, TellingBoard(boot=4)], frames=40)
    kinds = [type(event) for event in watched.run() if not isinstance(event, Told)]
    assert kinds == [Found, Lost, Found]
    (at,) = (i for i, event in enumerate(watched.events) if isinstance(event, Lost))
    assert "check the cable" in str(watched.events[at])
    assert all(
        sum(isinstance(event, Told) for event in part) >= 15
        for part in (watched.events[:at], watched.events[at:])
    )


def test_a_rig_that_restarts_or_forgets_is_asked_anew() -> None:
    board = TellingBoard()
    watched = Watched([board], frames=40)

    def forget_once(event: Event) -> None:
        watched._take(event)
        if isinstance(event, Told) and len(watched.told()) == 12:
            board.period_s, board.boot = 0.0, 9

    watched.stream._take = forget_once
    watched.run()
    assert [event.hello["boot"] for event in watched.events if isinstance(event, Found)] == [3, 9]
    assert board.executed.count("live 100") == 2


def test_a_label_is_sent_and_a_refusal_told() -> None:
    watched = Watched([TellingBoard()], frames=20)
    watched.stream.ask("athlete", "a7")
    watched.stream.ask("tare")
    watched.run()
    answers = [event for event in watched.events if isinstance(event, Answered)]
    assert answers == [
        Answered("athlete", None),
        Answered("tare", "The rig refused: Stand still and tare again."),
    ]
    assert watched.told()[-1].telemetry.athlete == "a7"


@pytest.mark.parametrize("pace", [CLOSE, CALM])
def test_what_a_person_asks_for_is_answered_before_it_feels_slow(pace: Listening) -> None:
    """Also where telemetry is seldom: half a second at most, of which an answer on the line takes 25 ms."""
    board = TellingBoard()
    watched = Watched([board], frames=6, pace=pace, period_ms=1000)
    asked_s: list[float] = []
    answered_s: list[float] = []

    def ask_at_each_frame(event: Event) -> None:
        watched._take(event)
        if isinstance(event, Told):
            asked_s.append(board.now_s)
            watched.stream.ask("athlete", "a7")
        if isinstance(event, Answered):
            answered_s.append(board.now_s)

    watched.stream._take = ask_at_each_frame
    watched.run()
    assert len(answered_s) >= 4
    assert all(after - before < 0.5 for before, after in zip(asked_s, answered_s))


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(NoRigError("None."), NoRigError), (TellingBoard(to_board=lambda data: b""), LinkLostError)],
)
def test_without_a_rig_at_the_start_the_caller_hears_why(
    trouble: TellingBoard | Exception, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        Watched([trouble], frames=1).run()
    assert isinstance(trouble, Exception) or trouble.closed
