"""What the rig's page asks of a rig and says of its answers, by a plain client and a rig of a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.desk.test_closed import Client
from tests.desk.test_troubles import asked, said

from retrorig.calibration.taring import Tare
from retrorig.config.link import AT_START
from retrorig.desk import rig_work
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.desk.wording import words_in
from retrorig.errors import NoRigError, RigRefusedError
from retrorig.library import Library

SAID = words_in("en")["said"]
PORT = "/no/rig"


class Answering:
    """A rig that notes what it is told; `trouble` is what it answers instead."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.moved_n: float | None = None
        self.trouble: Exception | None = None
        self.values: dict[str, Any] = {"still_s": 3, "units": "m", min(AT_START): 1}

    def described(self) -> dict[str, str]:
        return {"rig": "r1"}

    def athlete(self, label: str) -> None:
        self.told.append(label)

    def settings(self) -> dict[str, Any]:
        return self.values

    def change_settings(self, **changes: str) -> dict[str, Any]:
        self.told.append(changes)
        self.values = {**self.values, **changes}
        return dict(changes)


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Answering:
    made = Answering()

    @contextmanager
    def connect(port: str | None) -> Iterator[Answering]:
        assert port == PORT
        if made.trouble:
            raise made.trouble
        yield made

    monkeypatch.setattr(rig_work, "connect", connect)
    monkeypatch.setattr("retrorig.desk.pages.rig.Rig.tare", lambda rig: Tare(7, rig.moved_n))
    monkeypatch.setattr("retrorig.desk.pages.rig.Rig.settings", lambda rig: rig.settings())
    return made


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with asked(folder, PORT) as made:
        yield made


@pytest.mark.parametrize(
    ("moved_n", "unit", "told"),
    [(None, "N", "tared"), (0.0, "N", "+0.0 N"), (-12.34, "N", "-12.3 N"), (44.482216, "lbf", "+10.0 lbf")],
)
def test_a_tare_says_by_how_much_the_zero_moved_if_that_is_known(
    rig: Answering, client: Client, folder: Path, moved_n: float | None, unit: str, told: str
) -> None:
    write_settings(folder, DeskSettings(force=unit))
    rig.moved_n = moved_n
    text = said(client, "/rig/tare", "POST", "")[1]
    assert (SAID["tared"] if moved_n is None else SAID["tared_by"].format(told)) in text


def test_a_refusal_is_told_as_the_rig_says_it(rig: Answering, client: Client) -> None:
    rig.trouble = RigRefusedError("The rig refused: Stand still.", "moving")
    assert "Stand still." in said(client, "/rig/tare", "POST", "")[1]


def test_the_rig_is_told_a_label_and_never_a_name(rig: Answering, client: Client, folder: Path) -> None:
    text = unescape(said(client, "/rig/athlete", "POST", "athlete=Ben")[1])
    assert SAID["next"].format("Ben", "a2") in text
    assert said(client, "/rig/athlete", "POST", "athlete=Somebody")[0] == 200
    assert SAID["next_nobody"] in unescape(said(client, "/rig/athlete", "POST", "athlete=+")[1])
    assert rig.told == ["a2", "a3", ""]
    with Library(folder) as library:
        assert "Somebody" in library.people.names().values()


def test_settings_are_stored_where_they_differ_and_it_is_said_which_wait_for_a_start(
    rig: Answering, client: Client
) -> None:
    late = min(AT_START)
    text = said(client, "/rig/settings", "POST", f"still_s=3&units=&{late}=1")[1]
    assert SAID["unchanged"] in text and not rig.told
    text = said(client, "/rig/settings", "POST", "still_s=4&units=m")[1]
    assert rig.told == [{"still_s": "4"}] and SAID["stored"].format("still_s 4") in text
    assert SAID["at_start"] not in text
    assert SAID["at_start"] in said(client, "/rig/settings", "POST", f"{late}=0")[1]
    assert said(client, "/rig/settings")[0] == 200


def test_a_rigs_state_is_told_and_what_keeps_it_from_answering(rig: Answering, client: Client) -> None:
    words = words_in("en")["rig"]
    assert words["found"] in said(client, "/rig/state")[1]
    for number, sent in ((4, "4"), (0, "x"), (0, "-1")):
        assert f"n={number}" in said(client, f"/rig/state?n={sent}")[1]
    rig.trouble = NoRigError("There is no such port.")
    text = said(client, "/rig/state")[1]
    assert words["lost"] in text and "There is no such port." in text
