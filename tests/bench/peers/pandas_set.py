"""What a coach's own script makes of a set's readings with pandas: the same quantities, without any interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rigcore.decode import RawSet

SMOOTH_N = 9
STILL_MPS = 0.02
STEP_S = 0.25


def pandas_set(raw: RawSet) -> dict[str, float]:
    """Distances, means, peaks, work, steps and the halves' asymmetry, by columns and rolling windows."""
    header = raw.header
    count_m = header["circumference_um"] / header["counts_per_rev"] * 1e-6
    table = pd.DataFrame({"t": raw.t_us, "x": raw.count, "f": raw.code})
    table["t"] = (table.t - table.t.iloc[0]) * 1e-6
    table["x"] = (table.x - table.x.iloc[0]) * count_m
    table["f"] = (table.f - header["zero"]) * (header["scale_nn"] * 1e-9)
    table["v"] = (table.x.diff() / table.t.diff()).rolling(SMOOTH_N, center=True, min_periods=1).mean()
    table["f"] = table.f.rolling(SMOOTH_N, center=True, min_periods=1).mean()
    moving = table[table.v.abs() > STILL_MPS]
    walk = table.loc[moving.index[0] : moving.index[-1]].copy()
    walk["p"] = walk.f * walk.v
    dx, dt = walk.x.diff().fillna(0), walk.t.diff().fillna(0)
    lasting_s = walk.t.iloc[-1] - walk.t.iloc[0]
    window = max(3, round(STEP_S / float(dt.median())))
    tops = walk[
        (walk.f == walk.f.rolling(2 * window + 1, center=True, min_periods=1).max()) & (walk.v > STILL_MPS)
    ]
    impulses = np.add.reduceat((walk.f * dt).to_numpy(), np.searchsorted(walk.t, tops.t))
    return {
        "duration_s": lasting_s,
        "backward_m": dx.clip(lower=0).sum(),
        "forward_m": -dx.clip(upper=0).sum(),
        "mean_speed_mps": dx.sum() / lasting_s,
        "peak_speed_mps": walk.v.max(),
        "mean_force_n": (walk.f * dt).sum() / lasting_s,
        "peak_force_n": walk.f.max(),
        "work_j": (walk.f * dx).sum(),
        "mean_power_w": (walk.f * dx).sum() / lasting_s,
        "peak_power_w": walk.p.max(),
        "steps": len(tops),
        "cadence_spm": 60 / tops.t.diff().mean(),
        "asymmetry_pct": 200 * abs(impulses[::2].mean() - impulses[1::2].mean()) / impulses.mean(),
        "slack_s": dt[walk.f < 0.1 * walk.f.median()].sum(),
        "stalls": int(((walk.v < 0.1 * walk.v.mean()).astype(int).diff() == 1).sum()),
    }
