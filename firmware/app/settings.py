"""What the athlete may choose about the display; kept in a small file."""

import json

from rigcore.units import DISTANCES

FILE = "/settings.json"
CHOICES = {  # name: possible values, the default first
    "distance": tuple(sorted(DISTANCES)),
    "speed": ("m/s", "km/h", "mph"),
    "force": ("N", "kgf", "lbf"),
    "mirror": ("off", "on"),
    "sound": ("on", "off"),
    "number": ("left", "done"),  # the huge number: what is left of the set, or what is done
}


class Settings:
    """`get(name)`; `put(name, value)` writes the file, so only at standstill."""

    def __init__(self):
        try:
            with open(FILE) as file:
                stored = json.load(file)
        except (OSError, ValueError):
            stored = {}
        self._values = {name: CHOICES[name][0] for name in CHOICES}
        for name in CHOICES:
            if stored.get(name) in CHOICES[name]:
                self._values[name] = stored[name]

    def get(self, name):
        return self._values.get(name)

    def put(self, name, value):
        """False when there is no such setting or value."""
        if value not in CHOICES.get(name, ()):
            return False
        self._values[name] = value
        with open(FILE, "w") as file:
            json.dump(self._values, file)
        return True

    def help(self, name):
        if name in CHOICES:
            return "%s is one of %s." % (name, ", ".join(CHOICES[name]))
        return "Settings are %s." % ", ".join(sorted(CHOICES))
