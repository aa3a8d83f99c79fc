"""The store on files, for a board without a log partition: what is saved when, and what a power cut costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.filelog import SECTOR, FileLog, sectors_for
from rigcore import fields, records
from rigcore.flash_ring import StoreFull
from rigcore.setlog import SetLog
from stores import mounted, read_set

BLOCK = bytes(range(240))


def on_files(folder: Path) -> SetLog:
    return mounted(FileLog(str(folder), 16))


def test_a_finished_set_is_saved_and_a_running_one_lacks_at_most_a_sector(tmp_path: Path) -> None:
    log = on_files(tmp_path)
    log.begin({"no": 1})
    for _ in range(40):
        log.append(records.TYPE_BLOCK, BLOCK)
    log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    first = read_set(log, 1)
    log.begin({"no": 2})
    for n in range(60):
        log.append(records.TYPE_BLOCK, BLOCK)
        after = on_files(tmp_path)  # as after a power cut here
        assert read_set(after, 1) == first
        if n > 16:
            assert (n + 1) * (len(BLOCK) + 7) - after.index.length[1] <= SECTOR


def test_confirmed_sets_free_their_files(tmp_path: Path) -> None:
    log = on_files(tmp_path)
    for no in range(1, 40):
        log.begin({"no": no})
        for _ in range(30):
            log.append(records.TYPE_BLOCK, BLOCK)
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))
        log.confirm(no)
        while log.erase_step():
            pass
    assert len(list(tmp_path.iterdir())) == 1
    assert on_files(tmp_path).next_no() == 40


def test_a_full_file_system_loses_no_saved_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = on_files(tmp_path)
    log.begin({"no": 1})
    log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    first = read_set(log, 1)

    def no_room(device: FileLog) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileLog, "_save", no_room)
    log.begin({"no": 2})
    for _ in range(40):
        try:
            log.append(records.TYPE_BLOCK, BLOCK)
        except StoreFull:
            break
    monkeypatch.undo()
    assert read_set(on_files(tmp_path), 1) == first


def test_the_number_of_sectors_follows_the_size_of_the_file_system(tmp_path: Path) -> None:
    assert sectors_for(str(tmp_path)) > 0
