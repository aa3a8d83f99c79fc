"""Numbers as the display writes them, from integers alone."""


def fixed(value, unit_divisor, digits):
    """`value`/`unit_divisor` with 0 to 3 decimals, rounded half away from zero: fixed(1234, 1000, 1) = "1.2"."""
    scale = 10**digits
    rounded = (abs(value) * scale + unit_divisor // 2) // unit_divisor
    whole, rest = divmod(rounded, scale)
    sign = "-" if value < 0 and rounded else ""
    return "%s%d.%0*d" % (sign, whole, digits, rest) if digits else "%s%d" % (sign, whole)


def minutes(ms):
    """Milliseconds as m:ss."""
    return "%d:%02d" % divmod(ms // 1000, 60)
