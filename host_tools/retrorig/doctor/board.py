"""Verdicts on the board: supply, resets, clock, timing, memory, flash, versions, display, buttons, and on the line."""

from __future__ import annotations

from retrorig.doctor.facts import Facts
from retrorig.doctor.sensors import converter
from retrorig.doctor.verdict import Verdict
from retrorig.link.describe import reset_cause
from rigcore.protocol import PROTOCOL

WATCHDOG = 3
ENDURANCE = 100_000
"""Erasures of a sector that the flash makers promise."""

CLOCK_WARN_PPM = 100.0
"""A crystal is 10 to 40 ppm off."""

LATE_WARN = 0.05
STALL_WARN_MS = 250.0
HEAP_WARN = 6000
ROOM_WARN_MIN = 10
HELD_SHARE = 0.9
OLDEST_MICROPYTHON = (1, 26, 1)
SLOW_MS = 300.0
_KEEP_ANEW = (
    "look at `retrorig config list`, `retrorig info` (the calibration) and `retrorig plan show`, and send anew what is "
    "not right: the rig goes on with what was kept before it, or without"
)


def supply(facts: Facts) -> Verdict:
    """No restart while it was examined, no brownout reported on the line."""
    mend = "use a short thick USB cable and a supply of at least 1 A, and look for a loose plug"
    if "rownout" in facts.line.text:
        return Verdict("supply", "fail", "the board reported a brownout", mend)
    if facts.has_restarted:
        return Verdict(
            "supply", "fail", f"the rig restarted while it was examined, by {reset_cause(facts.after)}", mend
        )
    minutes = facts.after["uptime_ms"] / 60_000
    return Verdict(
        "supply", "ok", f"up for {minutes:.0f} min without a restart; boot number {facts.hello['boot']}"
    )


def reset(facts: Facts) -> Verdict:
    """Why the board started last, and how many starts in a row followed a crash."""
    crashes, cause = facts.evidence["crashes"], facts.after["reset_cause"]
    seen = f"last start by {reset_cause(facts.after)}; {crashes} crashes in a row"
    mend = "send this text with what the rig did before; `retrorig flash` puts the firmware in anew"
    if crashes >= 2:
        return Verdict("resets", "fail", seen, mend)
    return (
        Verdict("resets", "warn", seen, mend)
        if crashes or cause == WATCHDOG
        else Verdict("resets", "ok", seen)
    )


def clock(facts: Facts) -> Verdict:
    """The board's clock against this computer's."""
    seen = f"{facts.drift_ppm:+.0f} ppm, give or take {facts.drift_pm_ppm:.0f}, against this computer"
    if abs(facts.drift_ppm) - facts.drift_pm_ppm > CLOCK_WARN_PPM:
        return Verdict(
            "clock",
            "warn",
            seen,
            "look again; if it stays, the board's crystal or this computer's clock is off",
        )
    return Verdict("clock", "ok", seen)


def timing(facts: Facts) -> Verdict:
    """Whether callbacks ran in time."""
    trace, lost = facts.trace, facts.after["dropped"]
    late = 0.0 if converter(facts).level == "fail" else trace.late_share  # nothing steady to be late against
    stall_ms = trace.longest_stall_ms
    seen = f"{late:.1%} of the reads over 4 ms late, longest stall {stall_ms:.0f} ms, {lost} lost"
    if lost:
        return Verdict("timing", "fail", seen, "send this text: samples must never be lost")
    if late > LATE_WARN or stall_ms > STALL_WARN_MS:
        return Verdict(
            "timing", "warn", seen, "look again while nothing is pulled; if it stays, send this text"
        )
    return Verdict("timing", "ok", seen)


def memory(facts: Facts) -> Verdict:
    """Free heap, and room for files."""
    heap, files = facts.evidence["heap_free"], facts.evidence["files_free"]
    seen = f"{heap} bytes of memory free, {files // 1024} KB for files"
    if heap < HEAP_WARN:
        return Verdict("memory", "warn", seen, "drop plans that nobody needs, and send this text")
    return Verdict("memory", "ok", seen)


def flash(facts: Facts) -> Verdict:
    """Room for sets, bad sectors, wear."""
    evidence, after = facts.evidence, facts.after
    laps = evidence["sequence"] / max(1, evidence["sectors"])
    worn = laps / ENDURANCE
    seen = (
        f"room for {after['room_min']} min; {evidence['bad_sectors']} of {evidence['sectors']} sectors bad; "
        f"worn {worn:.2%} ({laps:.1f} laps)"
    )
    places = [f"sector {sector} byte {at}: {words}" for sector, at, words in evidence.get("damage", ())]
    if places:
        seen += f"; damaged: {', '.join(places)}"
    kept = [f"{name} {words}" for name, words in evidence.get("kept", ())]
    if kept:
        return Verdict("flash", "warn", f"{seen}; what is kept beside sets: {', '.join(kept)}", _KEEP_ANEW)
    if any(not place.endswith("mended") for place in places):
        return Verdict(
            "flash", "warn", seen, "pull the sets now: what lay in the damaged places alone is lost"
        )
    if worn > 1 or evidence["bad_sectors"] > evidence["sectors"] / 10:
        return Verdict("flash", "fail", seen, "pull the sets and replace the board: its flash is worn out")
    if after["room_min"] < ROOM_WARN_MIN:
        return Verdict("flash", "warn", seen, "`retrorig pull` makes room")
    if worn > 0.5 or evidence["bad_sectors"]:
        return Verdict("flash", "warn", seen, "nothing is lost yet; pull often and look again in some weeks")
    return Verdict("flash", "ok", seen)


def versions(facts: Facts) -> Verdict:
    """Firmware, protocol and MicroPython against this program."""
    hello, python = facts.hello, facts.evidence["micropython"]
    seen = f"firmware {hello['firmware']}, protocol {hello['protocol']}, MicroPython {python}"
    if tuple(map(int, python.split("."))) < OLDEST_MICROPYTHON:
        return Verdict("versions", "fail", seen, "`retrorig flash` installs a newer MicroPython")
    if hello["firmware"] != facts.host_firmware or hello["protocol"] != PROTOCOL:
        mend = f"this program brings firmware {facts.host_firmware}: `retrorig flash` updates the rig"
        return Verdict("versions", "warn", seen, mend)
    return Verdict("versions", "ok", f"{seen}, all as this program has them")


def display(facts: Facts) -> Verdict:
    """Whether the panel answers on its bus."""
    answers = facts.evidence["display"]
    if answers is None:
        mend = "look at it: this kind of panel can't be asked"
        return Verdict("display", "unknown", "it has no line back to the board", mend)
    if not answers:
        mend = (
            "check its four wires, its address and `retrorig config get display`; measuring goes on without"
        )
        return Verdict("display", "fail", "it does not answer on its bus", mend)
    return Verdict("display", "ok", "it answers on its bus")


def buttons(facts: Facts) -> Verdict:
    """Whether a button is stuck."""
    held = {
        name: sum(name in answer["buttons"] for answer in facts.levels) / len(facts.levels)
        for name in {name for answer in facts.levels for name in answer["buttons"]}
    }
    stuck = sorted(name for name, share in held.items() if share > HELD_SHARE)
    if stuck:
        evidence = f"{' and '.join(stuck)} down all the time"
        return Verdict(
            "buttons", "fail", evidence, "let go of it; else its contact or cable is shorted to ground"
        )
    return Verdict("buttons", "ok", "none is stuck")


def link(facts: Facts) -> Verdict:
    """How well the serial line carries requests."""
    line = facts.line
    seen = f"{line.resent_n} of {line.asked_n} requests sent again, slowest answer {line.slowest_ms:.0f} ms"
    if line.resent_n > line.asked_n / 10:
        return Verdict("link", "fail", seen, "use a shorter USB cable, and no hub")
    if line.resent_n or line.slowest_ms > SLOW_MS:
        return Verdict("link", "warn", seen, "try another USB cable or socket")
    return Verdict("link", "ok", seen)
