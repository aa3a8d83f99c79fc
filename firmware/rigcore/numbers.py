"""Numbers as the display writes them, from integers alone."""


def fixed(value: int, unit_divisor: int, digits: int) -> str:
    """`value`/`unit_divisor` with 0 to 3 decimals, rounded half up in size: fixed(1250, 1000, 1) = "1.3"."""
    scale = 10**digits
    whole, rest = divmod(abs(value), unit_divisor)
    rest = (rest * scale + unit_divisor // 2) // unit_divisor
    if rest == scale:
        whole, rest = whole + 1, 0
    sign = "-" if value < 0 and (whole or rest) else ""
    return "%s%d.%0*d" % (sign, whole, digits, rest) if digits else "%s%d" % (sign, whole)
