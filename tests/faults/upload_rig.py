"""As much of a rig as takes uploads: what it keeps lies in a flash and in the chip's settings."""

from __future__ import annotations

import binascii
import json
from typing import Any
from unittest.mock import MagicMock

import pytest

from app.commands import carry_out, verbs_with
from app.plan_store import PlanStore
from app.settings import Settings
from nor import NorFlash
from rigcore.kept import SECTORS_N, KeptValues
from rigcore.motion import Geometry
from rigcore.protocol import RequestError
from rigcore.session import Session

PIECE_BYTES = 40


class Nvs:
    """The chip's settings, as esp32.NVS has them."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self._written: dict[str, Any] = {}

    def set_blob(self, key: str, value: bytes) -> None:
        self._written[key] = value

    def set_i32(self, key: str, value: int) -> None:
        self._written[key] = value

    def commit(self) -> None:
        self.kept.update(self._written)

    def get_blob(self, key: str, into: bytearray) -> int:
        if key not in self.kept:
            raise OSError(-4354)
        blob = self.kept[key]
        if len(blob) > len(into):
            raise OSError(-4364)
        into[: len(blob)] = blob
        return len(blob)

    def get_i32(self, key: str) -> int:
        if key not in self.kept:
            raise OSError(-4354)
        return self.kept[key]


class Plans(PlanStore):
    """What is kept is looked for anew each time, as on the board."""

    def __init__(self, nvs: Nvs, flash: NorFlash) -> None:
        super().__init__(nvs)  # type: ignore[arg-type]
        self._flash = flash

    def opened(self) -> KeptValues:
        return KeptValues(self._flash)


class Rig:
    """As much of a rig as uploads need."""

    def __init__(self) -> None:
        self.nvs, self.flash = Nvs(), NorFlash(SECTORS_N)
        self.plans = Plans(self.nvs, self.flash)
        self.settings = Settings({})
        self.session = Session(Geometry(2400, 250_000), MagicMock(), MagicMock())
        self.is_standing = True
        self.plans_changed()

    def is_still(self) -> bool:
        return self.is_standing

    def plans_changed(self) -> None:
        self.session.plan_runner.plan_ids = self.plans.ids()
        self.session.plan_runner.load_plan = self.plans.load

    def ask(self, verb: str, *words: object) -> dict[str, Any]:
        return carry_out(self, verb, [str(word) for word in words], verbs_with(verb)).answer  # type: ignore[arg-type]

    def refused(self, verb: str, *words: object) -> str:
        with pytest.raises(RequestError) as refusal:
            self.ask(verb, *words)
        return refusal.value.args[0]

    def put(self, text: str) -> int:
        """Send a text; its checksum."""
        data, at = text.encode(), 0
        for piece in pieces(text):
            assert self.ask("put", at, piece)["have"] == at + len(piece.encode())
            at += len(piece.encode())
        return binascii.crc32(data)

    def push(self, plan: dict[str, Any]) -> dict[str, Any]:
        return self.ask("plan-save", self.put(json.dumps(plan)))

    def kept_settings(self) -> dict[str, Any]:
        return json.loads(KeptValues(self.flash).read("settings") or b"{}")

    def stored(self) -> list[str]:
        return [row[0] for row in self.ask("plans")["plans"]]


def pieces(text: str) -> list[str]:
    return [text[at : at + PIECE_BYTES] for at in range(0, len(text), PIECE_BYTES)]
