"""Plans over the link: pushed in pieces that fit a request's line, read back, chosen."""

from __future__ import annotations

import json
from typing import Any

from retrorig.link.answers import odd
from retrorig.link.client import RigClient
from retrorig.link.upload import put
from retrorig.plans.reader import board_text
from rigcore.plan import BYTES_MAX


def push_plan(client: RigClient, plan: dict[str, Any]) -> str:
    """Store a plan on the rig, in place of an older one of the same id; returns the id."""
    return client.request("plan-save", put(client, board_text(plan)))["saved"]


def choose_plan(client: RigClient, plan_id: str) -> None:
    """The rig follows this plan from its beginning."""
    client.request("plan-choose", plan_id)


def fetch_plans(client: RigClient) -> dict[str, Any]:
    """{"chosen", "done", "of", "phase", "plans": [each as the board keeps it]}."""
    answer = client.request("plans")
    plans = [json.loads(_fetch(client, plan_id)) for plan_id, _size, _crc in answer["plans"]]
    return {"plans": plans, **{key: answer[key] for key in ("chosen", "done", "of", "phase")}}


def _fetch(client: RigClient, plan_id: str) -> str:
    text = ""
    while True:
        answer = client.request("plan-get", plan_id, len(text))
        if len(text) + len(answer["text"]) >= min(answer["length"], BYTES_MAX):
            return text + answer["text"]
        if not answer["text"]:
            raise odd("a plan's text stops before its end")
        text += answer["text"]
