"""What happens before boot.py: put the board's modules in place, mount its flash, then boot.py and main.py.

Started as `micropython -i -m _boot REQUEST_FD REPLY_FD`; afterwards the interpreter's own REPL takes over.
"""

import gc

gc.collect()
_before = gc.mem_alloc()

import os
import sys

import vfs
from micropython import const
import rig_link
from rig_link import call, get

import board_time

sys.modules["time"] = sys.modules["utime"] = board_time
import board_gc
import board_import
import board_json
import board_micropython
import board_os
import board_select
import board_sys
import esp32
import machine

_real_path, _modules = sys.path, sys.modules
for _name in ("gc", "json", "os", "select", "sys", "micropython"):
    _modules[_name] = _modules.pop("board_" + _name)
del _modules["board_time"], _modules["board_import"]
gc.collect()
_fakes = gc.mem_alloc() - _before

_COMPACT = const(32768)
_OP_FILE_NEXT = const(70)
_OP_FILE_READ = const(71)
_OP_BOOTED = const(72)
_OP_MAIN_WANTED = const(73)
_OP_PROMPT = const(74)
_OP_COMPILE = const(78)


def _read(n):
    data = bytearray(n)
    view = memoryview(data)
    for start in range(0, n, 2048):
        get(_OP_FILE_READ, 0, view[start : start + 2048])
    return data


def _provision():
    while True:
        size = call(_OP_FILE_NEXT)
        if not size:
            return
        path = _read(size).decode()
        for end in range(len(path)):
            if path[end] == "/":
                try:
                    os.mkdir(path[:end])
                except OSError:
                    pass
        with open(path, "wb") as file:
            file.write(_read(call(_OP_FILE_NEXT)))


def _mount():
    vfs.umount("/")
    disk = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="vfs")[0]
    try:
        vfs.mount(vfs.VfsLfs2(disk), "/")
    except OSError:
        vfs.VfsLfs2.mkfs(disk)
        vfs.mount(vfs.VfsLfs2(disk), "/")
    os.chdir("/")
    _provision()


def _run(name):
    try:
        with open(name) as file:
            text = file.read()
            call(_OP_COMPILE, len(text))
            code = compile(text, name, "exec")
            text = None  # the chip reads it piece by piece
        exec(code, globals())
    except SystemExit:
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == 2 and name not in os.listdir():
            return
        sys.print_exception(error)


_real_path[:] = ["", ".frozen", "/lib"]
# The chip's heap starts at 56 KB and grows only when a collection did not help, so it stays compact; this
# one is whole from the start and would be strewn with leftovers of the compiler before the first collection.
gc.threshold(_COMPACT)
_mount()
for _name in ("_mount", "_provision", "_read", "vfs"):
    del globals()[_name]
gc.collect()
get(_OP_BOOTED, _fakes, rig_link.costs)
board_import.begin()
_run("boot.py")
if call(_OP_MAIN_WANTED):
    _run("main.py")
call(_OP_PROMPT)
for _name in list(globals()):
    if _name in ("const", "call", "get", "rig_link") or (
        _name.startswith("_") and not _name.startswith("__")
    ):
        del globals()[_name]
