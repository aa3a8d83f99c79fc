"""Belts that a recording moves, or nobody; belts moved by people are in walkers/."""

from __future__ import annotations

from typing import Protocol

from retrorig.recording import Recording


class Belt(Protocol):
    """Position (m, backward positive) and pull (N), by the time since the belt's start; constant outside 0..end_s."""

    @property
    def end_s(self) -> float: ...

    def position_m(self, t_s: float) -> float: ...

    def force_n(self, t_s: float) -> float: ...


class StillBelt:
    """A belt that stands, with a slack line."""

    end_s = 0.0

    def position_m(self, t_s: float) -> float:
        return 0.0

    def force_n(self, t_s: float) -> float:
        return 0.0


class RecordingBelt:
    """Plays a recording, linear between its rows."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.end_s = recording.end_s

    def position_m(self, t_s: float) -> float:
        return self._recording.position_m(t_s)

    def force_n(self, t_s: float) -> float:
        return self._recording.force_n_at(t_s)
