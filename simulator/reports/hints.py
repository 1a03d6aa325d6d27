"""What to type when a replay goes wrong in a way that an option mends."""

from __future__ import annotations

from ..core.delivery import backoff, most_attempts
from ..core.duration import spell
from ..core.outcome import TIMEOUT
from ..core.trace import Trace, is_accepted
from ..delivery.summary import Summary, Unmet
from ..runtime.defaults import KEYS_PORT
from .base import Opening

_REFUSALS = (401, 403)
"""What webhooks answer to a signature that they cannot check."""


class Hints:
    """Looks at the attempts of a replay; each hint is given once."""

    def __init__(self) -> None:
        self._opening: Opening | None = None
        self._has_hung = False

    def opened(self, opening: Opening) -> None:
        """Take in what is known of the story that begins."""
        self._opening = opening

    def attempted(self, trace: Trace) -> str:
        """Return what to say after an attempt: of a webhook that hangs, when it first does."""
        is_one = trace.outcome.status_code == TIMEOUT and trace.ending == "retry"
        if self._has_hung or self._opening is None or not is_one:
            return ""
        self._has_hung = True
        return _of_a_hang(trace.attempt.number, self._opening)

    def closed(self, summary: Summary) -> str:
        """Return what to say at the end: that keys were served nowhere, if that may matter."""
        opening = self._opening
        if opening is None or opening.receiver or opening.serves_keys:
            return ""
        refused = next(filter(_is_refused, summary.unmet), None)
        if refused is None:
            return ""
        status = refused.trace.outcome.status_code
        return f"hint: the webhook answers {status}, and {_remedy(opening)}"


def _of_a_hang(number: int, opening: Opening) -> str:
    last = most_attempts(opening.max_attempts)
    rest = opening.timeout * (last - number)
    if opening.speed is not None:
        rest += sum(map(backoff, range(number, last))) / opening.speed
    fewer = "--max-attempts 1" if opening.max_attempts is None else "a smaller --max-attempts"
    tries = "1 attempt" if last - number == 1 else f"{last - number} attempts"
    return (
        f"the webhook hangs: no answer within {spell(opening.timeout)}; while it does, this "
        f"delivery takes about {spell(round(rest))} more ({tries}), and {fewer} gives up earlier"
    )


def _is_refused(unmet: Unmet) -> bool:
    return unmet.trace.outcome.status_code in _REFUSALS and is_accepted(unmet.event.expect)


def _remedy(opening: Opening) -> str:
    if not opening.is_signed_here:
        options = f"--resign --serve-keys {KEYS_PORT}"
        return f"the signatures were made with other keys: add {options}"
    return (
        f"no keys are served: --serve-keys {KEYS_PORT} serves them at "
        f"http://127.0.0.1:{KEYS_PORT}, for a webhook that reads the key host from its "
        "configuration"
    )
