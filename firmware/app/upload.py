"""Uploads: the host sends a longer text in pieces, which are collected in memory while they are few, then in flash.

In the heap a plan's pieces would stay where there was room while a request's module was loaded, and cut free memory to
pieces. They take a sector of their own, which becomes the plan's once it is saved: none is erased for it (kept.py).
commands.py loads this module when one of its verbs is asked; it is apart from plan_commands.py because a plan that is
checked needs the room.
"""

import binascii
import io

from rigcore import TYPE_CHECKING, protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .commands import integer
from .kept_plans import PLAN, ids
from .plan_store import PLANS_MAX
from .standstill import ERR_PLAN, no_room, require_standstill
from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from .commands import Answer, Verbs
    from .plan_store import PlanStore
    from .rig import Rig

PACED = "app.paced_json"
SHORT = 400  # bytes that are kept in memory


def put(rig: "Rig", plans: "PlanStore", offset: str, text: str) -> "Answer":
    """Append a piece of a plan or another text; the pieces come in order."""
    require_standstill(rig)
    at, piece = integer(offset), text.encode()
    if at + len(piece) > BYTES_MAX:
        raise RequestError(ERR_PLAN, "That is longer than %d bytes." % BYTES_MAX)
    try:
        return {"have": _appended(plans, at, piece)}
    except OSError:
        raise no_room() from None


def _appended(plans: "PlanStore", at: int, piece: bytes) -> int:
    """How many bytes there are now."""
    if at == 0:
        plans.draft = io.BytesIO()
    have = _size(plans)
    if at == have and plans.draft:
        if have + len(piece) > SHORT:
            _leave_memory(plans)
        plans.draft.write(piece)
    elif at + len(piece) != have:  # not this piece once more
        raise RequestError(protocol.ERR_ARGUMENT, "A piece is missing; push it again.")
    return at + len(piece)


def _size(plans: "PlanStore") -> int:
    if not plans.draft:
        return 0
    return plans.draft.tell() if _is_in_memory(plans) else plans.draft.size


def _leave_memory(plans: "PlanStore") -> None:
    """Go on in flash."""
    if _is_in_memory(plans):
        text = plans.draft.getvalue()
        plans.draft = plans.opened().draft()
        plans.draft.write(text)
        plans.erased = 0  # if nothing comes of it, its sector is to erase


def plan_save(rig: "Rig", plans: "PlanStore", crc: str) -> "Answer":
    """Check the pieces as a whole and store them."""
    require_standstill(rig)
    try:
        saved = _saved(plans, integer(crc))
    except OSError:
        raise no_room() from None
    rig.plans_changed()
    return {"saved": saved}


def _saved(plans: "PlanStore", crc: int) -> str:
    """All that is needed is loaded before the text: with a long one in the heap a collection would take too long."""
    kept, plan, paced = plans.opened(), transient_import("rigcore.plan"), transient_import(PACED)
    text = _text(plans, crc)
    plan_id = _checked(plan, _parsed(paced, text))["id"]
    known = ids(kept)
    if plan_id not in known and len(known) >= PLANS_MAX:
        raise RequestError(ERR_PLAN, "%d plans are stored; drop one first." % PLANS_MAX)
    if _is_in_memory(plans):
        kept.write(PLAN + plan_id, text)
    else:
        kept.save(plans.draft, PLAN + plan_id, crc)
    plans.draft = None
    plans.changed(kept)
    return plan_id


def _checked(plan: "Any", found: "Any") -> "dict[str, Any]":
    """`plan`: the module that knows what a plan may hold."""
    if found is None:
        raise RequestError(ERR_PLAN, "The plan is not JSON.")
    try:
        return plan.checked_plan(found)
    except plan.PlanError as error:
        raise RequestError(ERR_PLAN, "The plan can't be used: %s." % error.args[0]) from None


def _needs(rig: "Rig") -> "tuple[Rig, PlanStore]":
    return rig, rig.plans


VERBS: "Verbs" = {
    "put": (put, _needs, 2, 2),
    "plan-save": (plan_save, _needs, 1, 1),
}


def whole(plans: "PlanStore", crc: int) -> "Any":
    """The JSON value that the pieces make, None when they are no JSON; they are given up."""
    paced = transient_import(PACED)
    text = _text(plans, crc)
    plans.draft = None
    return _parsed(paced, text)


def _parsed(paced: "Any", text: bytes) -> "Any":
    """`paced`: the module that reads JSON while callbacks run."""
    try:
        return paced.loaded(text)
    except ValueError:
        return None


def _text(plans: "PlanStore", crc: int) -> bytes:
    """The pieces as one, which must have this CRC-32."""
    draft = plans.draft
    text = b"" if not draft else draft.getvalue() if _is_in_memory(plans) else draft.read()
    if binascii.crc32(text) != crc:
        raise RequestError(protocol.ERR_ARGUMENT, "What was sent arrived damaged; try again.")
    return text


def _is_in_memory(plans: "PlanStore") -> bool:
    return isinstance(plans.draft, io.BytesIO)
