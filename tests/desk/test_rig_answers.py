"""What the rig's page asks of a rig and says of its answers, by a plain client and a rig of a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.desk.test_closed import Client
from tests.desk.test_troubles import asked, done, said

from retrorig.calibration.taring import Tare
from retrorig.config.link import AT_START
from retrorig.desk import rig_work
from retrorig.desk.pages import plans
from retrorig.desk.pages.plan_form import NEW_PLAN
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.desk.wording import words_in
from retrorig.errors import NoRigError, RigRefusedError
from retrorig.library import Library
from retrorig.plans import BYTES_MAX, outline, read_plan_text, ready_made, steps
from retrorig.report import Units
from retrorig.texts import read_text

SAID = words_in("en")["said"]
PORT = "/no/rig"


class Answering:
    """A rig that notes what it is told; `trouble` is what it answers instead."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.moved_n: float | None = None
        self.trouble: Exception | None = None
        self.values: dict[str, Any] = {"still_s": 3, "units": "m", min(AT_START): 1}
        self.chosen, self.pushed = "light-sled", dict[str, Any]()

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

    def plans(self) -> dict[str, Any]:
        plans = [
            read_plan_text(read_text(ready_made()[name], "plan")) for name in ("light-sled", "heavy-sled")
        ]
        return {"plans": plans, "chosen": self.chosen, "done": 2, "of": 9}

    def choose_plan(self, plan_id: str) -> None:
        self.chosen = plan_id

    def push_plan(self, plan: dict[str, Any], choose: bool, on_wait: Any) -> None:
        on_wait()
        self.pushed = {"plan": plan, "choose": choose}


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
    monkeypatch.setattr("retrorig.desk.pages.plans.Rig.plans", lambda rig: rig.plans())
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


def followed(text: str) -> list[str]:
    """The plans on the rig, those that are followed in front of the others' names."""
    return [
        " ".join(re.sub("<[^>]+>", " ", row).split())
        for row in re.findall("<tr.*?</tr>", text, re.DOTALL)[1:]
    ]


def test_the_plan_that_a_rig_follows_is_told_and_may_be_another_or_none(
    rig: Answering, client: Client
) -> None:
    first, second = followed(said(client, "/plans/rig")[1])
    assert "light-sled" in first and "2 of 9" in first and "of 9" not in second
    first, second = followed(said(client, "/plans/choose", "POST", "plan=heavy-sled")[1])
    assert rig.chosen == "heavy-sled" and "2 of 9" in second and "of 9" not in first
    assert "of 9" not in said(client, "/plans/choose", "POST", "plan=")[1] and rig.chosen == ""


def test_a_plan_is_put_on_the_rig_and_followed_once_its_set_has_ended(rig: Answering, client: Client) -> None:
    text = read_text(ready_made()["light-sled"], "plan")
    shown = unescape(done(client, "/plans/push", urlencode({"text": text})))
    assert rig.pushed == {"plan": read_plan_text(text), "choose": True}
    assert SAID["waits"] in shown
    assert SAID["pushed"].format(rig.pushed["plan"]["name"], "light-sled") in shown


def test_a_plan_that_is_typed_is_told_with_its_sets_or_with_what_is_wrong() -> None:
    text = read_text(ready_made()["light-sled"], "plan")
    plan = read_plan_text(text)
    found = plans._edited(text, Units("yd"))
    assert (found["about"], found["faults"]) == ((*outline(plan), BYTES_MAX), ())
    assert (
        found["steps"] == steps(plan, Units("yd")) != steps(plan)
        and found["fields"].table["id"] == plan["id"]
    )
    found = plans._edited(text.replace('id = "', 'id = "?'), Units())
    assert found["faults"] and found["about"] is None and found["steps"] == [] and found["fields"]
    found = plans._edited("id = ", Units())
    assert len(found["faults"]) == 1 and found["steps"] == [] and found["fields"] is None


def test_a_plan_that_there_is_not_is_a_sentence_and_without_one_a_new_one_is_begun(client: Client) -> None:
    assert said(client, "/plans?plan=nothing")[0] == 422
    assert NEW_PLAN["name"] in said(client, "/plans")[1]
    assert "light-sled" in said(client, "/plans?plan=light-sled")[1]
