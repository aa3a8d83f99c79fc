"""Clock anchors: pairs of a rig's microseconds and a time of day, by which sets are dated.

A rig's crystal is off by some parts in a million, a second in a day. Two exchanges of the time that lie far enough
apart tell by how much: utc = offset + board_us * (1 + drift). A laptop whose clock was set in between gives a drift
that no crystal has; then the nearest exchange alone is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from retrorig.forms import is_whole_number
from retrorig.library.part import Part
from retrorig.library.schema import NO_ERA

DRIFT_MAX_PPM = 200.0
"""No crystal is off by more; ESP32 modules are built with 10 ppm, and heat or age may double it."""

DRIFT_SURE_PPM = 20.0
"""A drift that is known worse than a crystal is built says nothing."""

AGREE_MS = 1000.0
"""A clock that is set by the network steps by less."""

REDATE_S = 0.05
"""A date that a later exchange would move by less is exact already and stays."""

Header = dict[str, Any]

_COLUMNS = "rig, era, boot, board_us, utc_ms, half_rtt_us"


class Numbers(NamedTuple):
    """The numbering that a set's number belongs to: an era of a rig, which begins when its flash is erased."""

    rig: str
    era: int


UNIX_MS = (946_684_800_000, 4_102_444_800_000)
"""2000 to 2100: farther dates are none."""

TRIP_MAX_US = 60_000_000
"""No exchange of the time waits for a minute."""


class Boot(NamedTuple):
    """One start of a rig: boots are counted within an era, too."""

    rig: str
    era: int
    boot: int


@dataclass(frozen=True)
class Anchor:
    """At `board_us` since its start the rig's clock met `utc_ms` (Unix), give or take `half_rtt_us`."""

    board_us: int
    utc_ms: float
    half_rtt_us: float


@dataclass(frozen=True)
class ClockDrift:
    """One boot's clock: parts in a million by which the rig's clock runs slow, with the range, as far as known."""

    drift_ppm: float | None
    drift_pm_ppm: float | None


def can_be_exchange(boot: Boot, board_us: Any, utc_ms: Any, half_rtt_us: Any) -> bool:
    """Whether an exchange of the time can have happened; another program may have written it, or a disk damaged it."""
    return (
        is_whole_number(boot.era)
        and is_whole_number(boot.boot, 0)
        and is_whole_number(board_us, 0)
        and all(isinstance(each, int | float) and math.isfinite(each) for each in (utc_ms, half_rtt_us))
        and 0 <= utc_ms < UNIX_MS[1]
        and 0 <= half_rtt_us <= TRIP_MAX_US
    )


class Clocks(Part):
    """Exchanges of the time with rigs, by boot."""

    def add(self, boot: Boot, board_us: int, utc_ms: float, half_rtt_us: float) -> bool:
        """Note that in this boot the rig's clock showed `board_us` at `utc_ms` (Unix), give or take the half trip.

        What the same moment of the rig met first is kept: then nothing is new. `Library.add_anchor` re-dates the sets.
        """
        values = (*boot, board_us, utc_ms, half_rtt_us)
        return bool(
            self.db.row("INSERT OR IGNORE INTO anchors VALUES (?, ?, ?, ?, ?, ?) RETURNING 1", values)
        )

    def exchanges(self) -> Iterator[tuple[Boot, int, float, float]]:
        """Every exchange, as `add` takes it."""
        for rig, era, boot, *exchange in self.db.rows(f"SELECT {_COLUMNS} FROM anchors"):
            yield Boot(rig, era, boot), *exchange

    def all(self) -> list[dict[str, Any]]:
        """Each boot with an exchange: `rig`, `boot`, `anchors` (how many), `span_h`, `drift_ppm`, `drift_pm_ppm`, and
        `contradicting`: how many tell another time than the others."""
        boots = [Boot(*row) for row in self.db.rows("SELECT DISTINCT rig, era, boot FROM anchors")]
        return [self._clock_facts(boot) for boot in boots if self._anchors(boot)]

    def contradicting_n(self, boot: Boot) -> int:
        """Exchanges of this boot that tell another time than the others; of two that contradict each other both."""
        anchors = self._anchors(boot)
        return _odd_n(anchors) if anchors else 0

    def dated(self, header: Header) -> str | None:
        """Time of day of a set's start: by the anchors of its boot, else by the rig's own clock, else None."""
        anchors = self._anchors(boot_of(header))
        start_us, unix_ms = header["start_us"], header.get("start_unix_ms")
        if anchors:
            unix_ms = utc_ms(anchors, start_us)
        if unix_ms is None:
            return None
        return format_utc(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=unix_ms))

    def _anchors(self, boot: Boot) -> list[Anchor]:
        where = "rig = ? AND era = ? AND boot = ?"
        sql = f"SELECT board_us, utc_ms, half_rtt_us FROM anchors WHERE {where} ORDER BY board_us"
        rows = self.db.rows(sql, boot)
        return [Anchor(*row) for row in rows if can_be_exchange(boot, *row)]

    def senseless_n(self) -> int:
        """Number of exchanges that can't have happened; they are ignored."""
        return sum(not can_be_exchange(*each) for each in self.exchanges())

    def _clock_facts(self, boot: Boot) -> dict[str, Any]:
        every = self._anchors(boot)
        anchors = agreeing(every)
        clock = fit_clock(anchors)
        span_h = (anchors[-1].board_us - anchors[0].board_us) / 3.6e9
        return {
            "rig": boot.rig,
            "boot": boot.boot,
            "anchors": len(every),
            "span_h": span_h,
            **vars(clock),
            "contradicting": _odd_n(every),
        }


def _odd_n(anchors: list[Anchor]) -> int:
    """Exchanges that contradict those that count; of two that contradict each other both."""
    best = agreeing(anchors)
    is_decided = len(best) < len(anchors)
    return (
        len(anchors) - len(best)
        if is_decided
        else sum(not all(agree(one, other) for other in anchors) for one in anchors)
    )


def numbers_of(facts: Mapping[str, Any]) -> Numbers:
    """Where the number in a set's header comes from, or those of the sets of a rig that says hello."""
    return Numbers(facts["rig"], facts.get("era", NO_ERA))


def boot_of(facts: Mapping[str, Any]) -> Boot:
    """The boot that a set's header or a rig's hello speaks of."""
    return Boot(*numbers_of(facts), facts["boot"])


def fit_clock(anchors: list[Anchor]) -> ClockDrift:
    """The drift between the first and the last anchor; None where it can't be told or is no crystal's.

    The range is the sum of both half trips over the time between: each exchange is wrong by no more than its own.
    """
    first, last = anchors[0], anchors[-1]
    span_us = last.board_us - first.board_us
    if span_us <= 0:
        return ClockDrift(None, None)
    pm_ppm = (first.half_rtt_us + last.half_rtt_us) / span_us * 1e6
    drift_ppm = ((last.utc_ms - first.utc_ms) * 1000 / span_us - 1) * 1e6
    if pm_ppm > DRIFT_SURE_PPM or abs(drift_ppm) > DRIFT_MAX_PPM:
        return ClockDrift(None, None)
    return ClockDrift(drift_ppm, pm_ppm)


def agree(one: Anchor, other: Anchor) -> bool:
    """Whether two exchanges can come from one crystal and one right clock."""
    span_ms = abs(other.board_us - one.board_us) / 1000
    apart_ms = abs(abs(other.utc_ms - one.utc_ms) - span_ms)
    is_in_order = (other.utc_ms - one.utc_ms) * (other.board_us - one.board_us) >= 0 or span_ms < AGREE_MS
    trips_ms = (one.half_rtt_us + other.half_rtt_us) / 1000
    return is_in_order and apart_ms <= span_ms * DRIFT_MAX_PPM * 1e-6 + trips_ms + AGREE_MS


def agreeing(anchors: list[Anchor]) -> list[Anchor]:
    """The exchanges that most others agree with: a laptop whose clock was wrong once dates no set against two others.

    All of them where no side has more; then the nearest counts.
    """
    votes = [sum(agree(one, other) for other in anchors) for one in anchors]
    if max(votes) * 2 <= len(anchors) or max(votes) < 2:
        return anchors
    best = anchors[votes.index(max(votes))]
    return [each for each in anchors if agree(best, each)]


def utc_ms(anchors: list[Anchor], board_us: int) -> float:
    """Unix milliseconds by the nearest of the anchors that agree, and the drift."""
    anchors = agreeing(anchors)
    nearest = min(anchors, key=lambda anchor: abs(anchor.board_us - board_us))
    rate = 1 + (fit_clock(anchors).drift_ppm or 0.0) * 1e-6
    return nearest.utc_ms + (board_us - nearest.board_us) / 1000 * rate


def format_utc(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, so that text order is time order; naive moments are local time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_apart(one: str | None, other: str | None) -> float:
    """Seconds between two dates; infinite when only one is known."""
    if one is None or other is None:
        return 0.0 if one == other else float("inf")
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())
