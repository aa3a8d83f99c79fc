"""Doubles of the log and the chip's settings that outlive a session's object, kept as plain lists."""


class Ledger:
    """The set writer's place, and the oracle's books: open at most once, closed as often as opened."""

    def __init__(self):
        self.sets = []
        self.is_open = False
        self.full = False

    def begin(self, header, is_sure=True):
        assert not self.is_open
        if self.full:
            return False
        self.is_open = True
        self.sets.append((header, {}))
        return True

    def add(self, turns, ticks, count, code):
        assert self.is_open

    def flush(self):
        pass

    def end(self, fields):
        assert self.is_open
        self.is_open = False
        self.sets[-1][1].update(fields)

    def drop(self, fields):
        """It was no set."""
        assert self.is_open and fields["reason"] == "remark"
        self.is_open = False
        self.sets.pop()

    def latest(self):
        """(number, header, end or None) of the newest set, as the board finds it in its log at the start."""
        if not self.sets:
            return None
        header, end = self.sets[-1]
        return header["no"], header, None if end.get("reason") == "power_lost" else end


class Nvs(dict):
    """The chip's settings: what was put there outlives the power."""

    def set_blob(self, key, value):
        self[key] = value

    def get_blob(self, key, into):
        if key not in self:
            raise OSError
        into[:] = self[key]
        return len(self[key])

    def commit(self):
        pass
