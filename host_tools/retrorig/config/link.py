"""Settings over the link."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from retrorig.errors import InputError, RigRefusedError
from retrorig.link.client import RigClient
from retrorig.link.standing import no_word, when_it_stands
from retrorig.link.upload import put
from rigcore.settings_schema import AT_START, SettingError, checked_settings

Values = dict[str, Any]


def fetch_settings(client: RigClient) -> Values:
    """Every setting of the rig by name."""
    return client.request("settings")["settings"]


def change_settings(
    client: RigClient, changes: Mapping[str, Any], on_wait: Callable[[], None] = no_word
) -> Values:
    """Store all of these on the rig or none, and return what it has stored of them.

    Numbers may be text. A rig writes only while its belt stands: that is waited for, up to two minutes, and `on_wait`
    called once. InputError for a value that can't be, RigRefusedError when the rig does not store it.
    """
    try:
        wanted = checked_settings(dict(changes))
    except SettingError as error:
        raise InputError(str(error)) from None
    text = json.dumps(wanted)
    stored = when_it_stands(client, lambda: client.request("settings-save", put(client, text)), on_wait)[
        "settings"
    ]
    found = {name: stored.get(name) for name in wanted}
    if found != wanted:
        raise RigRefusedError("The rig stored other settings than it was given: try again.", "changed")
    return found


def setting_named(values: Mapping[str, Any], name: str) -> Values:
    """{name: value}; InputError for a name that there is not."""
    if name not in values:
        raise InputError(f"There is no setting {name}: `retrorig config list` lists them.")
    return {name: values[name]}


def takes_effect_at_start(changes: Mapping[str, Any]) -> bool:
    """Whether one of these is read only when the rig starts."""
    return any(name in AT_START for name in changes)
