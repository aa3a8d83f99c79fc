"""The keys of a set in the public contract, kept apart so that listing sets need not load the mathematics."""

KEYS: tuple[str, ...] = (
    "set_id", "rig_id", "athlete", "kind", "machine", "started_utc", "duration_s", "backward_m", "forward_m",
    "mean_speed_mps", "peak_speed_mps", "mean_force_n", "peak_force_n", "impulse_ns", "work_j", "mean_power_w",
    "peak_power_w", "steps", "cadence_spm", "step_length_m", "asymmetry_pct", "slack_s", "stalls", "quality",
    "quality_reasons", "uncertainty", "samples", "samples_lost", "end_reason", "calibration_id", "plan_id", "rpe",
    "pain", "load_kg", "side", "attachment", "notes", "firmware", "schema", "gait", "null_reasons",
    "session", "tags", "trim_start_s", "trim_end_s", "edited",
)  # fmt: skip
"""Every key of a set, in order. All are always present; None where not measured."""

# Beyond the contract: gait holds what the steps tell besides (asymmetry_pm_pct, snaps, smoothness_pct ...) and the zero
# of force beside the set; null_reasons says of each quantity that is None why.
# session holds pauses, the rest before the set, limits crossed: see measure/session.py.
# tags, trim_start_s and trim_end_s are what people noted; edited lists the keys that they noted something of.
