"""What the host may ask about plans and the buttons.

commands.py loads this for the moment when one of its verbs is asked.
"""

from rigcore import protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .commands import integer
from .draft import ERR_PLAN
from .rare import borrow

EVENTS = ("press", "skip", "undo", "repeat")


def plans(rig):
    """The stored plans as [id, bytes, crc32], and where in the chosen one the athlete is."""
    store, course = rig.plans, rig.session.conduct.course
    listed = []
    for plan_id in store.ids():
        size, crc = store.extent(plan_id)
        listed.append([plan_id, size, crc])
    return {
        "plans": listed,
        "chosen": course.plan["id"] if course.has_plan else "",
        "done": course.done_n,
        "of": course.sets_n,
        "phase": rig.session.state,
    }


def plan_get(rig, plan_id, offset):
    piece = rig.plans.piece(plan_id, min(integer(offset), BYTES_MAX))
    if piece is None:
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    return {"length": rig.plans.extent(plan_id)[0], "text": piece.decode()}


def plan_drop(rig, plan_id):
    borrow("app.draft").require_standstill(rig)
    dropped = rig.plans.remove(plan_id)
    rig.plans_changed()
    return {"dropped": dropped}


def plan_choose(rig, plan_id=""):
    """Take a plan from its beginning, or none."""
    conduct = rig.session.conduct
    if rig.session.is_recording:
        raise RequestError(protocol.ERR_BUSY, "A set is running; stop it first.")
    if plan_id and plan_id not in rig.plans.ids():
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    rig.session.choose_plan(plan_id)
    if plan_id and not conduct.course.has_plan:
        raise RequestError(ERR_PLAN, "The plan '%s' on the rig is damaged; push it again." % plan_id)
    return {"chosen": plan_id, "of": conduct.course.sets_n}


def do(rig, event):
    """What a button would do."""
    if event not in EVENTS:
        raise RequestError(protocol.ERR_ARGUMENT, "do knows %s." % ", ".join(EVENTS))
    return {"done": rig.session.engine.fire(event), "phase": rig.session.state}


def rate(rig, question, value):
    """Answer the question about the latest set."""
    if not rig.session.answer(question, integer(value)):
        raise RequestError(protocol.ERR_ARGUMENT, "Nobody asks for %s now." % question[:8])
    return {"phase": rig.session.state}


VERBS = {
    "plans": (plans, 0, 0),
    "plan-get": (plan_get, 2, 2),
    "plan-drop": (plan_drop, 1, 1),
    "plan-choose": (plan_choose, 0, 1),
    "do": (do, 1, 1),
    "rate": (rate, 2, 2),
}
