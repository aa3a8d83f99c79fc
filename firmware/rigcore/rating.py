"""Ratings of effort and pain: numbers from 0 to 10, tapped in with one button or three."""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


HIGHEST = 10


class Rating:
    """The questions of one set; a value is None until it is given."""

    def __init__(self, questions: "tuple[str, ...] | list[str]" = ()) -> None:
        self.questions = questions
        self.values: dict[str, Any] = {}  # question: answer, and what the rule makes of them
        self._at = 0

    @property
    def question(self) -> str:
        """The one being asked, "" when all are answered."""
        return self.questions[self._at] if self._at < len(self.questions) else ""

    def tap(self, question: str = "") -> None:
        """One more for this question (default: the one being asked); after 10 comes 0."""
        question = question or self.question
        if question in self.questions:
            self.values[question] = (self.values.get(question, -1) + 1) % (HIGHEST + 1)

    def give(self, question: str, value: int) -> bool:
        """Answer at once; False when it is not asked or not 0 to 10."""
        if question not in self.questions or not 0 <= value <= HIGHEST:
            return False
        self.values[question] = value
        return True

    def accept(self) -> bool:
        """Go on to the next question without an answer; True when there is none left."""
        self._at += 1
        while self.question in self.values:
            self._at += 1
        return not self.question
