"""What somebody can do: sides, tiring, load against speed; and what the rig itself costs."""

from __future__ import annotations

from retrorig.desk.pages.part import Asked, PagePart, with_pm
from retrorig.desk.wording import Phrase, Said
from retrorig.progress import (
    advised,
    drag_of,
    fatigue_of,
    latest_alike,
    left_out,
    points_of,
    profile_of,
    sides_of,
)
from retrorig.report import words
from rigcore.vocabulary import SLED

DECREMENTS_PCT = (10.0, 25.0, 50.0)
"""Losses of speed that coaches choose loads for."""


def sides(asked: Asked) -> PagePart:
    """Left against right, by sets of each side and by steps."""
    found = sides_of(asked.rows)
    table = []
    for each in found.by_side:
        name, unit, _ = words.QUANTITIES[each.quantity]
        factor = asked.units.factor(unit)
        table.append(
            (
                Said("in_unit", Phrase(name), asked.units.name(unit)) if unit else Phrase(name),
                f"{each.left_n} / {each.right_n}",
                f"{each.left * factor:.3g} ± {each.left_sd * factor:.2g}",
                f"{each.right * factor:.3g} ± {each.right_sd * factor:.2g}",
                f"{each.index_pct:+.1f} ± {each.index_pm_pct:.1f}",
                "" if each.is_certain else Said("may_be_chance"),
            )
        )
    told: list[Phrase | Said] = [Phrase(f"{reason[:1].upper()}{reason[1:]}.") for reason in found.why]
    if steps := found.by_steps:
        shares = (
            f"{n:.0f}" for n in (steps.median_pct, steps.lowest_pct, steps.highest_pct, steps.usual_pm_pct)
        )
        told.append(Said("by_steps", *shares, steps.sets, steps.certain))
    return PagePart(told, ("quantity", "left_right", "left", "right", "index", ""), table, found)


def fatigue(asked: Asked) -> PagePart:
    """Loss of speed within and across the sets of the last day."""
    found = fatigue_of(asked.last_day, asked.library.drawn_samples, asked.stop_pct)
    table = [
        (
            each.set_id[-5:],
            each.conditions,
            *(asked.number(speed, 3, "m/s") for speed in (each.mean_mps, each.best_mps, each.last_mps)),
            with_pm(each.within_pct, each.within_pm_pct, 0),
            asked.number(each.across_pct, 1),
            each.why or "",
        )
        for each in found.sets
    ]
    told = [sentence for advice in found.advice for sentence in advised(advice)]
    head = ("set", "conditions", "speed", "best", "last_stretch", "within", "across", "")
    return PagePart([asked.day_told, *told], head, table, found)


def profile(asked: Asked) -> PagePart:
    """Load against speed on the last day, and the loads for usual losses of speed."""
    day = asked.last_day
    axis, points = points_of(day, asked.library.drawn_samples)
    found = profile_of(points, axis, DECREMENTS_PCT)
    speed, load, unit = (
        asked.units.factor("m/s"),
        asked.units.factor(found.unit),
        asked.units.name(found.unit),
    )
    line = Said(
        "profile", asked.estimate(found.v0_mps, 3, speed), asked.units.name("m/s"),
        asked.estimate(found.slope, 5, speed / load), unit, len(points), found.loads, f"{found.lightest * load:.4g}",
        f"{found.heaviest * load:.4g}", f"{found.r2:.3f}", f"{found.l0 * load:.4g}", f"{found.l0_low * load:.4g}",
        f"{found.l0_high * load:.4g}",
    )  # fmt: skip
    told = [asked.day_told, line]
    if missed_n := left_out(day, points):
        told.append(Said("left_out", missed_n))
    table = [
        (
            f"{n.decrement_pct:g}",
            asked.number(n.speed_mps, 3, "m/s"),
            f"{n.load * load:.1f} {unit}",
            f"{n.low * load:.3g} – {n.high * load:.3g}",
            "" if n.is_tested else Said("beyond"),
        )
        for n in found.next_loads
    ]
    return PagePart(told, ("loss", "speed", "load", "interval", ""), table, found)


def drag(asked: Asked) -> PagePart:
    """What the rig itself costs, from the latest sets under equal conditions."""
    alike = latest_alike(asked.rows)
    found = drag_of((asked.library.drawn_samples(row.set_id) for row in alike), alike[0].machine == SLED)
    units, newton = asked.units, asked.units.factor("N")
    per_speed = newton / units.factor("m/s")
    table = [
        (Said(key), asked.estimate(value, digits, factor), unit)
        for key, value, digits, factor, unit in (
            ("drag_steady", found.drag_n, 1, newton, units.force),
            ("drag_dry", found.c0_n, 1, newton, units.force),
            ("drag_grows", found.c1_ns_per_m, 1, per_speed, f"{units.force} / ({units.speed})"),
            ("drag_mass", found.mass_kg, 1, 1.0, "kg"),
            ("drag_friction", found.friction, 3, 1.0, ""),
        )
        if value
    ]
    speeds = (asked.number(speed, 2, "m/s") for speed in found.speeds_mps[:2])
    told = Said("drag_from", found.sets, alike[0].rig_id, *speeds, units.speed, f"{100 * found.r2:.0f}")
    return PagePart([told], ("quantity", "value", ""), table, found)
