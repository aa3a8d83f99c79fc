"""`retrorig live` in the terminal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Footer, ProgressBar, Static

from retrorig.errors import RetrorigError
from retrorig.forms import plain
from retrorig.live import words
from retrorig.live.athletes import AthleteScreen
from retrorig.live.panels import Figure, MovingPlot
from retrorig.live.stream import Answered, Event, Found, Lost, Stream, Told

PLOTS_S = 0.2
KEPT_N = 200

People = Mapping[str, str]
StreamMaker = Callable[[Callable[[Event], None]], Stream]

CSS = """
#status { height: 1; background: $primary; color: $text; padding: 0 1; }
#status.lost { background: $error; }
#figures { height: 6; }
.figure { width: 1fr; height: 6; padding: 0 1; border: round $secondary; }
#speed Digits { color: $accent; }
#force Digits { color: $warning; }
#progress { height: 1; padding: 0 1; }
#place { width: 1fr; }
#bar { width: 2fr; }
#plots { height: 1fr; min-height: 8; }
MovingPlot { width: 1fr; border-top: solid $secondary; border-title-color: $text; margin: 0 1; }
#trouble { height: auto; color: $error; text-style: bold; padding: 0 1; }
AthleteScreen { align: center middle; }
#ask { width: 76; height: auto; padding: 1 2; border: round $primary; background: $surface; }
"""


class Happened(Message):
    """Something came from the stream."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class LiveApp(App[RetrorigError | None]):
    """Shows what the stream tells; ends with the error that kept the first connection from being made.

    `make_stream(take)` makes the stream. `people()` gives the names to choose from by their labels, `label_of(name)`
    the label of one, also of somebody new: a rig knows nothing else. `shown_ms` holds the time from a sample until
    it stood on the screen, for the latest frames.
    """

    CSS = CSS
    TITLE = "retrorig live"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit"),
        Binding("a", "athlete", "Athlete"),
    ]

    def __init__(
        self, make_stream: StreamMaker, people: Callable[[], People], label_of: Callable[[str], str]
    ) -> None:
        super().__init__()
        self._people_now, self._label_of = people, label_of
        self._people: People = {}
        self._stream = make_stream(self._pass_on)
        self._rig = ""
        self.shown_ms: deque[float] = deque(maxlen=KEPT_N)

    def compose(self) -> ComposeResult:
        yield Static("Looking for the rig ...", id="status", markup=False)
        with Horizontal(id="figures"):
            yield Figure("metres backward", "left")
            yield Figure("speed, m/s", "speed")
            yield Figure("force, N", "force")
        with Horizontal(id="progress"):
            yield Static("", id="place", markup=False)
            yield ProgressBar(total=100, show_eta=False, id="bar")
        with Horizontal(id="plots"):
            yield MovingPlot("speed, m/s, last 12 s", "cyan", 1.5, "speeds")
            yield MovingPlot("force, N, last 12 s", "yellow", 100.0, "forces")
        yield Static("", id="trouble", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._read_people()
        self.set_interval(PLOTS_S, self._draw_plots)
        self.run_worker(self._follow, thread=True, exit_on_error=False)

    def on_unmount(self) -> None:
        self._stream.stop()

    def _follow(self) -> None:
        try:
            self._stream.run()
        except RetrorigError as error:
            self.call_from_thread(self.exit, error)

    def _pass_on(self, event: Event) -> None:
        self.post_message(Happened(event))  # from the stream's thread to the screen's

    def on_happened(self, message: Happened) -> None:
        if not self.query("#status"):  # the screen is being taken down
            return
        match message.event:
            case Found(hello):
                self._rig = hello["rig"]
                self._say_status("found", is_lost=False)
            case Lost(reason):
                self._say_status("unplugged; goes on by itself when the rig is back", is_lost=True)
                self.query_one("#trouble", Static).update(plain(reason))
            case Told():
                self._show(message.event)
            case Answered(_, refusal):
                severity = "error" if refusal else "information"
                self.notify(plain(refusal or "The rig has taken it."), severity=severity, markup=False)

    def _show(self, event: Told) -> None:
        told = event.telemetry
        self._say_status(f"{words.state_of(told)}   {words.athlete_of(told, self._people)}", is_lost=False)
        caption, number = words.headline(told)
        self.query_one("#left", Figure).show(number, caption)
        self.query_one("#speed", Figure).show(f"{told.speed_mps:.2f}")
        self.query_one("#force", Figure).show("-" if told.force_n is None else f"{told.force_n:.0f}")
        self.query_one("#place", Static).update(words.position(told))
        bar = self.query_one(ProgressBar)
        bar.display = told.share is not None
        bar.update(progress=100 * (told.share or 0))
        self.query_one("#speeds", MovingPlot).add(told.board_us / 1e6, told.speed_mps)
        self.query_one("#forces", MovingPlot).add(told.board_us / 1e6, told.force_n)
        self.query_one("#trouble", Static).update(words.trouble_of(told))
        self.call_after_refresh(self._note_shown, event)

    def _note_shown(self, event: Told) -> None:
        self.shown_ms.append(event.age_now_ms())

    def _say_status(self, text: str, is_lost: bool) -> None:
        status = self.query_one("#status", Static)
        status.set_class(is_lost, "lost")
        status.update(f"rig {self._rig}   {text}")

    def _draw_plots(self) -> None:
        for plot in self.query(MovingPlot):
            plot.draw()

    def action_athlete(self) -> None:
        """Ask for a name and send its label."""
        self._read_people()
        self.push_screen(AthleteScreen(sorted(self._people.values())), self._take_athlete)

    def _read_people(self) -> None:
        try:
            self._people = self._people_now()
        except RetrorigError as error:  # the rig can be watched without
            self.notify(str(error), severity="error", markup=False)

    def _take_athlete(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self._stream.ask("athlete", self._label_of(name) if name else "")
            self._read_people()
        except RetrorigError as error:
            self.notify(str(error), severity="error", markup=False)
