"""Uploads: the host sends a longer text in pieces, which are collected in memory while they are few, then in a file.

In the heap a plan's pieces would stay where there was room while a request's module was loaded, and cut free memory to
pieces. For a file a sector is erased, which costs four conversions or more: a calibration or settings do without.
The file stays open from piece to piece, so that flash is written when a page of it is full. commands.py loads
this module when one of its verbs is asked; it is apart from plan_commands.py because a plan that is checked needs the
room.
"""

import binascii
import io
import json
import os

from rigcore import TYPE_CHECKING, protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .commands import integer
from .plan_store import PLANS_MAX
from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any, BinaryIO

    from .commands import Answer, Verbs
    from .plan_store import PlanStore
    from .rig import Rig

ERR_PLAN = "plan"
PATH = "/plans/draft"
CHUNK = 256
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
        _close(plans)
        plans.draft = io.BytesIO()
    have = plans.draft.tell() if plans.draft else 0
    if at == have and plans.draft:
        if have + len(piece) > SHORT:
            _leave_memory(plans)
        plans.draft.write(piece)
    elif at + len(piece) != have:  # not this piece once more
        raise RequestError(protocol.ERR_ARGUMENT, "A piece is missing; push it again.")
    return at + len(piece)


def _leave_memory(plans: "PlanStore") -> None:
    """Go on in a file."""
    if _is_in_memory(plans):
        text = plans.draft.getvalue()
        plans.draft = open(PATH, "wb")
        plans.draft.write(text)


def plan_save(rig: "Rig", plans: "PlanStore", crc: str) -> "Answer":
    """Check the pieces as a whole and store them."""
    require_standstill(rig)
    _leave_memory(plans)
    plan_id = _checked(whole(plans, integer(crc)))["id"]
    if plan_id not in plans.ids() and len(plans.ids()) >= PLANS_MAX:
        raise RequestError(ERR_PLAN, "%d plans are stored; drop one first." % PLANS_MAX)
    os.rename(PATH, plans.path(plan_id))  # a power cut leaves the old plan or the new one
    rig.plans_changed()
    return {"saved": plan_id}


def _checked(found: "Any") -> "dict[str, Any]":
    if found is None:
        raise RequestError(ERR_PLAN, "The plan is not JSON.")
    plan = transient_import("rigcore.plan")
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
    """The JSON value that the pieces make, None when they are no JSON. Pieces in memory are given up."""
    try:
        with _closed(plans) as draft:
            if _sum(draft) != crc:
                raise RequestError(protocol.ERR_ARGUMENT, "What was sent arrived damaged; try again.")
            draft.seek(0)
            return json.load(draft)
    except ValueError:
        return None
    except OSError:
        raise no_room() from None


def require_standstill(rig: "Rig") -> None:
    if not rig.is_still():
        raise RequestError(
            protocol.ERR_MOVING, "Files are written only while the belt stands; try again then."
        )


def no_room() -> RequestError:
    return RequestError(protocol.ERR_STORE, "The board's file system took nothing; nothing has changed.")


def _closed(plans: "PlanStore") -> "BinaryIO":
    """The pieces, to be read from the first on."""
    if _is_in_memory(plans):
        draft, plans.draft = plans.draft, None
        draft.seek(0)
        return draft
    _close(plans)
    return open(PATH, "rb")


def _is_in_memory(plans: "PlanStore") -> bool:
    return isinstance(plans.draft, io.BytesIO)


def _close(plans: "PlanStore") -> None:
    file, plans.draft = plans.draft, None
    if file:
        file.close()


def _sum(draft: "BinaryIO") -> int:
    crc = 0
    piece = draft.read(CHUNK)
    while piece:
        crc = binascii.crc32(piece, crc)
        piece = draft.read(CHUNK)
    return crc
