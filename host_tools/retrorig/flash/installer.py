"""Runs on the board, out of the update that it puts in place (see bundle.py); `update` is open behind this text.

Power may fail at any moment: the whole is then repeated from its start, by boot.py, which is therefore replaced last
and in one operation. Other files make room before their successors come: both together might not fit.
"""

import os

import deflate  # pyright: ignore[reportMissingImports]

_STEP = 512
_TOLD = 4096  # so often something is printed, or whoever waits would take the board for dead


def remove(path):
    try:
        os.remove(path)
    except OSError:
        pass


def put(stream, path, left):
    for end in range(1, len(path)):
        if path[end] == "/":
            try:
                os.mkdir(path[:end])
            except OSError:
                pass
    if path != "boot.py":
        remove(path)
    part = memoryview(bytearray(_STEP))
    with open(path + ".new", "wb") as file:
        while left:
            n = stream.readinto(part[: min(left, _STEP)])
            if not n:
                raise OSError(5)
            file.write(part[:n])
            left -= n
            if left % _TOLD < _STEP:
                print(".", end="")  # noqa: T201
    os.rename(path + ".new", path)


def install(stream):
    while True:
        words = stream.readline().decode().split()
        if not words:
            return
        if words[0] == "remove":
            remove(words[1])
        else:
            put(stream, words[1], int(words[2]))


install(deflate.DeflateIO(update, deflate.RAW, 10))  # noqa: F821  # pyright: ignore[reportUndefinedVariable]
