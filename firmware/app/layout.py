"""What small and large panels share, in a module of its own: the large one is there before the rig's other parts."""

BAND_SPANS = (
    (44, 20),
    (44, 8),
    (24, 16),
    (12, 8),
    (0, 20),
)  # (top, height) of the band's block, far too low first


def wrap(text: str, columns: int, rows_n: int) -> "list[str]":
    """Rows of at most `columns` characters, broken at spaces where there are some."""
    rows = []
    for word in text.split(" "):
        if rows and len(rows[-1]) + 1 + len(word) <= columns:
            rows[-1] += " " + word
        else:
            while word:
                rows.append(word[:columns])
                word = word[columns:]
    return rows[:rows_n]
