"""The rig's logic: pure Python that runs on the board and on the host alike.

Nothing in here imports hardware, sleeps, reads a clock or opens a file.
"""

TYPE_CHECKING = (
    0  # what stands under `if TYPE_CHECKING:` only a type checker reads; MicroPython has no `typing`
)
