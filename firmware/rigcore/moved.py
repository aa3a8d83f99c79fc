"""Where every count went since the power came, as it is told to the host. Loaded when somebody asks."""

from . import TYPE_CHECKING
from .account import less, plus

if TYPE_CHECKING:
    from typing import Any

    from .session import Session


def moved(session: "Session") -> "dict[str, Any]":
    """Pairs of (backward, forward) counts; `remarks` by what each was: [how many, backward, forward]."""
    account = session.account
    running = session.run.counted() if session.is_recording else (0, 0)
    total = (account.total.backward, account.total.forward)
    remarked = (0, 0)
    for _n, backward, forward in account.remarks.values():
        remarked = plus(remarked, (backward, forward))
    return {
        "total": total,
        "sets": account.sets,
        "running": running,
        "between": less(less(less(total, account.sets), running), remarked),
        "remarks": account.remarks,
    }
