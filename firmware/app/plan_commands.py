"""What the host may ask about plans and the buttons.

commands.py loads this for the moment when one of its verbs is asked.
"""

from rigcore import TYPE_CHECKING, protocol
from rigcore.plan import BYTES_MAX
from rigcore.protocol import RequestError

from .commands import integer
from .kept_plans import PLAN, extents
from .plan_store import PIECE
from .standstill import ERR_PLAN, require_standstill
from .transient import collect_now

if TYPE_CHECKING:
    from rigcore.session import Session

    from .commands import Answer, Verbs
    from .plan_store import PlanStore
    from .rig import Rig

DAMAGED = "The plan '%s' on the rig is damaged; push it again."
EVENTS = ("press", "skip", "undo", "repeat")


def plans(store: "PlanStore", session: "Session") -> "Answer":
    """The stored plans as [id, bytes, crc32], and where in the chosen one the athlete is."""
    progress = session.plan_runner.progress
    return {
        "plans": [list(found) for found in extents(store.opened())],
        "chosen": progress.plan["id"] if progress.has_plan else "",
        "done": progress.done_n,
        "of": progress.sets_n,
        "phase": session.state,
    }


def plan_get(store: "PlanStore", plan_id: str, offset: str) -> "Answer":
    """A piece of the plan's JSON text."""
    kept = store.opened()
    for name, size, _crc in kept.names():
        if name == PLAN + plan_id:
            start = min(integer(offset), BYTES_MAX)
            piece = kept.piece(name, start, PIECE)
            while piece and start + len(piece) < size and piece[-1] > 127:  # no character is cut
                piece = piece[:-1]
            try:
                return {"length": size, "text": piece.decode()}
            except UnicodeError:
                raise RequestError(ERR_PLAN, DAMAGED % plan_id) from None
    raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)


def plan_drop(rig: "Rig", store: "PlanStore", plan_id: str) -> "Answer":
    require_standstill(rig)
    kept = store.opened()
    is_dropped = kept.drop(PLAN + plan_id)
    if is_dropped:
        store.changed(kept)
        rig.plans_changed()
    return {"dropped": is_dropped}


def plan_choose(store: "PlanStore", session: "Session", plan_id: str = "") -> "Answer":
    """Take a plan from its beginning, or none."""
    plan_runner = session.plan_runner
    if session.is_recording:
        raise RequestError(protocol.ERR_BUSY, "A set is running; stop it first.")
    if plan_id and plan_id not in store.ids():
        raise RequestError(ERR_PLAN, "There is no plan '%s' on the rig." % plan_id)
    collect_now()
    session.choose_plan(plan_id)
    if plan_id and not plan_runner.progress.has_plan:
        raise RequestError(ERR_PLAN, DAMAGED % plan_id)
    return {"chosen": plan_id, "of": plan_runner.progress.sets_n}


def do(session: "Session", event: str) -> "Answer":
    """What a button would do."""
    if event not in EVENTS:
        raise RequestError(protocol.ERR_ARGUMENT, "do knows %s." % ", ".join(EVENTS))
    return {"done": session.fire(event), "phase": session.state}


def rate(session: "Session", question: str, value: str) -> "Answer":
    """Answer the question about the latest set."""
    if not session.answer(question, integer(value)):
        raise RequestError(protocol.ERR_ARGUMENT, "Nobody asks for %s now." % question[:8])
    return {"phase": session.state}


def _plans_and_session(rig: "Rig") -> "tuple[PlanStore, Session]":
    return rig.plans, rig.session


def _session(rig: "Rig") -> "tuple[Session]":
    return (rig.session,)


VERBS: "Verbs" = {
    "plans": (plans, _plans_and_session, 0, 0),
    "plan-get": (plan_get, lambda rig: (rig.plans,), 2, 2),
    "plan-drop": (plan_drop, lambda rig: (rig, rig.plans), 1, 1),
    "plan-choose": (plan_choose, _plans_and_session, 0, 1),
    "do": (do, _session, 1, 1),
    "rate": (rate, _session, 2, 2),
}
