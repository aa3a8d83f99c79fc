"""Steps found in labelled walks through the thinned rig, and in a recording that has contacts of its own."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from tests.bench.rows import Row, compare
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk, matched

from retrorig.measure.gait import step_times
from retrorig.measure.rhythm import GRID_S
from retrorig.measure.samples import sample_set
from retrorig.measure.steps import Ripple, find_steps
from retrorig.recording import read_recording

CONTACTS = Path(__file__).parents[1] / "measure" / "recordings" / "one-leg-contacts.csv"
CONTACTS_N = 46
ALLOWED_PCT = 2.0


def rows() -> list[Row]:
    right = found_n = true_n = 0
    for seed, (hz, humps, asymmetry, ripple) in enumerate(
        itertools.product((0.8, 1.3, 1.8, 2.5, 3.5), (1, 2), (0, 25), (0.15, 0.4))
    ):
        walk = Walk(
            Gait(step_hz=hz, steps=20, humps=humps, asymmetry_pct=asymmetry, ripple=ripple, seed=seed)
        )
        (raw,) = record(walk, Errors(), 86.0, seed)
        found, _ = step_times(sample_set(raw))
        right += matched(found, walk.push_s)
        found_n += len(found)
        true_n += len(walk.push_s)
    contacts_n = len(_contacts())
    return [
        compare(f"steps missed of {true_n}", 100 * (1 - right / true_n), "%", "allowed", ALLOWED_PCT, 1.0),
        compare(
            f"steps invented of {found_n}", 100 * (1 - right / found_n), "%", "allowed", ALLOWED_PCT, 1.0
        ),
        compare("contacts of one leg", contacts_n, "", "threshold of 50 N", CONTACTS_N, 1.0),
    ]


def _contacts() -> np.ndarray:
    recording = read_recording(CONTACTS)
    t_s = np.arange(0, recording.end_s, GRID_S)
    return find_steps(Ripple(t_s, np.interp(t_s, recording.time_s, recording.force_n), 20.0))
