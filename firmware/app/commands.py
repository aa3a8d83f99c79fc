"""What the host may ask: which module has a verb, and how its function is called.

A verb's row in its module's VERBS names the function, what it needs of the rig, and how many arguments it takes. A
function gets these things and the arguments, and returns the answer as a dict, or a Reply when frames belong to it: it
sends nothing. Asking twice does no harm: a repeated request is answered from memory (see app.request_handler).
"""

from rigcore import TYPE_CHECKING, protocol
from rigcore.protocol import RequestError

from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .live import Live
    from .rig import Rig

    Answer = dict[str, Any]
    Verbs = dict[str, tuple[Callable[..., "Answer | Reply"], Callable[[Rig], tuple[Any, ...]], int, int]]


class Reply:
    """Result of a request: the answer, the set data sent before it, the telemetry sent after it.

    `frames(n, out)` makes the frames of request `n` in the buffer `out`, one after the other.
    """

    def __init__(
        self,
        answer: "Answer",
        frames: "Callable[[int, bytearray], Iterator[memoryview]] | None" = None,
        telemetry: "Live | None" = None,
    ) -> None:
        self.answer = answer
        self.frames = frames
        self.telemetry = telemetry


def itself(rig: "Rig") -> "tuple[Rig]":
    """The whole rig, for the verbs that change it or tell all of it."""
    return (rig,)


MODULES = (  # and their verbs: a module is loaded when one of them is asked, and kept while they are
    ("app.rig_commands", "hello info clock athlete tare"),
    ("app.pull_commands", "sets read confirm"),
    ("app.upload", "put plan-save"),
    ("app.plan_commands", "plans plan-get plan-drop plan-choose do rate"),
    ("app.setup_commands", "calibration calibration-save settings settings-save setting raw"),
    ("app.live", "live"),
    ("app.diagnostics", "evidence levels trace"),
)


def verbs_with(verb: str) -> "Verbs":
    """The verbs of the module that has this one, which is loaded; RequestError when none has."""
    for module, names in MODULES:
        if verb in names.split():
            return transient_import(module).VERBS
    raise RequestError(protocol.ERR_VERB, "This firmware does not know '%s'." % verb[:16])


def carry_out(rig: "Rig", verb: str, args: "list[str]", verbs: "Verbs") -> Reply:
    """Carry out a request; RequestError when it is refused."""
    function, needs, fewest, most = verbs[verb]
    if not fewest <= len(args) <= most:
        raise RequestError(protocol.ERR_ARGUMENT, "%s takes %d to %d arguments." % (verb, fewest, most))
    reply = function(*(needs(rig) + tuple(args)))
    if not isinstance(reply, Reply):
        reply = Reply(reply)
    answer = {"ok": 1}
    answer.update(reply.answer)
    reply.answer = answer
    return reply


def integer(text: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise RequestError(protocol.ERR_ARGUMENT, "A whole number is needed.")
    return int(text)
