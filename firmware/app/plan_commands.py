"""What the host may ask about plans and the buttons.

commands.py loads this for the moment when one of its verbs is asked.
"""

import binascii
import json

from rigcore import protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .plan_store import PLANS_MAX
from .rare import borrow

PIECE = 300  # bytes of a plan in one answer
ERR_PLAN = "plan"
EVENTS = ("press", "skip", "undo", "repeat")


def plans(rig):
    """The stored plans as [id, bytes, crc32], and where in the chosen one the athlete is."""
    store, course = rig.plans, rig.session.conduct.course
    listed = []
    for plan_id in store.ids():
        text = store.text(plan_id)
        listed.append([plan_id, len(text), binascii.crc32(text)])
    return {
        "plans": listed,
        "chosen": course.plan["id"] if course.has_plan else "",
        "done": course.done_n,
        "of": course.sets_n,
        "phase": rig.session.state,
    }


def put(rig, offset, text):
    """A piece of what is to be saved, a plan or another text; the pieces come in order."""
    at = _integer(offset)
    if at == 0:
        rig.plan_draft = b""
    if at != len(rig.plan_draft):
        if at + len(text.encode()) != len(rig.plan_draft):  # not this piece once more
            raise RequestError(protocol.ERR_ARGUMENT, "A piece is missing; push it again.")
        return {"have": len(rig.plan_draft)}
    if at + len(text) > BYTES_MAX:
        raise RequestError(ERR_PLAN, "That is longer than %d bytes." % BYTES_MAX)
    rig.plan_draft += text.encode()
    return {"have": len(rig.plan_draft)}


def plan_save(rig, crc):
    """Check the pieces as a whole and store them."""
    draft = rig.plan_draft
    if binascii.crc32(draft) != _integer(crc):
        raise RequestError(protocol.ERR_ARGUMENT, "The plan arrived damaged; push it again.")
    _require_standstill(rig)
    plan_id = _checked(draft)["id"]
    if plan_id not in rig.plans.ids() and len(rig.plans.ids()) >= PLANS_MAX:
        raise RequestError(ERR_PLAN, "%d plans are stored; drop one first." % PLANS_MAX)
    rig.plans.save(plan_id, draft)
    rig.plan_draft = b""
    rig.plans_changed()
    return {"saved": plan_id}


def _checked(draft):
    plan = borrow("rigcore.plan")
    try:
        return plan.checked(json.loads(draft))
    except ValueError:
        raise RequestError(ERR_PLAN, "The plan is not JSON.") from None
    except plan.PlanError as error:
        raise RequestError(ERR_PLAN, "The plan can't be used: %s." % error.args[0]) from None


def plan_get(rig, plan_id, offset):
    text = rig.plans.text(plan_id)
    if text is None:
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    at = _integer(offset)
    return {"length": len(text), "text": text[at : at + PIECE].decode()}


def plan_drop(rig, plan_id):
    _require_standstill(rig)
    dropped = rig.plans.remove(plan_id)
    rig.plans_changed()
    return {"dropped": dropped}


def plan_choose(rig, plan_id=""):
    """Take a plan from its beginning, or none."""
    conduct = rig.session.conduct
    if rig.session.is_recording:
        raise RequestError(protocol.ERR_BUSY, "A set is running; stop it first.")
    if plan_id and rig.plans.load(plan_id) is None:
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    rig.session.choose_plan(plan_id)
    return {"chosen": plan_id, "of": conduct.course.sets_n}


def do(rig, event):
    """What a button would do."""
    if event not in EVENTS:
        raise RequestError(protocol.ERR_ARGUMENT, "do knows %s." % ", ".join(EVENTS))
    return {"done": rig.session.engine.fire(event), "phase": rig.session.state}


def rate(rig, question, value):
    """Answer the question about the latest set."""
    if not rig.session.answer(question, _integer(value)):
        raise RequestError(protocol.ERR_ARGUMENT, "Nobody asks for %s now." % question[:8])
    return {"phase": rig.session.state}


VERBS = {
    "plans": (plans, 0, 0),
    "put": (put, 2, 2),
    "plan-save": (plan_save, 1, 1),
    "plan-get": (plan_get, 2, 2),
    "plan-drop": (plan_drop, 1, 1),
    "plan-choose": (plan_choose, 0, 1),
    "do": (do, 1, 1),
    "rate": (rate, 2, 2),
}


def _require_standstill(rig):
    if rig.session.is_recording or rig.view.speed_mmps:
        raise RequestError(protocol.ERR_MOVING, "Files are written only while the belt stands; try again then.")


def _integer(text):
    if not text.isdigit() or len(text) > 10:
        raise RequestError(protocol.ERR_ARGUMENT, "A whole number is needed.")
    return int(text)
