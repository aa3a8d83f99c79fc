"""The messages of a FIT activity, and what goes into their fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zlib import crc32

from rigcore.vocabulary import SLED

_APPLICATION_ID = b"retrorig-fit-001"
_DEVELOPER_FIELDS = (  # number, name, unit
    (0, "force", "N"),
    (1, "net_distance", "m"),
    (2, "mean_force", "N"),
    (3, "peak_force", "N"),
    (4, "rpe", "of 10"),
)
_NUMBER = {name: (number, unit) for number, name, unit in _DEVELOPER_FIELDS}


def opening(start_s: int, rig_id: str) -> Iterator[Any]:
    """Messages before the first record: kind of file, developer fields, the start of the clock."""
    from fit_tool.profile.messages.developer_data_id_message import DeveloperDataIdMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.profile_type import Event, EventType, FileType, Manufacturer

    start_ms = start_s * 1000
    yield message(
        FileIdMessage, type=FileType.ACTIVITY, manufacturer=Manufacturer.DEVELOPMENT.value, product=0,
        serial_number=crc32(rig_id.encode()) or 1, time_created=start_ms,
    )  # fmt: skip
    yield message(
        DeveloperDataIdMessage, developer_data_index=0, application_id=_APPLICATION_ID, application_version=1
    )
    yield from map(_description, _DEVELOPER_FIELDS)
    yield message(EventMessage, timestamp=start_ms, event=Event.TIMER, event_type=EventType.START)


def _description(field: tuple[int, str, str]) -> Any:
    from fit_tool.base_type import BaseType
    from fit_tool.profile.messages.field_description_message import FieldDescriptionMessage

    number, name, unit = field
    return message(
        FieldDescriptionMessage, developer_data_index=0, field_definition_number=number,
        fit_base_type_id=BaseType.FLOAT32.value, field_name=name, units=unit,
    )  # fmt: skip


def message(kind: Any, own: dict[str, float | None] | None = None, **values: Any) -> Any:
    """A message with the values that are known, and developer fields beside the native ones."""
    from fit_tool.base_type import BaseType
    from fit_tool.developer_field import DeveloperField

    fields = []
    for name, value in (own or {}).items():
        if value is not None:
            number, unit = _NUMBER[name]
            # type and size belong in here: set later, they make a file that only its own library can read
            field = DeveloperField(number, name, BaseType.FLOAT32, units=unit, size=4, developer_data_index=0)
            field.set_value(0, float(value))
            fields.append(field)
    message = kind(developer_fields=fields)
    for name, value in values.items():
        if value is not None:
            setattr(message, name, value)
    return message


def sport(machine: str | None) -> dict[str, Any]:
    """Walking indoors is what sports programs know of a treadmill; dragging a sled is a training of strength."""
    from fit_tool.profile.profile_type import Sport, SubSport

    if machine == SLED:
        return {"sport": Sport.TRAINING, "sub_sport": SubSport.STRENGTH_TRAINING}
    return {"sport": Sport.WALKING, "sub_sport": SubSport.INDOOR_WALKING}


def positive(value: float | None) -> float | None:
    return None if value is None else max(0.0, value)


def natural(value: float | None) -> int | None:
    return None if value is None else max(0, round(value))


def local_s(end_s: int) -> int:
    """Local time in seconds since the FIT epoch."""
    offset = datetime.fromtimestamp(end_s).astimezone().utcoffset()
    return end_s - 631_065_600 + round(offset.total_seconds() if offset else 0)
