"""The firmware onto the virtual rig by way of its prompt, with failures at every step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.flash.doubles import Cable, firmware, no_bar

from retrorig import firmware_build
from retrorig.errors import InputError, LinkLostError, RigRefusedError
from retrorig.firmware_build import sources
from retrorig.flash import Job, flash
from retrorig.flash.bundle import BLOCK, NEXT, blocks, blocks_needed, bundle, sha256
from retrorig.flash.repl import Repl
from retrorig.partitions import VFS_SIZE
from retrorig.virtual import costs
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig

OLD, NEW = firmware(1), firmware(2)
NEW["app/added.py"] = b"# new in version 2\n"
PINS = sources()["board.py"].replace(b"PIN_ENC_A = 32", b"PIN_ENC_A = 13")
MINE = {
    "board.py": PINS,
    "coach.json": b'{"units": "yd"}',
    "app/forgotten.py": b"x = 1\n",
    "notes/mine.txt": b"mine" * 100,
}
BOOT_US = 3_500_000
PATIENT_US = 120_000_000
SILENT_US = 5_000_000


def rig_with(files: dict[str, bytes], **kinds: object) -> VirtualRig:
    rig = VirtualRig(StillBelt(), files=files, **kinds)  # type: ignore[arg-type]
    rig.power_on()
    rig.run_for(BOOT_US)
    return rig


@pytest.fixture
def old() -> Iterator[VirtualRig]:
    """A rig that runs version 1, with files of its owner."""
    with rig_with({**OLD, **MINE}) as rig:
        yield rig


def job_for(
    rig: VirtualRig, folder: Path, wanted: dict[str, bytes], break_after: float = float("inf")
) -> Job:
    return Job(
        "double",
        firmware_only=True,
        open_port=lambda url: Cable(rig, break_after),
        keep_in=folder,
        wanted=wanted,
    )


def update(rig: VirtualRig, folder: Path, wanted: dict[str, bytes] = NEW, **kinds: float) -> dict[str, str]:
    return {step.name: step.evidence for step in flash(job_for(rig, folder, wanted, **kinds), no_bar)}


def files_of(rig: VirtualRig) -> dict[str, str]:
    """SHA-256 of each file on a board, as the board computes it."""
    repl = Repl(Cable(rig))
    paths = sorted(repl.files())
    return repl.hashes(paths, lambda done, of: None)


def greeting(rig: VirtualRig) -> str:
    """What the firmware prints at its start: its version, from two of its files."""
    rig.power_cut()
    rig.board.uart.host_read(1 << 20)
    rig.power_on()
    rig.run_for(BOOT_US)
    text = rig.board.uart.host_read(1 << 20).decode(errors="replace")
    return next((line.strip() for line in text.splitlines() if line.startswith("=")), text)


def test_an_update_replaces_the_firmware_and_nothing_else(old: VirtualRig, tmp_path: Path) -> None:
    wanted = {**NEW, "board.py": sources()["board.py"] + b"PIN_EXTRA = 5\n"}
    done = update(old, tmp_path, wanted)
    assert "firmware 2" in done["greeting"] and "all hashes agree" in done["firmware"]
    pins = Repl(Cable(old)).read("board.py")
    assert pins.startswith(PINS.rstrip()) and pins.endswith(b"PIN_EXTRA = 5\n"), "the builder's pins stay"
    found = files_of(old)
    assert {path: found[path] for path in NEW} == {path: sha256(content) for path, content in NEW.items()}
    assert found["coach.json"] == sha256(MINE["coach.json"])
    assert found["notes/mine.txt"] == sha256(MINE["notes/mine.txt"])
    assert "app/forgotten.py" not in found, "it would be run instead of a compiled module of its name"
    assert set(found) - set(NEW) - set(MINE) <= {"calibration.json", "settings.json"}, (
        "nothing of the update itself is left over"
    )
    again = update(old, tmp_path, wanted)
    assert again["firmware"].startswith("0 files new")


def test_a_running_set_is_left_alone(tmp_path: Path) -> None:
    busy = firmware(1, state="running")
    with rig_with(busy) as rig:
        with pytest.raises(RigRefusedError, match="A set is running"):
            update(rig, tmp_path)
        assert "= 1 1" not in rig.board.uart.host_read(1 << 20).decode(), "it was not restarted"


@pytest.mark.parametrize(("break_after", "left"), [(150, "= 1 1"), (3_000, "= 1 1")])
def test_a_cable_that_is_pulled_leaves_a_whole_firmware_and_the_next_try_succeeds(
    old: VirtualRig, tmp_path: Path, break_after: int, left: str
) -> None:
    with pytest.raises(LinkLostError, match="give the same command again"):
        update(old, tmp_path, break_after=break_after)
    assert greeting(old) == left
    if break_after == 3_000:
        update(old, tmp_path)
        assert greeting(old) == "= 2 2"


@pytest.fixture(scope="module")
def complete() -> bytes:
    """The flash of a rig on which an update of version 2 is complete and has its name, but is not in place."""
    with rig_with({**OLD, **MINE}) as rig:
        repl = Repl(Cable(rig))
        repl.write(NEXT, bundle(NEW, ["app/forgotten.py"]), lambda done, of: None)
        rig.power_cut()
        return bytes(rig.flash.image.data)


def from_flash(content: bytes) -> VirtualRig:
    rig = VirtualRig(StillBelt(), files={})
    rig.flash.image.data[:] = content
    rig.flash.image.deliver()
    return rig


@pytest.fixture(scope="module")
def operations_n(complete: bytes) -> int:
    """Flash operations that putting the update in place takes."""
    with from_flash(complete) as rig:
        rig.power_on()
        rig.run_for(4 * BOOT_US)
        return rig.flash.operations


@pytest.mark.parametrize("part", [0.02, 0.3, 0.55, 0.8, 0.97])
def test_power_lost_while_the_update_is_put_in_place_costs_nothing(
    complete: bytes, operations_n: int, part: float
) -> None:
    assert operations_n > 20
    with from_flash(complete) as rig:
        rig.flash.cut_after(int(operations_n * part), part)
        rig.power_on()
        rig.run_for(4 * BOOT_US)
        assert not rig.is_powered, "the cut came while it was being put in place"
        rig.power_on()
        rig.run_for(4 * BOOT_US)
        text = rig.board.uart.host_read(1 << 20).decode(errors="replace")
        assert "= 2 2" in text, text
        assert "= 1 2" not in text and "= 2 1" not in text, "half an update never runs"
        found = files_of(rig)
    assert {path: found.get(path) for path in NEW} == {path: sha256(content) for path, content in NEW.items()}
    assert not {"next", "app/forgotten.py"} & set(found)
    assert found["coach.json"] == sha256(MINE["coach.json"])


def test_something_comes_every_few_seconds_while_slow_flash_takes_the_whole_firmware(monkeypatch) -> None:
    """mpremote takes a board for dead that says nothing for ten seconds; the slowest chips erase a sector in 0.4 s."""
    with rig_with({**OLD, **MINE}) as rig:
        Repl(Cable(rig)).write(NEXT, bundle(firmware_build.built(), []), lambda done, of: None)
        content = bytes(rig.flash.image.data)
    for name in ("ERASE_MIN", "ERASE_TYPICAL", "ERASE_MAX"):
        monkeypatch.setattr(costs, name, 400 * costs.MS)
    monkeypatch.setattr(costs, "PROGRAM_PAGE", 3 * costs.MS)
    with from_flash(content) as rig:
        rig.power_on()
        heard_us, longest_us, text = rig.now_us, 0, b""
        while b"Starting" not in text:
            rig.run_for(100_000)
            if more := rig.board.uart.host_read(1 << 20):
                text += more
                longest_us, heard_us = max(longest_us, rig.now_us - heard_us), rig.now_us
            assert rig.now_us < PATIENT_US, text
    assert text.count(b".") > 20 and longest_us < SILENT_US


def test_power_lost_while_copying_leaves_the_old_firmware(old: VirtualRig, tmp_path: Path) -> None:
    old.flash.cut_after(6, 0.5)
    with pytest.raises(LinkLostError):
        update(old, tmp_path)
    assert not old.is_powered
    assert greeting(old) == "= 1 1"


def test_the_file_system_holds_the_firmware_a_whole_update_and_files_of_the_user() -> None:
    built = firmware_build.built()
    sizes = {path: len(content) for path, content in built.items()}
    anew = {path: os.urandom(len(content)) for path, content in built.items()}  # packs to nothing smaller
    folders_n = 3 + len({path.rpartition("/")[0] for path in built})
    held_n = sum(map(blocks, sizes.values())) + 2 * folders_n
    users_n = 10
    assert held_n + users_n + blocks_needed(bundle(anew, []), anew, sizes) <= VFS_SIZE // BLOCK


def test_a_full_file_system_is_noticed_before_anything_is_written(old: VirtualRig, tmp_path: Path) -> None:
    Repl(Cable(old)).run(
        "import os\nf = open('/big.bin', 'wb')\nfor _ in range(os.statvfs('/')[3] - 4): f.write(bytes(4096))\nf.close()"
    )
    with pytest.raises(RigRefusedError, match=r"KB free and the update needs .* big\.bin"):
        update(old, tmp_path)
    assert greeting(old) == "= 1 1"
    assert "next.part" not in files_of(old)


def test_a_prompt_that_can_not_run_the_firmware_is_refused_before_anything_is_written(
    old: VirtualRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Repl.value
    before = files_of(old)
    for word, answer, said in (
        ("platform", "rp2", "is no ESP32"),
        ("implementation", (1, 25, 9), "MicroPython 1.25.9 is too old"),
    ):

        def other(self: Repl, expression: str, word: str = word, answer: object = answer) -> object:
            return answer if word in expression else asked(self, expression)

        monkeypatch.setattr(Repl, "value", other)
        with pytest.raises((RigRefusedError, InputError), match=said):
            update(old, tmp_path)
        assert files_of(old) == before


def test_an_update_that_arrives_damaged_is_not_used(
    old: VirtualRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Repl.write

    def damaging(self: Repl, path: str, content: bytes, report: object) -> None:
        whole(self, path, content[:-1] + bytes([content[-1] ^ 1]), report)  # type: ignore[arg-type]

    monkeypatch.setattr(Repl, "write", damaging)
    with pytest.raises(LinkLostError, match="arrived damaged"):
        update(old, tmp_path)
    assert greeting(old) == "= 1 1"


def test_a_firmware_that_does_not_start_is_reported_with_its_complaint(
    old: VirtualRig, tmp_path: Path
) -> None:
    broken = {**NEW, "app/part.mpy": OLD["app/part.mpy"], "main.py": b"import app.nothing\n"}
    with pytest.raises(RigRefusedError, match=r"does not start.*ImportError"):
        update(old, tmp_path, broken)


def test_pins_are_set_with_the_update_and_a_pin_of_the_builders_own_is_not_taken_twice(
    old: VirtualRig, tmp_path: Path
) -> None:
    wanted = {**NEW, "board.py": sources()["board.py"]}
    job = job_for(old, tmp_path, wanted)
    job.pins = {"PIN_BUZZER": 16}
    done = dict(flash(job, no_bar))
    assert "PIN_BUZZER = 16" in done["firmware"] and "WROVER" in done["firmware"]
    board = Repl(Cable(old)).read("board.py")
    assert board.startswith(PINS.rstrip()) and b"PIN_BUZZER = 16" in board
    before = files_of(old)
    job = job_for(old, tmp_path, wanted)
    job.pins = {"PIN_BUZZER": 13}  # free in our file, PIN_ENC_A in theirs
    with pytest.raises(InputError, match="PIN_ENC_A already"):
        list(flash(job, no_bar))
    assert files_of(old) == before
