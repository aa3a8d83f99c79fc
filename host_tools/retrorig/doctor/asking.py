"""Asks a rig for everything that the doctor judges; a running set goes on undisturbed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from retrorig import board_files
from retrorig.doctor.facts import Answer, Facts, LinkFacts, RollerTurn
from retrorig.doctor.trace import Trace, joined
from retrorig.errors import RigRefusedError
from retrorig.link.client import HELLO_TRIES, RigClient
from retrorig.link.clock import compare_clocks
from rigcore.protocol import ERR_VERB

REQUESTS_N = 40
HELD_S = 5.0
"""Of samples, which the rig's history holds with a converter at 80 a second; more with a slower one."""

QUIET_S = 5.5
"""Without requests, which disturb the timing of samples a little: longer than HELD_S."""

TURN_LIMIT_S = 30.0
TURN_STILL_S = 3.0
PULL_S = 6.0
LOOK_S = 0.05
TURNED_MIN = 100
"""Counts from which on the roller was turned at all."""

Progress = Callable[[float, float], None]


class Assistant(Protocol):
    """A person at the rig, who is asked to turn and pull."""

    def say(self, what_to_do: str) -> None: ...


def _ignore(done: float, total: float) -> None:
    pass


def gather(
    client: RigClient,
    guide: Assistant | None = None,
    progress: Progress = _ignore,
    utc_now: Callable[[], float] = time.time,
) -> Facts:
    """All facts about the rig. With a guide somebody is asked to turn the roller and to pull the line.

    `utc_now` gives Unix seconds.
    """
    started_s = client.monotonic()
    try:
        facts = _gather(client, guide, progress, utc_now)
    except RigRefusedError as error:
        if error.code != ERR_VERB:
            raise
        raise RigRefusedError(
            "The rig's firmware is too old for the doctor: update it with `retrorig flash`.", "protocol"
        ) from None
    return replace(facts, examined_s=client.monotonic() - started_s)


def _gather(
    client: RigClient, guide: Assistant | None, progress: Progress, utc_now: Callable[[], float]
) -> Facts:
    hello = client.hello()
    first = compare_clocks(client, utc_now)
    before = client.info()
    line, levels = _requests(client, progress)
    turned = _turned(client, guide) if guide else None
    pulled = _pulled(client, guide) if guide else None
    client.listen(QUIET_S)
    trace = _trace(client)
    second = compare_clocks(client, utc_now)
    elapsed_us = (second.utc_ms - first.utc_ms) * 1000
    drift_us = (second.board_us - first.board_us) - elapsed_us
    evidence, after = client.request("evidence"), client.info()
    return Facts(
        hello=hello,
        before=before,
        after=after,
        evidence=evidence,
        calibration=evidence["calibration"],
        levels=levels,
        trace=trace,
        line=replace(line, text=client.text),
        drift_ppm=drift_us / elapsed_us * 1e6,
        drift_pm_ppm=(first.half_rtt_us + second.half_rtt_us) / elapsed_us * 1e6,
        boots=frozenset({hello["boot"], client.hello()["boot"]}),
        host_firmware=bundled_firmware(),
        turned=turned,
        pulled_codes=pulled,
    )


def _requests(client: RigClient, progress: Progress) -> tuple[LinkFacts, list[Answer]]:
    """Many requests in a row: how well the line carries them, and what buttons and lines were at meanwhile."""
    levels, slowest_s, resent_n = [], 0.0, client.resent_n
    for number in range(REQUESTS_N):
        sent_s = client.monotonic()
        levels.append(client.request("levels", tries=HELLO_TRIES))  # the rig may be restarting
        slowest_s = max(slowest_s, client.monotonic() - sent_s)
        progress(number + 1, REQUESTS_N)
    return LinkFacts(REQUESTS_N, client.resent_n - resent_n, slowest_s * 1000, ""), levels


def _trace(client: RigClient) -> Trace:
    """Samples of the last HELD_S, without those that a slow converter's history holds from before."""
    answers: list[dict[str, Any]] = [client.request("trace", 0)]
    end = answers[0]["end"]
    while (number := answers[-1]["first"] + len(answers[-1]["ticks"])) < end:
        answers.append(client.request("trace", number))
        if not answers[-1]["ticks"]:
            break
        if answers[-1]["first"] != number:  # it was asked too slowly: what is missing would look like a gap
            answers = answers[-1:]
    return joined(answers).latest(HELD_S)


def _turned(client: RigClient, guide: Assistant) -> RollerTurn:
    guide.say(
        "Turn the roller backward by hand, exactly one turn, and leave it there; nobody stands on the belt."
    )
    seen = _watch(client, TURN_LIMIT_S, TURN_STILL_S)
    counts = seen[-1]["counts"] - seen[0]["counts"]
    return RollerTurn(1, counts, _levels(seen, 0), _levels(seen, 1))


def _pulled(client: RigClient, guide: Assistant) -> int:
    guide.say("Pull the line by hand a few times, as strongly as you like.")
    codes = [answer["code"] for answer in _watch(client, PULL_S, PULL_S) if answer["code"] is not None]
    return max(codes) - min(codes) if codes else 0


def _watch(client: RigClient, limit_s: float, still_s: float) -> Sequence[Answer]:
    """Look until what moved has stood still for so long, at most until the limit."""
    began_s = moved_s = client.monotonic()
    seen = [client.request("levels")]
    while client.monotonic() - began_s < limit_s:
        client.listen(LOOK_S)
        seen.append(client.request("levels"))
        if abs(seen[-1]["counts"] - seen[-2]["counts"]) > 2:
            moved_s = client.monotonic()
        has_turned = abs(seen[-1]["counts"] - seen[0]["counts"]) >= TURNED_MIN
        if has_turned and client.monotonic() - moved_s > still_s:
            break
    return seen


def _levels(seen: Sequence[Answer], line: int) -> frozenset[int]:
    """The levels at which one of the encoder's lines was seen."""
    looks = [(answer["looks"][line], answer["looks"][2]) for answer in seen]
    return frozenset(
        level
        for level, was_seen in enumerate((any(h < n for h, n in looks), any(h for h, _ in looks)))
        if was_seen
    )


def bundled_firmware() -> str:
    """Version of the firmware that this program would install."""
    source = (board_files.root() / "app" / "wiring.py").read_text(encoding="utf-8")
    found = re.search(r'^FIRMWARE = "([^"]+)"', source, re.MULTILINE)
    return found[1] if found else ""
