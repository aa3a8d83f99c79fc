"""The athlete's units: from whole mm, mm/s and mN to tenths or hundredths of what is shown, all 31-bit."""

DISTANCES = {  # name: (multiply, divide, decimals); mm in
    "m": (1, 100, 1),
    "yd": (25, 2286, 1),
}
SPEEDS = {  # mm/s in, up to 50 m/s
    "m/s": (1, 10, 2),
    "km/h": (9, 25, 2),
    "mph": (2237, 10_000, 2),
}
FORCES = {  # mN in, up to 5 kN
    "N": (1, 1000, 0),
    "kgf": (100, 98_067, 1),
    "lbf": (100, 44_482, 1),
}


def convert(value: int, unit: "tuple[int, int, int]") -> "tuple[int, int]":
    """(number, decimals): the number is a whole count of the last decimal shown; rounds half away from zero."""
    multiply, divide, decimals = unit
    size = (abs(value) * multiply + divide // 2) // divide
    return (size if value >= 0 else -size), decimals


def text(number: int, decimals: int) -> str:
    """A whole count of the last decimal as text: text(1234, 2) = "12.34"."""
    if decimals == 0:
        return "%d" % number
    whole, rest = divmod(abs(number), 10**decimals)
    return "%s%d.%0*d" % ("-" if number < 0 else "", whole, decimals, rest)
