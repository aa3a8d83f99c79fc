"""The live screen, run without a terminal, on events that a test gives it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from tests.live.telling_board import payload
from textual.pilot import Pilot
from textual.widgets import Digits, ProgressBar, Static

from retrorig.errors import InputError, NoRigError, RetrorigError
from retrorig.live.panels import MovingPlot
from retrorig.live.screen import LiveApp
from retrorig.live.stream import Answered, Event, Found, Lost, Stream, Told
from retrorig.live.telemetry import parse

SIZE = (100, 30)


class ScriptedStream:
    """Stands in for a Stream."""

    def __init__(self, take: Callable[[Event], None], error: RetrorigError | None = None) -> None:
        self.take, self._error = take, error
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self._stopped = threading.Event()

    def run(self) -> None:
        if self._error:
            raise self._error
        self._stopped.wait(20)

    def stop(self) -> None:
        self._stopped.set()

    def ask(self, verb: str, *args: object) -> None:
        self.asked.append((verb, args))


class Screen:
    """An app under test with its stream."""

    def __init__(self, error: RetrorigError | None = None, people: dict[str, str] | None = None) -> None:
        self.people = {"a1": "Åsa"} if people is None else people
        self.app = LiveApp(
            lambda take: cast("Stream", self._made(take, error)), lambda: self.people, self._label_of
        )

    def _made(self, take: Callable[[Event], None], error: RetrorigError | None) -> ScriptedStream:
        self.stream = ScriptedStream(take, error)
        return self.stream

    def _label_of(self, name: str) -> str:
        if name == "?":
            raise InputError("That is no name.")
        return f"label-of-{name}"

    def run(self, play: Callable[[Pilot[Any]], Any]) -> None:
        async def main() -> None:
            async with self.app.run_test(size=SIZE) as pilot:
                await play(pilot)

        asyncio.run(main())

    async def tell(self, pilot: Pilot[Any], **values: Any) -> None:
        telemetry = parse(payload(**values))
        assert telemetry
        self.stream.take(Told(telemetry, 5.0, 0.0))
        await pilot.pause()

    def text(self, selector: str) -> str:
        return str(self.app.query_one(selector, Static).render())

    def digits(self, figure: str) -> str:
        return self.app.query_one(f"#{figure} Digits", Digits).value


def test_numbers_progress_and_plots_follow_the_rig() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        screen.stream.take(Found({"rig": "0011223344ff"}))
        for step in range(20):
            await screen.tell(
                pilot, board_us=1_000_000 + 100_000 * step, state="running", athlete="a1", target="d", amount=10_000,
                index=1, of=5, distance_mm=250 * step, speed_mmps=900 + step, force_mn=150_000, set_no=7,
            )  # fmt: skip
        screen.app._draw_plots()
        await pilot.pause()
        assert (screen.digits("left"), screen.digits("speed"), screen.digits("force")) == (
            "5.2",
            "0.92",
            "150",
        )
        assert screen.text("#status").split("   ") == ["rig 0011223344ff", "running", "Åsa"]
        assert screen.text("#place").startswith("set 2 of 5, 10 m")
        assert screen.app.query_one(ProgressBar).percentage == pytest.approx(0.475)
        assert any("\u2801" <= sign <= "\u28ff" for sign in screen.app.export_screenshot()), (
            "lines of braille dots"
        )
        assert len(screen.app.shown_ms) == 20

    screen.run(play)


def test_the_bar_begins_empty_and_is_there_only_where_something_was_aimed_at() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        bar = screen.app.query_one(ProgressBar)
        for values, is_shown, share in (
            ({"target": "d", "amount": 10_000}, True, 0.0),
            ({"target": "d", "amount": 10_000, "distance_mm": 20_000}, True, 1.0),
            ({"target": "o"}, False, 0.0),
            ({"target": "t", "amount": 60_000, "elapsed_ms": 15_000}, True, 0.25),
        ):
            await screen.tell(pilot, state="running", **values)
            assert (bar.display, bar.percentage) == (is_shown, share)

    screen.run(play)


def test_keys_stay_the_apps_also_after_a_click_on_a_plot() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        await screen.tell(pilot, speed_mmps=900)
        await pilot.click("#speeds")
        await pilot.press("tab", "plus")
        assert not any(plot.has_focus for plot in screen.app.query(MovingPlot))

    screen.run(play)


def test_faults_and_losses_stand_on_the_screen_in_words() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        await screen.tell(pilot, trouble="No load cell: check plug and wires.", doubt="swapped?", dropped=4)
        shown = screen.text("#trouble")
        assert "No load cell" in shown and "swapped?" in shown and "4 samples" in shown
        assert screen.digits("force") == "-"
        await screen.tell(pilot, force_mn=1_000)
        assert screen.text("#trouble") == ""

    screen.run(play)


def test_unplugged_it_says_so_and_goes_on_by_itself() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        await screen.tell(pilot, speed_mmps=800)
        screen.stream.take(Lost("The link broke."))
        await pilot.pause()
        assert "unplugged" in screen.text("#status") and "The link broke." in screen.text("#trouble")
        assert screen.app.query_one("#status").has_class("lost")
        await screen.tell(pilot, speed_mmps=700)
        assert not screen.app.query_one("#status").has_class("lost")
        assert screen.digits("speed") == "0.70"

    screen.run(play)


def test_an_athlete_is_chosen_by_name_and_the_rig_gets_the_label() -> None:
    screen = Screen()

    async def choose(pilot: Pilot[Any], *keys: str) -> None:
        await pilot.press("a", *keys)
        await pilot.pause()

    async def play(pilot: Pilot[Any]) -> None:
        await choose(pilot, "B", "o", "enter")
        await choose(pilot, "enter")
        await choose(pilot, "x", "escape")
        await choose(pilot, "question_mark", "enter")
        assert screen.stream.asked == [("athlete", ("label-of-Bo",)), ("athlete", ("",))]
        screen.stream.take(Answered("athlete", "The rig refused: busy."))
        await pilot.pause()
        assert {"That is no name.", "The rig refused: busy."} <= {
            note.message for note in screen.app._notifications
        }

    screen.run(play)


def test_q_leaves_and_stops_the_stream() -> None:
    screen = Screen()

    async def play(pilot: Pilot[Any]) -> None:
        await pilot.press("q")

    screen.run(play)
    assert screen.stream._stopped.is_set()
    assert screen.app.return_value is None


def test_without_a_rig_the_app_ends_with_the_reason() -> None:
    screen = Screen(NoRigError("No rig."))

    async def play(pilot: Pilot[Any]) -> None:
        await asyncio.sleep(0.2)
        await pilot.pause()

    screen.run(play)
    assert str(screen.app.return_value) == "No rig."
