"""Marks a text as a table that names functions. Never on the board: the build leaves the finished text in its place."""


def transition_table(text: str) -> str:
    """The table with single blanks between its words; columns are for the reader alone."""
    return "\n".join([" ".join(line.split()) for line in text.split("\n")])
