"""What a desk remembers between its runs, in a file beside the library."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from retrorig import InputError
from retrorig.desk.wording import SaidError
from retrorig.report import Units
from retrorig.writing import replacing

FILE_NAME = "desk-settings.json"


@dataclass(frozen=True)
class DeskSettings:
    """ends_with_last_tab: whether the desk ends a minute after its last page was closed. The others: units shown."""

    ends_with_last_tab: bool = False
    distance: str = "m"
    speed: str = "m/s"
    force: str = "N"

    @property
    def units(self) -> Units:
        """Of distances, speeds and forces on the pages; InputError for one that there is not."""
        return Units(self.distance, self.speed, self.force)


def read_settings(folder: Path) -> DeskSettings:
    """The settings of a library's desk; what is missing or damaged is as if never set."""
    try:
        found = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        known = {
            each.name: found[each.name]
            for each in fields(DeskSettings)
            if type(found.get(each.name)) is type(each.default)
        }
        settings = DeskSettings(**known)
        _ = settings.units
    except (OSError, ValueError, AttributeError, InputError):
        return DeskSettings()
    return settings


def write_settings(folder: Path, settings: DeskSettings) -> None:
    """Keep them; InputError when that can't be written."""
    _ = settings.units  # which refuses what can't be shown
    if not folder.is_dir():
        raise SaidError("no_folder", folder)
    with replacing(folder / FILE_NAME) as file:
        file.write(json.dumps(asdict(settings)).encode())
