"""Pictures of what a rig did: quality, drag, and how it changed."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from retrorig.progress.drag import Drag
from retrorig.progress.drag_days import DragHistory
from retrorig.progress.plots.style import AMBER, BLUE, GREEN, GREY, RED
from retrorig.progress.quality_history import GradeHistory
from retrorig.vocabulary import QUALITIES

REASONS_N = 8


def grades(figure: Figure, found: GradeHistory) -> None:
    """Grades of each rig, and the commonest reasons."""
    rigs, reasons = figure.subplots(1, 2, width_ratios=(1, 2))
    left = np.zeros(len(found.rigs))
    for grade, colour in zip(QUALITIES, (GREEN, AMBER, RED), strict=True):
        counts = np.array([each.grades[grade] for each in found.rigs])
        rigs.barh(
            [each.rig_id for each in found.rigs], counts, left=left, color=colour, label=grade, height=0.5
        )
        left += counts
    rigs.set_xlabel("sets")
    rigs.legend(title="grade", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    top = found.reasons[:REASONS_N][::-1]
    reasons.barh(range(len(top)), [each.sets for each in top], color=GREY, height=0.35)
    for number, each in enumerate(top):
        reasons.text(0, number + 0.24, each.reason, fontsize=7, va="bottom")
    reasons.set_yticks([])
    reasons.xaxis.get_major_locator().set_params(integer=True)
    reasons.set_ylim(-0.5, max(len(top), 1))
    reasons.set_xlabel("sets with this reason" if top else "all sets are good")


def drag(figure: Figure, found: Drag) -> None:
    """The law over speed, the number at 1 m/s, and the empty belt's."""
    axis = figure.subplots()
    low, high = found.speeds_mps
    speed = np.array([min(low, 1.0), max(high, 1.0)])
    axis.plot(speed, found.c0_n.value + found.c1_ns_per_m.value * speed, color=BLUE, label="c0 + c1 v")
    axis.axvspan(low, high, color=BLUE, alpha=0.08, label="speeds of these sets")
    shown = [("drag number", found.drag_n, "o", RED), ("empty belt", found.empty_drag_n, "s", GREEN)]
    for label, each, mark, colour in shown:
        if each is not None:
            axis.errorbar([1.0], [each.value], yerr=[each.pm], fmt=mark, color=colour, capsize=4, label=label)
    axis.set_xlabel("steady speed, m/s")
    axis.set_ylabel("pull, N")
    axis.set_ylim(bottom=0)
    axis.legend()


def drag_history(figure: Figure, found: DragHistory) -> None:
    """The number of each day, and the smallest change from the first worth reporting."""
    axis = figure.subplots()
    days = np.array([each.day for each in found.days], dtype="datetime64[D]")
    values = [each.drag_n.value for each in found.days]
    axis.errorbar(days, values, yerr=[each.drag_n.pm for each in found.days], fmt="o-", color=BLUE, capsize=4)
    later = [each.smallest_change_n for each in found.days if each.smallest_change_n is not None]
    small = float(np.median(later))
    axis.axhspan(
        values[0] - small,
        values[0] + small,
        color=GREY,
        alpha=0.15,
        label="as on the first day, within chance",
    )
    axis.set_ylabel("drag at 1 m/s, N, with 95 % interval")
    axis.tick_params(axis="x", rotation=30)
    axis.legend()
