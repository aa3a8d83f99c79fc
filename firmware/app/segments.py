"""Large digits drawn as seven bars each: any size, no font, few drawing calls."""

_BARS = {  # top, upper right, lower right, bottom, lower left, upper left, middle
    "0": 0x3F,
    "1": 0x06,
    "2": 0x5B,
    "3": 0x4F,
    "4": 0x66,
    "5": 0x6D,
    "6": 0x7D,
    "7": 0x07,
    "8": 0x7F,
    "9": 0x6F,
    "-": 0x40,
}


def _rectangles(width, height, bar):
    half = (height - bar) // 2
    return (
        (0, 0, width, bar),
        (width - bar, 0, bar, half + bar),
        (width - bar, half, bar, height - half),
        (0, height - bar, width, bar),
        (0, half, bar, height - half),
        (0, 0, bar, half + bar),
        (0, half, width, bar),
    )


def text_width(text, width, bar):
    """Columns that `text` takes; a point takes its dot and a gap."""
    return sum(2 * bar if c == "." else width + bar for c in text)


def draw(frame, text, x, y, width, height, bar):
    """Draw digits, minus and point with their top left corner at (x, y)."""
    rectangles = _rectangles(width, height, bar)
    for c in text:
        if c == ".":
            frame.fill_rect(x, y + height - bar, bar, bar, 1)
            x += 2 * bar
            continue
        bars = _BARS.get(c, 0)
        for i in range(7):
            if bars >> i & 1:
                dx, dy, w, h = rectangles[i]
                frame.fill_rect(x + dx, y + dy, w, h, 1)
        x += width + bar
