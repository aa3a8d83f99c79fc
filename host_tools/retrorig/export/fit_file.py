"""A FIT activity: one session, a lap for each set and each rest between sets, records each second.

Distance is the backward distance. Force and net distance have no field of their own in FIT and are developer fields.
Steps are strides there (one foot), so cadence is halved. No name and no note goes into the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from retrorig.export.fit_messages import local_s, message, natural, opening, positive, sport
from retrorig.export.seconds import Track, tracks_of
from retrorig.export.sources import ExportedSet
from retrorig.extras import require
from retrorig.set_row import SetRow
from rigcore.vocabulary import COOLDOWN, END_TARGET, WARMUP

_REST_GAP_S = 2
"""A rest shorter than this is no lap of its own: whole seconds can't hold it."""


def write_fit(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write sets as one activity; InputError if they have no date or are not one session of one athlete."""
    require("fit_tool", "fit")
    from fit_tool.fit_file_builder import FitFileBuilder

    tracks = tracks_of(sets)
    builder = FitFileBuilder()
    for part in (*opening(tracks[0].start_s, tracks[0].one.row.rig_id), *_body(tracks), *_tail(tracks)):
        builder.add(part)
    file.write(builder.build_bytes())


def _body(tracks: Sequence[Track]) -> Iterator[Any]:
    """Records of all sets in the order of time, each set followed by its lap and that of the rest after it."""
    done_m, laps_n = 0.0, 0
    for track, after in zip(tracks, [*tracks[1:], None]):
        yield from _records(track, done_m)
        yield _lap(track, laps_n)
        done_m += float(track.backward_m[-1])
        laps_n += 1
        if after is not None and after.start_s - track.end_s >= _REST_GAP_S:
            yield from _rest(track, after, done_m, laps_n)
            laps_n += 1


def _records(track: Track, done_m: float) -> Iterator[Any]:
    from fit_tool.profile.messages.record_message import RecordMessage

    speed_mps = np.diff(track.backward_m, prepend=track.backward_m[0])
    for i in range(len(track.backward_m)):
        force_n, power_w = (None if a is None else float(a[i]) for a in (track.force_n, track.power_w))
        yield message(
            RecordMessage,
            {"force": force_n, "net_distance": float(track.net_m[i])},
            timestamp=(track.start_s + i) * 1000,
            distance=done_m + float(track.backward_m[i]),
            speed=float(speed_mps[i]),
            enhanced_speed=float(speed_mps[i]),
            power=natural(power_w),
        )


def _lap(track: Track, number: int) -> Any:
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.profile_type import Event, EventType, LapTrigger

    row = track.one.row
    strides_spm = None if row.cadence_spm is None else row.cadence_spm / 2
    return message(
        LapMessage,
        {"mean_force": row.mean_force_n, "peak_force": row.peak_force_n, "rpe": row.rpe},
        message_index=number,
        timestamp=track.end_s * 1000,
        start_time=track.start_s * 1000,
        event=Event.LAP,
        event_type=EventType.STOP,
        total_elapsed_time=row.duration_s,
        total_timer_time=row.duration_s,
        total_distance=row.backward_m,
        avg_speed=positive(row.mean_speed_mps),
        max_speed=positive(row.peak_speed_mps),
        enhanced_avg_speed=positive(row.mean_speed_mps),
        enhanced_max_speed=positive(row.peak_speed_mps),
        avg_power=natural(row.mean_power_w),
        max_power=natural(row.peak_power_w),
        total_work=natural(row.work_j),
        avg_cadence=None if strides_spm is None else int(strides_spm),
        avg_fractional_cadence=None if strides_spm is None else strides_spm % 1,
        intensity=_intensity(row.kind),
        lap_trigger=LapTrigger.DISTANCE if row.end_reason == END_TARGET else LapTrigger.MANUAL,
        **sport(track.one.row.machine),
    )


def _intensity(kind: str) -> Any:
    from fit_tool.profile.profile_type import Intensity

    return {WARMUP: Intensity.WARMUP, COOLDOWN: Intensity.COOLDOWN}.get(kind, Intensity.ACTIVE)


def _rest(track: Track, after: Track, done_m: float, number: int) -> Iterator[Any]:
    """Standing still from the one set to the next: a record at each end, and a lap."""
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.messages.record_message import RecordMessage
    from fit_tool.profile.profile_type import Event, EventType, Intensity, LapTrigger

    for at_s in sorted({track.end_s + 1, after.start_s - 1}):
        yield message(
            RecordMessage, timestamp=at_s * 1000, distance=done_m, speed=0.0, enhanced_speed=0.0, power=0
        )
    lasting_s = after.began_s - track.ended_s
    yield message(
        LapMessage, message_index=number, timestamp=after.start_s * 1000, start_time=track.end_s * 1000,
        event=Event.LAP, event_type=EventType.STOP, total_elapsed_time=lasting_s, total_timer_time=lasting_s,
        total_distance=0.0, intensity=Intensity.REST, lap_trigger=LapTrigger.MANUAL, **sport(track.one.row.machine),
    )  # fmt: skip


def _tail(tracks: Sequence[Track]) -> Iterator[Any]:
    from fit_tool.profile.messages.activity_message import ActivityMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.session_message import SessionMessage
    from fit_tool.profile.profile_type import ActivityType, Event, EventType, SessionTrigger

    rows = [track.one.row for track in tracks]
    start_s, end_s = tracks[0].start_s, tracks[-1].end_s
    lasting_s = tracks[-1].ended_s - tracks[0].began_s
    laps_n = 1 + sum(1 + (b.start_s - a.end_s >= _REST_GAP_S) for a, b in zip(tracks, tracks[1:]))
    yield message(EventMessage, timestamp=end_s * 1000, event=Event.TIMER, event_type=EventType.STOP_ALL)
    yield message(
        SessionMessage,
        message_index=0,
        timestamp=end_s * 1000,
        start_time=start_s * 1000,
        event=Event.SESSION,
        event_type=EventType.STOP,
        trigger=SessionTrigger.ACTIVITY_END,
        first_lap_index=0,
        num_laps=laps_n,
        total_elapsed_time=lasting_s,
        total_timer_time=lasting_s,
        total_moving_time=sum(row.duration_s for row in rows),
        total_distance=sum(row.backward_m for row in rows),
        max_speed=positive(_largest(rows, "peak_speed_mps")),
        enhanced_max_speed=positive(_largest(rows, "peak_speed_mps")),
        max_power=natural(_largest(rows, "peak_power_w")),
        total_work=natural(_total(rows, "work_j")),
        **_averages(rows),
        **sport(rows[0].machine),
    )
    yield message(
        ActivityMessage, timestamp=end_s * 1000, local_timestamp=local_s(end_s), total_timer_time=lasting_s,
        num_sessions=1, type=ActivityType.GENERIC, event=Event.ACTIVITY, event_type=EventType.STOP,
    )  # fmt: skip


def _averages(rows: Sequence[SetRow]) -> dict[str, Any]:
    """Means over the time in sets; what no set has measured is left out."""
    speed_mps, power_w, strides_spm = (
        _mean(rows, key, scale)
        for key, scale in (("mean_speed_mps", 1.0), ("mean_power_w", 1.0), ("cadence_spm", 0.5))
    )
    return {
        "avg_speed": positive(speed_mps),
        "enhanced_avg_speed": positive(speed_mps),
        "avg_power": natural(power_w),
        "avg_cadence": None if strides_spm is None else int(strides_spm),
        "avg_fractional_cadence": None if strides_spm is None else strides_spm % 1,
    }


def _mean(rows: Sequence[SetRow], key: str, scale: float) -> float | None:
    """Mean over time, of the sets that have the quantity."""
    known = [
        (row.value(key), row.duration_s) for row in rows if row.value(key) is not None and row.duration_s
    ]
    lasting_s = sum(duration_s for _, duration_s in known)
    return scale * sum(value * duration_s for value, duration_s in known) / lasting_s if known else None


def _largest(rows: Sequence[SetRow], key: str) -> float | None:
    return max((row.value(key) for row in rows if row.value(key) is not None), default=None)


def _total(rows: Sequence[SetRow], key: str) -> float | None:
    known = [row.value(key) for row in rows if row.value(key) is not None]
    return sum(known) if known else None
