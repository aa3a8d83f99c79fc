"""What the host may ask about plans and the buttons.

commands.py loads this for the moment when one of its verbs is asked.
"""

from rigcore import protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .commands import integer
from .transient import transient_import
from .upload import ERR_PLAN

EVENTS = ("press", "skip", "undo", "repeat")


def plans(rig):
    """The stored plans as [id, bytes, crc32], and where in the chosen one the athlete is."""
    store, progress = rig.plans, rig.session.plan_runner.progress
    listed = []
    for plan_id in store.ids():
        size, crc = store.extent(plan_id)
        listed.append([plan_id, size, crc])
    return {
        "plans": listed,
        "chosen": progress.plan["id"] if progress.has_plan else "",
        "done": progress.done_n,
        "of": progress.sets_n,
        "phase": rig.session.state,
    }


def plan_get(rig, plan_id, offset):
    piece = rig.plans.piece(plan_id, min(integer(offset), BYTES_MAX))
    if piece is None:
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    return {"length": rig.plans.extent(plan_id)[0], "text": piece.decode()}


def plan_drop(rig, plan_id):
    transient_import("app.upload").require_standstill(rig)
    dropped = rig.plans.remove(plan_id)
    rig.plans_changed()
    return {"dropped": dropped}


def plan_choose(rig, plan_id=""):
    """Take a plan from its beginning, or none."""
    plan_runner = rig.session.plan_runner
    if rig.session.is_recording:
        raise RequestError(protocol.ERR_BUSY, "A set is running; stop it first.")
    if plan_id and plan_id not in rig.plans.ids():
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    rig.session.choose_plan(plan_id)
    if plan_id and not plan_runner.progress.has_plan:
        raise RequestError(ERR_PLAN, "The plan '%s' on the rig is damaged; push it again." % plan_id)
    return {"chosen": plan_id, "of": plan_runner.progress.sets_n}


def do(rig, event):
    """What a button would do."""
    if event not in EVENTS:
        raise RequestError(protocol.ERR_ARGUMENT, "do knows %s." % ", ".join(EVENTS))
    return {"done": rig.session.state_machine.fire(event), "phase": rig.session.state}


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
