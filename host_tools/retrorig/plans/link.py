"""Plans over the link: pushed in pieces that fit a request's line, read back, chosen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from retrorig.link.answers import odd
from retrorig.link.client import RigClient
from retrorig.link.standing import no_word, when_it_stands
from retrorig.link.upload import put
from retrorig.plans.reader import board_text
from rigcore.plan import BYTES_MAX


def push_plan(client: RigClient, plan: dict[str, Any], on_wait: Callable[[], None] = no_word) -> str:
    """Store a plan on the rig, in place of an older one of the same id; returns the id.

    A rig writes only while its belt stands: that is waited for, up to two minutes, and `on_wait` called once.
    """
    text = board_text(plan)
    return when_it_stands(client, lambda: client.request("plan-save", put(client, text)), on_wait)["saved"]


def choose_plan(client: RigClient, plan_id: str, on_wait: Callable[[], None] = no_word) -> None:
    """The rig follows this plan from its beginning; the end of a running set is waited for."""
    when_it_stands(client, lambda: client.request("plan-choose", plan_id), on_wait)


def fetch_plans(client: RigClient) -> dict[str, Any]:
    """{"chosen", "done", "of", "phase", "plans": [each as the board keeps it]}."""
    answer = client.request("plans")
    plans = [json.loads(_fetch(client, plan_id)) for plan_id, _size, _crc in answer["plans"]]
    return {"plans": plans, **{key: answer[key] for key in ("chosen", "done", "of", "phase")}}


def _fetch(client: RigClient, plan_id: str) -> str:
    text = b""
    while True:
        answer = client.request("plan-get", plan_id, len(text))
        if not answer["text"] and len(text) < min(answer["length"], BYTES_MAX):
            raise odd("a plan's text stops before its end")
        text += answer["text"].encode()
        if len(text) >= min(answer["length"], BYTES_MAX):
            return text.decode()
