"""What the athlete sees: one large number, two small ones, one line of words."""

from rigcore.numbers import fixed, minutes

from . import segments

DIGIT_W = 18
DIGIT_H = 38
BAR = 5


class Screen:
    """Draws into a frame buffer of 128x64; `view` gives the values (see app.rig.View)."""

    def __init__(self, frame, width):
        self._frame = frame
        self._width = width

    def draw(self, view):
        frame = self._frame
        frame.fill(0)
        self._big(fixed(view.distance_mm, 1000, 1 if abs(view.distance_mm) < 99_950 else 0))
        frame.text("m", self._width - 8, 30, 1)
        frame.text(view.words, 0, 0, 1)
        self._right(minutes(view.elapsed_ms), 0)
        frame.text("%s m/s" % fixed(view.speed_mmps, 1000, 2), 0, 56, 1)
        self._right("-- N" if view.force_mn is None else "%s N" % fixed(view.force_mn, 1000, 0), 56)

    def draw_message(self, lines):
        """A page of up to eight lines of words."""
        self._frame.fill(0)
        for i, line in enumerate(lines):
            self._frame.text(line, 0, i * 8, 1)

    def _big(self, text):
        x = (self._width - 10 - segments.text_width(text, DIGIT_W, BAR)) // 2
        segments.draw(self._frame, text, max(x, 0), 13, DIGIT_W, DIGIT_H, BAR)

    def _right(self, text, y):
        self._frame.text(text, self._width - 8 * len(text), y, 1)
