"""One set as the library lists it: every key of the public contract is an attribute.

A new key is one line here: the catalogue's column, the JSON key, the published schema and the columns of tables follow.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from retrorig.local_time import local
from retrorig.vocabulary import END_REASONS, FEET, KINDS, QUALITIES
from rigcore.vocabulary import END_POWER_LOST, FREE, MACHINES

Details = dict[str, Any]

UTC_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"
_DATE = {"format": "date-time", "pattern": UTC_PATTERN}
_POINTS = {"minimum": 0, "maximum": 10}


def _key(says: str, default: Any = None, **limits: Any) -> Any:
    """A key of the contract: its meaning for people, and what else the JSON schema asks of its values."""
    return field(default=default, metadata={"says": says, "limits": limits})


def _about(says: str) -> dict[str, Any]:
    return {"says": says, "limits": {}}


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set's quantities; None where not measured or where the data can't carry it. Backward is positive.

    `label` is what stands for the person on rigs, `name` who that is by this library; the contract's key `athlete` is
    the name, or the label of somebody without one. `removed` is None, or how the set was taken out of the lists.
    """

    set_id: str = _key("The set's permanent name, unique across rigs.", "", minLength=1)
    rig_id: str = _key("The rig that measured it.", "")
    label: str | None = None
    name: str | None = _key("Who walked; null if nobody was named.")
    kind: str = _key("What the set was for; free without a plan.", FREE, enum=KINDS)
    machine: str | None = _key("What was moved.", enum=MACHINES)
    started_utc: str | None = _key("Start in UTC; null if the rig's clock was not set.", **_DATE)
    duration_s: float = _key("From the first to the last movement, seconds.", 0.0, minimum=0)
    backward_m: float = _key("Backward movement alone, metres.", 0.0, minimum=0)
    forward_m: float = _key("Forward movement alone, metres.", 0.0, minimum=0)
    mean_speed_mps: float | None = _key("Net backward distance over duration, metres a second.")
    peak_speed_mps: float | None = _key("Largest speed of the filtered signal, metres a second.")
    mean_force_n: float | None = _key("Impulse over duration, newtons.")
    peak_force_n: float | None = _key("Largest force of the filtered signal, newtons.")
    impulse_ns: float | None = _key("Integral of force over time, newton seconds.")
    work_j: float | None = _key("Integral of force over backward movement, joules.")
    mean_power_w: float | None = _key("Work over duration, watts.")
    peak_power_w: float | None = _key("Largest product of filtered force and speed, watts.")
    steps: int | None = _key("Steps of both feet.", minimum=0)
    cadence_spm: float | None = _key("Steps of both feet a minute.", minimum=0)
    step_length_m: float | None = _key("Mean movement of the belt a step, metres.")
    asymmetry_pct: float | None = _key(
        "Difference of the two feet's impulses over their mean, percent, without its sign.", minimum=0
    )
    slack_s: float | None = _key("Time without pull while moving, seconds.", minimum=0)
    stalls: int | None = _key("Standstills between movement.", minimum=0)
    quality: str = _key(
        "A: as sure as claimed. B: usable, see quality_reasons. C: a result is missing or doubtful.",
        "C",
        enum=QUALITIES,
    )
    quality_reasons: list[str] = field(
        default_factory=list, metadata=_about("Why the quality is not better, a sentence each.")
    )
    uncertainty: dict[str, float] = field(
        default_factory=dict,
        metadata=_about("Plus-minus at 95 % of quantities of this set, by their keys and in their units."),
    )
    samples: int = _key("How many samples the set has.", 0, minimum=0)
    samples_lost: int = _key("Load-cell conversions that are missing or faulty.", 0, minimum=0)
    end_reason: str = _key("What ended the set.", END_POWER_LOST, enum=tuple(END_REASONS))
    calibration_id: str | None = _key("The calibration that the values were computed with.")
    plan_id: str | None = _key("The plan it was part of.")
    rpe: float | None = _key("Effort, 0 to 10, as the athlete rated it.", **_POINTS)
    pain: float | None = _key("Pain, 0 to 10, as the athlete rated it.", **_POINTS)
    load_kg: float | None = _key("Load on sled or machine, kilograms.", minimum=0)
    side: str | None = _key("left, right or both.")
    attachment: str | None = _key("Where the line was fixed to the athlete.")
    notes: str | None = _key("What the coach wrote.")
    firmware: str | None = _key("Version of the rig's firmware.")
    schema: int | None = _key("Version of the rig's log.")
    gait: Details = field(
        default_factory=dict,
        metadata=_about(
            "What the steps tell besides, and the zero of force beside the set; units in the names."
        ),
    )
    null_reasons: dict[str, str] = field(
        default_factory=dict, metadata=_about("For quantities that are null, why.")
    )
    session: Details = field(
        default_factory=dict,
        metadata=_about(
            "What the rig's session knew of the set: pauses, the rest before it, limits crossed."
        ),
    )
    positive_work_j: float | None = _key(
        "Work done on the load: force times net movement where that is positive, joules.", minimum=0
    )
    negative_work_j: float | None = _key("The same where it is negative: work braked, joules.", maximum=0)
    coast_m: float = _key(
        "How far the belt ran on after the last step, in none of the other numbers, metres.", 0.0, minimum=0
    )
    coast_s: float = _key("How long it did, seconds.", 0.0, minimum=0)
    first_foot: str | None = _key("Foot of the first step, as the coach saw it: left or right.", enum=FEET)
    tags: list[str] = field(default_factory=list, metadata=_about("Words that the coach put on the set."))
    trim_start_s: float | None = _key(
        "How much at the start is left out of all values and samples, seconds.", minimum=0
    )
    trim_end_s: float | None = _key("How much at the end is left out, seconds.", minimum=0)
    edited: list[str] = field(
        default_factory=list, metadata=_about("Keys that somebody noted something of by hand.")
    )
    removed: str | None = None

    @property
    def athlete(self) -> str | None:
        """Who walked: the name, or the label of somebody whose name this library does not know."""
        return self.name or self.label

    @property
    def started(self) -> datetime | None:
        """The moment of the start by this computer's clock; None without a date."""
        return local(self.started_utc) if self.started_utc else None

    @property
    def day(self) -> date | None:
        """The day of the start in this computer's time zone; None without a date."""
        return self.started.date() if self.started else None

    @property
    def ended_by(self) -> str:
        """What ended the set, as people call it."""
        return END_REASONS.get(self.end_reason, self.end_reason)

    def value(self, key: str) -> Any:
        """The value under a key of the contract."""
        return getattr(self, key)

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON: every key of KEYS, in order."""
        return {key: getattr(self, key) for key in KEYS}


def _key_of(of: Field[Any]) -> str:
    return "athlete" if of.name == "name" else of.name


FIELDS = {_key_of(of): of for of in fields(SetRow) if of.metadata}
"""The contract's keys with the fields that hold them."""

KEYS = tuple(FIELDS)
"""Every key of a set, in order. All are always present; None where not measured."""

NOTED = ("athlete", "started_utc", "first_foot", "notes", "tags", "trim_start_s", "trim_end_s", "edited")
"""Keys that no set's bytes tell: what people noted, and the date, which clocks tell."""

MEASURED = tuple(key for key in KEYS if key not in NOTED)
"""Keys that are computed from a set's bytes."""
