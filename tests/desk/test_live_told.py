"""What the live page is told of each moment, without a browser or a rig: numbers in the user's units, and in time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.live.telling_board import payload

from retrorig.desk.pages import live
from retrorig.desk.wording import words_in
from retrorig.live import Found, Lost, Telemetry, Told
from retrorig.live.telemetry import parse
from retrorig.plans import AskedSet
from retrorig.report import Units

OTHER = Units("yd", "km/h", "lbf")
ASKED = AskedSet("work", (0.8, 1.0), (100.0, 123.456), 1.2, 150.0, (60.0, 80.0), 0.9)
RUNS: dict[str, Any] = {
    "state": "running",
    "set_no": 1,
    "speed_mmps": 900,
    "distance_mm": 9144,
    "elapsed_ms": 10_000,
}


def telemetry(**values: Any) -> Telemetry:
    found = parse(payload(**values))
    assert found
    return found


def told(**values: Any) -> Told:
    return Told(telemetry(**values), 0.0, time.time() * 1000)


def test_a_moment_is_told_in_the_users_units() -> None:
    moment = live._moment(
        telemetry(**RUNS, target="d", amount=18_288, force_mn=444_822, cadence="72", board_us=2_500_000,
                  of=3, index=1, trouble="no conversions", lost=2), words_in("en", OTHER),
    )  # fmt: skip
    assert (moment["caption"], moment["number"]) == ("yards left", "10.0")
    assert moment["position"].startswith("set 2 of 3") and moment["cadence"] == 72
    assert (moment["speed"], moment["force"]) == (pytest.approx(3.24), pytest.approx(100.0, abs=0.001))
    assert (moment["share"], moment["at_s"]) == (pytest.approx(0.5), 2.5)
    assert "no conversions" in moment["trouble"] and "2" in moment["trouble"]
    assert live._moment(telemetry(), words_in("en", OTHER))["force"] is None, "not measured is no zero"


def test_the_state_is_told_in_the_readers_language() -> None:
    states = {
        language: live._moment(telemetry(**RUNS), words_in(language))["state"] for language in ("en", "de")
    }
    assert states["de"] == "läuft" != states["en"]


def test_bands_are_told_in_the_users_units_to_three_digits() -> None:
    found = live._asked(telemetry(**RUNS), ASKED, words_in("en", OTHER))
    assert found["speed_band"] == [2.88, 3.6] and found["force_band"] == [22.5, 27.8]
    assert found["cadence_band"] == [60.0, 80.0]


@pytest.mark.parametrize(
    ("speed_mmps", "force_n", "cadence", "places"),
    [
        (700, 90, "50", ("below", "below", "below")),
        (900, 110, "70", ("within", "within", "within")),
        (1100, 140, "90", ("above", "above", "above")),
        (1300, 160, "", ("over", "over", "")),
    ],
)
def test_where_a_set_is_in_its_bands_is_told_while_it_runs(
    speed_mmps: int, force_n: int, cadence: str, places: tuple[str, str, str]
) -> None:
    values = {"speed_mmps": speed_mmps, "force_mn": 1000 * force_n, "cadence": cadence}
    keys = ("speed_place", "force_place", "cadence_place")
    for state, expected in (("running", places), ("idle", ("", "", ""))):
        found = live._asked(telemetry(state=state, **values), ASKED, words_in("en"))
        assert tuple(found[key] for key in keys) == expected


def test_without_a_plan_nothing_is_asked() -> None:
    found = live._asked(telemetry(**RUNS), None, words_in("en"))
    assert {found[f"{name}_band"] for name in ("speed", "force", "cadence")} == {None}
    assert {found[f"{name}_place"] for name in ("speed", "force", "cadence")} == {""}
    assert (found["ahead"], found["pace"]) == (None, "")


def test_how_far_ahead_of_the_pace_somebody_is_is_told_while_a_set_runs() -> None:
    running = live._asked(telemetry(**RUNS), ASKED, words_in("en", OTHER))
    assert running["ahead"] == pytest.approx((9.144 - 0.9 * 10) / 0.9144)
    assert "yd" in running["pace"] and "3.24 km/h" in running["pace"]
    waiting = live._asked(telemetry(**{**RUNS, "state": "idle"}), ASKED, words_in("en", OTHER))
    assert waiting["ahead"] is None and waiting["pace"] == running["pace"]


def test_a_rig_that_was_found_or_lost_is_told() -> None:
    found = live._shown(Found(cast("Any", {"rig": "r1\x1b"})), words_in("en"))
    assert found["kind"] == "found" and found["state"].startswith("r1") and "\x1b" not in found["state"]
    assert live._shown(Lost("The link broke."), words_in("en")) == {
        "kind": "lost",
        "state": "The link broke.",
    }
    shown = live._shown(Told(telemetry(), 30.0, time.time() * 1000), words_in("en"))
    assert shown["kind"] == "told" and 30 <= shown["age_ms"] < 10_000
    assert abs(shown["sent_ms"] / 1000 - time.time()) < 10


class Watched:
    """A rig's stream that tells some events at once, and then nothing."""

    def __init__(self, *events: Any) -> None:
        self.events, self.listeners = events, list[Any]()

    def add(self, listener: Any) -> None:
        self.listeners.append(listener)
        for event in self.events:
            listener(event)

    def remove(self, listener: Any) -> None:
        self.listeners.remove(listener)


def heard(
    monkeypatch: pytest.MonkeyPatch, watched: Watched, names: bool, n: int = 2
) -> tuple[list[str], int]:
    """The first pieces of a stream that is then closed, and how often the page was seen."""
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 0.01)
    seen = list[bool]()
    library = SimpleNamespace(people=SimpleNamespace(names=lambda: {"a1": "Anna", "a2": "Ben"}))
    work = SimpleNamespace(watching=watched)
    desk = SimpleNamespace(
        library=lambda: nullcontext(library),
        work=SimpleNamespace(at=lambda port: {"/dev/a": work}[port]),
        seen=lambda: seen.append(True),
    )

    async def listened() -> list[str]:
        events = cast("Any", live._events(cast("Any", desk), "/dev/a", names, words_in("en")))
        pieces = [await anext(events) for _ in range(n)]
        await events.aclose()
        return pieces

    pieces = asyncio.run(listened())
    assert not watched.listeners, "a page that was closed listens no more"
    return pieces, len(seen)


@pytest.mark.parametrize(("names", "who"), [(True, "Anna"), (False, "")])
def test_a_slow_page_is_told_the_newest_moment_alone_and_then_that_somebody_is_there(
    monkeypatch: pytest.MonkeyPatch, names: bool, who: str
) -> None:
    watched = Watched(*(told(**RUNS, athlete=label) for label in ("a2", "a1")))
    (first, *others), seen_n = heard(monkeypatch, watched, names, 3)
    assert first.startswith("data: ") and first.endswith("\n\n")
    moment = json.loads(first.removeprefix("data: "))
    assert (moment["athlete"], moment["next"], moment["kind"]) == (who, "", "told")
    assert "Ben" not in first and moment["speed_band"] is None
    assert others == [": here\n\n"] * 2, "by which a closed page is noticed"
    assert seen_n == 3


def test_who_comes_next_is_told_beside_who_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = live.Turns()
    people = {"a1": "Anna", "a2": "Ben"}
    assert live._turns(telemetry(**RUNS, athlete="a1"), turns, people) == {"athlete": "Anna", "next": ""}
    assert live._turns(telemetry(**RUNS, athlete="a2"), turns, people) == {"athlete": "Anna", "next": "Ben"}


@pytest.mark.parametrize(("asked", "port"), [("/dev/b", "/dev/b"), ("/dev/gone", "/dev/a"), ("", "/dev/a")])
def test_the_page_is_of_the_rig_that_was_asked_for_else_of_the_first(asked: str, port: str) -> None:
    library = SimpleNamespace(people=SimpleNamespace(names=lambda: {"a1": "Zoë", "a2": "Ben"}))
    desk = SimpleNamespace(
        library=lambda: nullcontext(library),
        work=SimpleNamespace(ports=lambda: ["/dev/a", "/dev/b"], last_pull=None),
        show=lambda request, template, **values: values,
    )
    shown = cast(
        "Any", live.page(cast("Any", desk), cast("Any", SimpleNamespace(query_params={"port": asked})))
    )
    assert (shown["port"], shown["people"], shown["ports"]) == (port, ["Ben", "Zoë"], ["/dev/a", "/dev/b"])


@pytest.mark.parametrize("with_names", [True, False])
def test_names_are_told_at_the_desk_and_to_others_only_if_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, with_names: bool
) -> None:
    begun = list[tuple[str, bool]]()

    async def events(desk: Any, port: str, names: bool, known: Any) -> AsyncIterator[str]:
        begun.append((port, names))
        yield ""

    async def listened() -> None:
        for stream in (live.stream, live.shared_stream):
            answer = cast("Any", await stream(cast("Any", desk), cast("Any", request)))
            assert answer.media_type == "text/event-stream"
            _ = [piece async for piece in answer.body_iterator]

    monkeypatch.setattr(live, "_events", events)
    desk = SimpleNamespace(units=Units(), sharing=SimpleNamespace(with_names=with_names))
    request = SimpleNamespace(headers={}, query_params={"port": "/dev/b"})
    asyncio.run(listened())
    assert begun == [("/dev/b", True), ("", with_names)]
