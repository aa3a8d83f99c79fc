"""What the pages draw on: a frame buffer, faces, and the few shapes that the pages share."""

from rigcore import TYPE_CHECKING

from .fonts.face import PATH, Face
from .layout import BAND_SPANS, wrap

if TYPE_CHECKING:
    from framebuf import FrameBuffer


BAND_W = 9
DIGITS_N = 5  # faces for huge numbers, widest first
GLYPH_BYTES = 384  # of the widest digit


class Canvas:
    """128x64; `frame` is a framebuf.FrameBuffer."""

    width = 128
    height = 64
    tint = 0  # 1 green, 2 amber, 3 red: what is put down next has it where there are colours

    def __init__(self, frame: "FrameBuffer") -> None:
        self.frame = frame
        file = open(PATH, "rb")
        glyph = bytearray(GLYPH_BYTES)
        self.small = Face(file, glyph, True)
        self.words = Face(file, glyph, True)
        self.side = Face(file, glyph, True)
        self._digits = [Face(file, glyph) for _ in range(DIGITS_N)]

    def clear(self) -> None:
        self.frame.fill(0)

    def huge(self, text: str, x: int, y: int, width: int, height: int = 64) -> None:
        """The largest digits in which `text` fits the box, centred in it."""
        face = self._digits[-1]
        for face in self._digits:
            if face.width(text) <= width and face.height <= height:
                break
        face.draw(self.frame, text, x + (width - face.width(text)) // 2, y + (height - face.height) // 2)

    def line(self, text: str, x: int, y: int, face: "Face | None" = None) -> int:
        return (face or self.words).draw(self.frame, text, x, y)

    def right(self, text: str, y: int, face: "Face | None" = None) -> None:
        face = face or self.words
        face.draw(self.frame, text, self.width - face.width(text), y)

    def centre(self, text: str, y: int, face: "Face | None" = None) -> None:
        face = face or self.words
        face.draw(self.frame, text, (self.width - face.width(text)) // 2, y)

    def wrapped(self, text: str, y: int, rows_n: int) -> int:
        """Words over up to `rows_n` rows, broken at spaces."""
        for row in wrap(text, self.width // 8, rows_n):
            self.line(row, 0, y)
            y += self.words.height
        return y

    def band(self, place: "int | None", is_plain: bool = False) -> None:
        """The target band at the right edge: a frame in the middle, a block at where one is (-2 to 2).

        Form and place tell, and where there are colours unless `is_plain` green, amber or red as well: in the frame is
        right, below it too little, above it too much, and the further off the taller.
        """
        x = self.width - BAND_W
        self.frame.rect(x, 22, BAND_W, 20, 1)
        if place is not None:
            y, height = BAND_SPANS[place + 2]
            self.frame.fill_rect(x + 1, y, BAND_W - 2, height, 1)

    def trace(self, points: "bytes | bytearray") -> None:
        """A curve over the lower part, two columns a point; 0 to 255, whose height is dotted."""
        for i in range(len(points) - 1):
            self.frame.line(
                2 * i + 4, 63 - points[i] * 18 // 255, 2 * i + 6, 63 - points[i + 1] * 18 // 255, 1
            )
        self.frame.hline(0, 63, self.width, 1)
        for x in range(0, self.width, 4):
            self.frame.pixel(x, 45, 1)
