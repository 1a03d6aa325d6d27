"""What is known where an exchange fails; each error is of the kind that its 6xx code goes by."""

from __future__ import annotations

from httptools import HttpParserError

from ..core.causes import Stage


class LateError(TimeoutError):
    """A stage was not over in time; ``came`` is how many bytes of an answer there were."""

    def __init__(self, stage: Stage, came: int = 0) -> None:
        super().__init__(stage)
        self.stage: Stage = stage
        self.came = came


class CutError(ConnectionError):
    """The webhook ended the connection before its answer was complete."""

    def __init__(self, stage: Stage, came: int = 0, *, was_reset: bool = False) -> None:
        super().__init__(stage)
        self.stage: Stage = stage
        self.came = came
        self.was_reset = was_reset


class StrangeAnswerError(HttpParserError):
    """An answer that is no HTTP; ``answer`` is its beginning, if it is known."""

    def __init__(self, reason: str, answer: bytes) -> None:
        super().__init__(reason)
        self.answer = answer
