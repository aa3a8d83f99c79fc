"""Every text that can be sent to the board, 10 kB long, with paths, control characters and formulas in it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.walker_belt import WalkerBelt

from app import kept_plans, plan_commands
from app.plan_store import PlanStore
from nor import NorFlash
from retrorig.errors import InputError, RigRefusedError
from retrorig.link.client import RigClient
from retrorig.link.upload import put
from retrorig.virtual.rig import VirtualRig
from rigcore import calibration, plan, settings_schema
from rigcore.kept import SECTORS_N, KeptValues
from rigcore.protocol import RequestError

PATHS = ("../calibration", "../../boot", "..", ".", "/calibration", "a/../../b", "a/b", "")
HARM = (*PATHS, "x" * 10_000, "a\x1b[2J", "a\nb", "a\0", "\x9b31m", "=1+1\t", "\x7f")
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), st.sampled_from(HARM)
)
VALUES = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)
GOOD = {"counts_per_rev": 2400, "circumference_um": 250_000, "zero": 0, "scale_nn": 465_766, "id": "0badcafe"}
BLOCK = {"kind": "work", "target": "distance", "amount": 1000}


class Nvs:
    def get_blob(self, key: str, into: bytearray) -> int:
        raise OSError


@pytest.mark.parametrize("name", PATHS)
def test_a_plans_name_leads_to_no_other_file(name: str, tmp_path: Path) -> None:
    for path in (tmp_path / "calibration.json", tmp_path / "boot.json"):
        path.write_text("{}")
    before = sorted(tmp_path.rglob("*"))
    store = PlanStore(Nvs(), KeptValues(flash := NorFlash(SECTORS_N)))
    for kept in ("settings", "calibration", "plan/good"):
        store.keep(kept, b"{}")
    content = bytes(flash.bytes)
    assert store.load(name) is None and kept_plans.text_crc(store.opened(), name) == 0
    with pytest.raises(RequestError, match="no plan"):
        plan_commands.plan_get(store, name, "0")
    rig = SimpleNamespace(is_still=lambda: True, plans_changed=pytest.fail)
    assert plan_commands.plan_drop(rig, store, name) == {"dropped": False}
    assert sorted(tmp_path.rglob("*")) == before and bytes(flash.bytes) == content


def is_plain(text: str) -> bool:
    return not any(char < " " or "\x7f" <= char < "\xa0" for char in text)


PLACES = {
    "plan": ("id", "name", "ask", "blocks", "rule"),
    "block": ("attachment", "side", "kind", "amount", "target"),
    "rule": ("amber_text", "red_text", "green"),
}


@example(place=("block", "attachment"), value="a\x1b[2J")
@example(place=("rule", "red_text"), value="\x9b31m")
@given(place=st.sampled_from([(part, key) for part in PLACES for key in PLACES[part]]), value=VALUES)
def test_a_plan_with_anything_in_it_is_refused_or_harmless(place: tuple[str, str], value: object) -> None:
    rule, block = {"green": {"rpe": 5}, "amber": {"rpe": 7}}, dict(BLOCK)
    made = {"id": "p", "name": "P", "ask": ["rpe"], "blocks": [block], "rule": rule}
    part, key = place
    {"plan": made, "block": block, "rule": rule}[part][key] = value
    try:
        kept = plan.checked_plan(made)
    except plan.PlanError:
        return
    texts = [kept["id"], kept["name"], block.get("attachment") or ""]
    texts += [rule.get("amber_text", ""), rule.get("red_text", "")]
    assert all(len(text) <= 32 and is_plain(text) for text in texts)
    assert "/" not in kept["id"] and "." not in kept["id"]


@given(name=st.sampled_from(list(settings_schema.SETTINGS)) | st.sampled_from(HARM), value=VALUES)
def test_a_setting_takes_nothing_but_its_own_values(name: str, value: object) -> None:
    try:
        ((kept_name, kept),) = settings_schema.checked_settings({name: value}).items()
    except settings_schema.SettingError:
        return
    possible = settings_schema.SETTINGS[kept_name][1]
    assert kept in possible if isinstance(possible, tuple) else possible[0] <= kept <= possible[1]


@given(key=st.sampled_from(list(GOOD)), value=VALUES)
def test_a_calibration_takes_numbers_in_range_and_a_short_id(key: str, value: object) -> None:
    values = {**GOOD, key: value}
    if calibration.problem(values) == "":
        assert isinstance(values["id"], str) and 1 <= len(values["id"]) <= 24 and is_plain(values["id"])
        assert all(isinstance(values[name], int) for name in calibration.NEEDED)


def test_a_rig_takes_nothing_that_would_cost_it_its_sets(tried) -> None:
    """All of it over the line, while nobody walks; then a set is walked, and everything else is as it was."""
    belt, sent_n = WalkerBelt(sets=1, distance_m=2.0, wait_s=0.5), 0
    with VirtualRig(belt, seed=3) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        before = client.request("calibration"), client.request("settings")
        for text in HARM:
            sent_n += sum(is_refused(client, *words) for words in lines_with(text))
            sent_n += sum(
                is_put_and_refused(client, *saved) for saved in files_with(text, before[0]["calibration"])
            )
        client.request("athlete")
        client.request("plan-choose")
        assert (client.request("calibration"), client.request("settings")) == before
        rig.power_cut()
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        rig.run_for(round(belt.end_s * 1e6) + 5_000_000)
        client = RigClient(rig.open_port())
        client.hello()
        assert (client.request("calibration"), client.request("settings")) == before
        assert client.info()["sets"] == 1
    tried("harmful names sent to a rig", sent_n)
    assert sent_n > 80


def lines_with(text: str) -> list[list[str]]:
    named = [[verb, text] for verb in ("plan-drop", "plan-choose", "athlete", "setting", "do")]
    return [*named, ["plan-get", text, "0"], ["setting", "mirror", text], ["rate", text, "5"]]


def files_with(text: str, values: dict) -> list[tuple[str, dict]]:
    made = {"id": text, "name": text, "blocks": [BLOCK]}
    return [
        ("calibration-save", {**values, "id": text}),
        ("settings-save", {"mirror": text}),
        ("plan-save", made),
    ]


def is_refused(client: RigClient, verb: str, *words: str) -> bool:
    """Whether it could be sent, and was not carried out."""
    try:
        answer = client.request(verb, *words)
    except RigRefusedError as error:
        return error.code != "memory"
    except InputError:  # longer than a line
        return False
    assert verb in ("plan-choose", "athlete", "plan-drop", "setting"), (verb, words)
    assert verb != "plan-drop" or answer["dropped"] is False
    return True


def is_put_and_refused(client: RigClient, verb: str, values: dict) -> bool:
    text = json.dumps(values)
    if len(text) > plan.BYTES_MAX:
        return False
    with pytest.raises(RigRefusedError):
        client.request(verb, put(client, text))
    return True
