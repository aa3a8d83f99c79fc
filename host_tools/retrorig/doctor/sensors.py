"""Verdicts on what measures: encoder, converter, load cell."""

from __future__ import annotations

from retrorig.doctor.facts import Facts, RollerTurn
from retrorig.doctor.verdict import Verdict
from retrorig.moved import told_moved
from rigcore.force import CODE_MAX, FAULT_SATURATED
from rigcore.plausibility import BELOW_ZERO, NO_PULL, REVERSED

MOVED_MIN = 100
"""Counts that prove that both lines are alive: with one of them dead the count only trembles."""

TURN_TOLERANCE = 0.03
"""A turn by hand ends some 10 degrees beside its begin."""

RATE_TOLERANCE = 0.25
"""An HX711 runs by an oscillator that is 20 % off at most (datasheet; 82 to 94 Hz were measured for 80)."""

STUCK_N = 32
SILENT_MS = 500
NOISE_WARN_N = 1.0
NOISE_FAIL_N = 20.0
DRIFT_WARN_N_PER_MIN = 5.0
ZERO_SHARE_MAX = 0.5
RESPONSE_MIN_N = 5.0
REST_MAX_N = 20.0
CODES_PER_N_GUESS = 2000.0
"""Of a 2 kN cell with 2 mV/V, for judging noise while the force is not calibrated."""

_WIRES = "check plug, cable and solder joints"
SUPPLY_V = (4.75, 5.25)
"""What the encoder's data sheet allows; hardware/wiring.md measures it at the same place."""

_FED = f"whether a power bank is in the box's own socket: 5V to 0V at J1 must be {SUPPLY_V[0]:g} to {SUPPLY_V[1]:g} V"


CELL_DOUBTS = (REVERSED, BELOW_ZERO, NO_PULL)
"""What the board's watch over belt and pull says against the load cell or its line."""


def encoder(facts: Facts) -> Verdict:
    """Both lines alive, the right way round, no noise, as many edges a turn as the setting says."""
    trace, doubt = facts.trace, facts.after["doubt"]
    if facts.turned:
        return _turned(facts.turned, facts.calibration["counts_per_rev"])
    if doubt and doubt not in CELL_DOUBTS:
        evidence, _, mend = doubt.partition(": ")
        return Verdict("encoder", "fail", f"{evidence} (net {facts.after['counts']} counts)", mend or doubt)
    if trace.reversals > len(trace.counts) / 10:
        return Verdict(
            "encoder", "fail", f"the count jumps to and fro ({trace.reversals} times in {trace.span_s:.1f} s)",
            f"keep the encoder's cable away from motors, earth its shield, and {_WIRES}",
        )  # fmt: skip
    if abs(trace.moved_counts) >= MOVED_MIN or abs(facts.after["counts"]) >= MOVED_MIN:
        return Verdict(
            "encoder", "ok", f"it counts: net {facts.after['counts']} counts since the start, no noise"
        )
    return Verdict(
        "encoder", "unknown", f"the belt stood still ({facts.after['counts']} counts since the start), no noise",
        "move the belt and look again, or run the doctor in a terminal and turn the roller when it asks",
    )  # fmt: skip


def _turned(turned: RollerTurn, counts_per_rev: int) -> Verdict:
    """The verdict on a turn by hand."""
    dead = [name for name, levels in (("A", turned.levels_a), ("B", turned.levels_b)) if len(levels) < 2]
    seen = f"{turned.counts} counts in {turned.turns} turn, {counts_per_rev} are set"
    if abs(turned.counts) < MOVED_MIN:
        lines = f"line {' and line '.join(dead)} never changed" if dead else "both lines change"
        return Verdict(
            "encoder", "fail", f"{seen}; {lines}", f"{_WIRES} of the encoder, its coupling, and {_FED}"
        )
    if turned.counts < 0:
        mend = "turn the direction round with `retrorig calibrate direction`, or swap its lines A and B"
        return Verdict("encoder", "fail", f"{seen}: it counts backward movement as forward", mend)
    if abs(turned.counts / (turned.turns * counts_per_rev) - 1) > TURN_TOLERANCE:
        mend = "if it was one turn: `retrorig calibrate belt --turns 10 --circumference 250mm`, with your roller's"
        return Verdict("encoder", "fail", seen, mend)
    return Verdict("encoder", "ok", f"{seen}; both lines alive, direction right")


def converter(facts: Facts) -> Verdict:
    """The load cell's converter: there, in step, moving, at its rate."""
    trace, nominal_hz = facts.trace, facts.evidence["nominal_mhz"] / 1000
    rate = trace.rate_hz
    silence = _silence(facts, rate)
    if rate is None:
        return silence
    seen = f"{rate:.1f} conversions/s (nominal {nominal_hz:g})"
    if facts.new_faults("desync"):
        shifted = facts.new_faults("desync")
        return Verdict(
            "converter", "fail", f"{seen}; {shifted} reads out of step", f"{_WIRES} of its clock and data"
        )
    if trace.longest_gap_ms > SILENT_MS:
        return silence
    if trace.longest_repeat >= STUCK_N:
        evidence = f"{seen}; the same code {trace.longest_repeat} times in a row"
        return Verdict(
            "converter", "fail", evidence, "switch the rig off and on; if it stays, replace the converter"
        )
    if abs(rate / nominal_hz - 1) > RATE_TOLERANCE:
        mend = "check the converter's RATE pin (high: 80 a second) and `retrorig config set rate_sps`"
        return Verdict("converter", "warn", seen, mend)
    if facts.old_faults("desync"):
        evidence = f"{seen}; {facts.old_faults('desync')} reads out of step since the start"
        return Verdict("converter", "warn", evidence, f"{_WIRES} of its clock and data")
    return Verdict("converter", "ok", f"{seen}; gain bits in step in every read, not stuck")


def _silence(facts: Facts, rate: float | None) -> Verdict:
    evidence = f"no conversions for {facts.trace.longest_gap_ms:.0f} ms" if rate else "no conversions at all"
    mend = f"{_WIRES} of the converter, and {_FED}"
    return Verdict("converter", "fail", f"{evidence}; restarted {facts.evidence['restarts']} times", mend)


def load_cell(facts: Facts) -> Verdict:
    """Connected, its zero in range, quiet, steady, and answering to a pull."""
    trace, newtons = facts.trace, facts.newtons_per_code
    scale = newtons or 1 / CODES_PER_N_GUESS
    doubt = facts.after["doubt"]
    if doubt == NO_PULL and _is_pulled(facts, scale):
        doubt = ""  # a belt that is pushed by hand pulls no line
    if doubt in CELL_DOUBTS:
        evidence, _, mend = doubt.partition(": ")
        return Verdict("load cell", "fail", evidence, mend)
    saturated = trace.share_of_fault(FAULT_SATURATED)
    noise_n = trace.noise_codes * scale
    seen = f"noise {trace.noise_codes:.0f} codes = {noise_n:.2f} N" + ("" if newtons else " (scale guessed)")
    if not trace.sound or converter(facts).level == "fail":
        return Verdict(
            "load cell", "unknown", "no sound conversions to judge it by", "mend the converter first"
        )
    if saturated > 0.01 or noise_n > NOISE_FAIL_N and facts.trace.is_still:
        evidence = f"{seen}; {saturated:.0%} of the conversions at the end stops"
        return Verdict(
            "load cell", "fail", evidence, f"a wire of the cell is off, or it is overloaded: {_WIRES}"
        )
    if facts.pulled_codes is not None and facts.pulled_codes * scale < RESPONSE_MIN_N:
        evidence = f"{seen}; a pull moved it by {facts.pulled_codes * scale:.1f} N only"
        return Verdict(
            "load cell", "fail", evidence, "check that the line pulls through the cell, and its signal wires"
        )
    return _at_rest(facts, scale, noise_n, seen)


def movement(facts: Facts) -> Verdict:
    """What was moved since the start and is in no set."""
    walks_n = facts.after.get("moved", {}).get("remarks", {}).get("full", (0,))[0]
    words = told_moved(facts.after) or "all that was moved since the start is in sets"
    if walks_n:
        return Verdict("movement", "warn", words, "`retrorig pull` makes room for the next sets")
    return Verdict("movement", "ok", words)


def _is_pulled(facts: Facts, scale: float) -> bool:
    """Whether the cell has answered to a pull while it was watched; one that hangs loose is noisy."""
    return facts.trace.swing_codes * scale > REST_MAX_N and facts.trace.noise_codes * scale <= NOISE_WARN_N


def _at_rest(facts: Facts, scale: float, noise_n: float, seen: str) -> Verdict:
    trace, zero = facts.trace, facts.calibration["zero"]
    if abs(zero) > ZERO_SHARE_MAX * CODE_MAX:
        evidence = f"{seen}; its zero is at {zero / CODE_MAX:.0%} of the range"
        return Verdict(
            "load cell", "warn", evidence, "take the load off and tare; if it stays, the cell is bent"
        )
    if not facts.newtons_per_code:
        mend = "hang known weights on it with `retrorig calibrate force`"
        return Verdict("load cell", "warn", f"{seen}; the force is not calibrated", mend)
    if not trace.is_still or trace.swing_codes * scale > REST_MAX_N:
        response = (
            "" if facts.pulled_codes is None else f"; a pull moved it by {facts.pulled_codes * scale:.0f} N"
        )
        evidence = f"somebody pulled: {trace.swing_codes * scale:.0f} N to and fro{response}"
        return Verdict("load cell", "ok", evidence + "; noise and zero can be judged at rest only")
    drift = trace.drift_codes_per_s * 60 * scale
    force_n = (facts.after["force_mn"] or 0) / 1000
    rest = f"{seen}, drift {drift:+.1f} N/min, {force_n:.1f} N at rest"
    if noise_n > NOISE_WARN_N:
        return Verdict(
            "load cell", "warn", rest, "keep its cable away from motors, earth its shield at one end"
        )
    if abs(drift) > DRIFT_WARN_N_PER_MIN:
        return Verdict(
            "load cell", "warn", rest, "let it warm up for ten minutes; if it goes on, look for moisture"
        )
    if abs(force_n) > REST_MAX_N:
        return Verdict("load cell", "warn", rest, "let the line hang slack, then `retrorig tare`")
    return Verdict("load cell", "ok", rest)
