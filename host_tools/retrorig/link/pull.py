"""Pulls every finished set of a rig into the library, exactly once, and resumes a broken pull."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from retrorig.errors import NameTakenError, RigRefusedError
from retrorig.library import Library
from retrorig.library.clocks import Numbers, boot_of, numbers_of
from retrorig.link.answers import Answer, odd
from retrorig.link.client import RigClient
from retrorig.link.clock import compare_clocks
from retrorig.link.download import Download, Stored
from retrorig.moved import told_moved
from rigcore.protocol import ERR_CHANGED

PASSES_MAX = 5
"""Times that the list is asked for again because a set has grown meanwhile by what the athlete answered."""

LIST_S = 20.0
"""A full store of 16 MB with sets of 2 KB is listed sooner."""

SET_BYTES_MAX = 1 << 24
"""No board has more flash."""

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all) of the sets known so far."""


@dataclass
class PullResult:
    """New set ids in the rig's order, how many sets the library had already, what could not be read and why."""

    new: list[str] = field(default_factory=list)
    known_n: int = 0
    notices: list[str] = field(default_factory=list)


def greet(client: RigClient, library: Library, utc_now: Callable[[], float] = time.time) -> Answer:
    """Say hello and set the clock; returns the rig's hello.

    `utc_now` gives Unix seconds. The anchor lets the library tell the time of day of sets of this boot.
    """
    hello = client.hello()
    best = compare_clocks(client, utc_now)
    library.add_anchor(boot_of(hello), best.board_us, best.utc_ms, best.half_rtt_us)
    return hello


def pull(
    client: RigClient,
    library: Library,
    hello: Answer,
    progress: Progress = lambda done, total: None,
    result: PullResult | None = None,
) -> PullResult:
    """Fetch every finished set of the rig that said hello that the library lacks and confirm those that it holds.

    `result` is filled as sets come, so that a caller has what came before a broken link.

    NameTakenError, once all others are here, when a set has the name of another one: it and those after it stay on
    the rig.
    """
    result = PullResult() if result is None else result
    for _ in range(PASSES_MAX):
        if _pull_listed(client, library, numbers_of(hello), result, progress):
            break
    result.notices += _told_moved(Answer(client.info()))
    result.notices += _told_clock(library.clocks.contradicting_n(boot_of(hello)))
    return result


def _told_moved(info: Answer) -> list[str]:
    """What the rig moved that is in no set, when it is more than people shift a belt by, and what it doubts."""
    doubt = info["doubt"]
    found = [f"This rig doubts its sensors: {doubt}{'' if doubt.endswith('?') else '.'}"] if doubt else []
    words = told_moved(info)
    return [*found, f"Since the rig was started {words}."] if words else found


def _told_clock(contradicting_n: int) -> list[str]:
    if not contradicting_n:
        return []
    which = "One exchange of the time with this rig contradicts others"
    if contradicting_n > 1:
        which = f"{contradicting_n} exchanges of the time with this rig contradict others"
    return [
        f"{which} since it was started: a computer's "
        "clock was wrong; see `retrorig library clocks`, and correct dates with `retrorig edit SET --started`."
    ]


def _told_elsewhere(library: Library, numbers: Numbers, lowest: int) -> list[str]:
    """Sets that the rig had before those that it lists, and that are not here: another laptop has them."""
    first = library.raw_sets.highest(numbers, lowest) + 1
    if first >= lowest:
        return []
    which = f"Sets {first} to {lowest - 1}" if first < lowest - 1 else f"Set {first}"
    return [
        f"{which} of this rig went to another library: `retrorig library merge PATH` takes them over from there."
    ]


def _pull_listed(
    client: RigClient, library: Library, numbers: Numbers, result: PullResult, progress: Progress
) -> bool:
    """One pass over the rig's list; False when a set changed meanwhile."""
    waiting, held, trouble = [], None, None
    for stored in _list_sets(client):
        if stored.size_bytes > SET_BYTES_MAX:  # what was listed before is as good as ever
            trouble = odd(f"set {stored.no} would have {stored.size_bytes} bytes")
            break
        if library.holds(numbers, stored.no, stored.size_bytes, stored.crc32):
            result.known_n += 1
            held = held if waiting else stored
        else:
            if not waiting and not result.known_n:
                result.notices += _told_elsewhere(library, numbers, stored.no)
            waiting.append(stored)
    is_unchanged = held is None or _confirm(client, held)
    taken: list[NameTakenError] = []
    download = Download(library, numbers, waiting, partial(_keep, library, result, taken), progress)
    while download.run(client):
        assert download.last_done is not None
        is_unchanged &= bool(taken) or _confirm(client, download.last_done)
    if taken or trouble:
        raise taken[0] if taken else trouble  # type: ignore[misc]
    return is_unchanged


def _keep(
    library: Library, result: PullResult, taken: list[NameTakenError], stored: Stored, blob: bytes
) -> bool:
    """Put a set into the library; False when it is none, so that its bytes are kept aside."""
    try:
        set_id, is_new = library.add_set(blob)
    except NameTakenError as error:
        taken.append(error)
        return True
    except ValueError as error:
        result.notices.append(
            f"Set number {stored.no} can't be read ({error}); the library keeps its bytes aside."
        )
        return False
    if is_new:
        result.new.append(set_id)
    else:
        result.known_n += 1
    return True


def _confirm(client: RigClient, stored: Stored) -> bool:
    """Tell the rig that all sets up to this one are safe; False when this one has changed since it was listed."""
    try:
        client.confirm(stored.no, stored.crc32)
    except RigRefusedError as error:
        if error.code != ERR_CHANGED:
            raise
        return False
    return True


def _list_sets(client: RigClient) -> Iterator[Stored]:
    """All finished sets on the rig, oldest first.

    Asked from number 0 each time: a rig whose memory was erased starts numbering anew, and none of its
    sets may be missed for having a number that was seen before.
    """
    from_no, stop_no, end_s = 0, 1, client.monotonic() + LIST_S
    while from_no < stop_no:
        answer = client.sets(from_no)
        listed = [Stored(*entry) for entry in answer["sets"]]
        numbers = [from_no - 1, *(stored.no for stored in listed)]
        if any(one >= next_one for one, next_one in pairwise(numbers)):  # or this would go on for ever
            raise odd("its list of sets goes backward")
        if client.monotonic() > end_s:
            raise odd("its list of sets has no end")
        yield from listed
        stop_no = answer["next"] if listed else 0
        from_no = numbers[-1] + 1
