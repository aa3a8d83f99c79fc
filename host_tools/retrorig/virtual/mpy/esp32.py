"""`esp32` of the ESP32 port: the pulse counter, flash partitions and NVS."""

from micropython import const, mem_current
from rig_link import call, get, put, read_unasked

_OP_PCNT_PINS = const(40)
_OP_PCNT_ACTIONS = const(41)
_OP_PCNT_LIMITS = const(42)
_OP_PCNT_FILTER = const(43)
_OP_PCNT_RUN = const(44)
_OP_PCNT_GET = const(45)
_OP_PCNT_SET = const(46)
_OP_PART_INFO = const(50)
_OP_FLASH_READ = const(51)
_OP_FLASH_WRITE = const(52)
_OP_FLASH_PROGRAM = const(53)
_OP_FLASH_ERASE = const(54)
_OP_NVS_GET = const(55)
_OP_NVS_SET = const(56)
_OP_NVS_COMMIT = const(57)

_INVALID_ARG = const(0x102)
_INVALID_SIZE = const(0x104)
_NOT_FOUND = const(0x1102)
_KEY_TOO_LONG = const(0x1109)
_KEY_MAX = const(15)
_MASK = const((1 << 30) - 1)  # of the bytes ever taken from the heap
_units = {}


def _number(pin):
    return -1 if pin in (-1, None) else pin.id


class PCNT:
    IGNORE = 0
    INCREMENT = 1
    DECREMENT = 2
    NORMAL = 0
    REVERSE = 1
    HOLD = 2

    def __new__(cls, id, **kwargs):
        if not 0 <= id < 8:
            raise ValueError("invalid id")
        if id not in _units:
            _units[id] = object.__new__(cls)
        return _units[id]

    def __init__(self, id, **kwargs):
        self._id = id
        if kwargs:
            self.init(**kwargs)

    def init(self, *, channel=0, pin=-1, mode_pin=-1, rising=None, falling=None, mode_low=None,
             mode_high=None, min=None, max=None, filter=None, value=None):  # fmt: skip
        if channel not in (0, 1):
            raise ValueError("channel")
        unit = self._id | channel << 8
        if pin == -1 and mode_pin != -1:
            raise ValueError("pin")
        if pin != -1:
            call(_OP_PCNT_PINS, unit, _number(pin), _number(mode_pin))
        if not (rising is falling is mode_low is mode_high is None):
            actions = (rising or 0) | (falling or 0) << 4 | (mode_low or 0) << 8 | (mode_high or 0) << 12
            call(_OP_PCNT_ACTIONS, unit, actions)
        if not (min is max is None):
            call(_OP_PCNT_LIMITS, self._id, -32768 if min is None else min, 32767 if max is None else max)
        if filter is not None:
            if not 0 <= filter <= 1023:
                raise ValueError("filter")
            call(_OP_PCNT_FILTER, self._id, filter)
        if value is not None:
            call(_OP_PCNT_SET, self._id, value)

    def deinit(self):
        call(_OP_PCNT_RUN, self._id, -1)

    def start(self):
        call(_OP_PCNT_RUN, self._id, 1)

    def stop(self):
        call(_OP_PCNT_RUN, self._id, 0)

    def value(self, value=None):
        count = call(_OP_PCNT_GET, self._id)
        if value is not None:
            call(_OP_PCNT_SET, self._id, value)
        return count


class Partition:
    TYPE_APP = 0
    TYPE_DATA = 1
    BOOT = 0
    RUNNING = 1

    def __init__(self, entry, block_size=4096):
        self._addr = int.from_bytes(entry[2:6], "little")
        self._size = int.from_bytes(entry[6:10], "little")
        self._info = (
            entry[0],
            entry[1],
            self._addr,
            self._size,
            str(entry[10:26].rstrip(b"\0"), "utf8"),
            False,
        )
        self._block = block_size

    @staticmethod
    def find(type=0, subtype=0xFF, label=None, block_size=4096):
        found = []
        entry = bytearray(26)
        number = 0
        while get(_OP_PART_INFO, number, entry):
            part = Partition(bytes(entry), block_size)
            if entry[0] == type and subtype in (0xFF, entry[1]) and label in (None, part._info[4]):
                found.append(part)
            number += 1
        return found

    def info(self):
        return self._info

    def _at(self, block, offset, n):
        start = block * self._block + offset
        if not 0 <= start <= self._size:
            raise OSError(-_INVALID_ARG, "ESP_ERR_INVALID_ARG")
        if start + n > self._size:
            raise OSError(-_INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
        return self._addr + start

    def readblocks(self, block, into, offset=0):
        address = self._at(block, offset, len(into))
        taken = mem_current() & _MASK
        if not read_unasked(address, into, taken):
            get(_OP_FLASH_READ, address, into, taken)

    def writeblocks(self, block, data, offset=None):
        if offset is None:
            if len(data) % self._block:
                raise OSError(-_INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
            put(_OP_FLASH_WRITE, self._at(block, 0, len(data)), data)
        else:
            put(_OP_FLASH_PROGRAM, self._at(block, offset, len(data)), data)

    def ioctl(self, command, argument=0):
        if command == 4:
            return self._size // self._block
        if command == 5:
            return self._block
        if command == 6:
            call(_OP_FLASH_ERASE, self._at(argument, 0, self._block), self._block)
            return 0
        return 0 if command in (1, 2, 3) else None

    @classmethod
    def mark_app_valid_cancel_rollback(cls):
        pass


class NVS:
    def __init__(self, namespace):
        self._space = namespace

    def _name(self, kind, key):
        if len(key) > _KEY_MAX:
            raise OSError(-_KEY_TOO_LONG, "ESP_ERR_NVS_KEY_TOO_LONG")
        return ("%s/%s/%s" % (kind, self._space, key)).encode()

    def _get(self, kind, key):
        name = self._name(kind, key)
        n = put(_OP_NVS_GET, 0, name)
        if n < 0:
            raise OSError(-_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        into = bytearray(n)
        get(_OP_NVS_GET, 1, into)
        return into

    def _set(self, kind, key, value):
        put(_OP_NVS_SET, 0, self._name(kind, key))
        put(_OP_NVS_SET, 1, value)

    def set_i32(self, key, value):
        self._set("i", key, (value & 0xFFFFFFFF).to_bytes(4, "little"))

    def get_i32(self, key):
        raw = self._get("i", key)
        value = int.from_bytes(raw, "little")
        return value - (1 << 32) if value >> 31 else value

    def set_blob(self, key, value):
        self._set("b", key, value)

    def get_blob(self, key, buffer):
        raw = self._get("b", key)
        if len(raw) > len(buffer):
            raise OSError(-0x110C, "ESP_ERR_NVS_INVALID_LENGTH")
        buffer[: len(raw)] = raw
        return len(raw)

    def erase_key(self, key):
        names = [self._name(kind, key) for kind in ("i", "b")]
        there = [name for name in names if put(_OP_NVS_GET, 0, name) >= 0]
        if not there:
            raise OSError(-_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        for name in there:
            put(_OP_NVS_SET, 2, name)

    def commit(self):
        call(_OP_NVS_COMMIT)
