"""Which deliveries a reader asks for, as conditions of SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...core import json_writing

STATES = ("waiting", "delivered", "dropped")
"""``waiting`` is under way: an attempt is due or is being made."""

STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx", "6xx")

LONGEST_TEXT = 1_000
"""How many characters of a text are looked for; what follows them is ignored."""

_ID = re.compile(r"[0-9A-Fa-f]{8}[0-9A-Fa-f-]*")

Condition = tuple[str, tuple[object, ...]]
"""SQL about a row ``own`` of ``delivery``, and its values."""

_OF_EVENTS = (
    "EXISTS (SELECT 1 FROM delivery AS part JOIN event USING (seq) "
    "WHERE (part.number = own.number OR part.batch = own.number) AND ({}))"
)
_OF_ATTEMPTS = "EXISTS (SELECT 1 FROM attempt WHERE attempt.delivery = own.number AND {})"


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries are asked for; an empty value asks for any.

    ``registration`` is a key. ``codes`` are event codes, of which any event of the delivery has
    one. ``state`` is one of ``STATES``. ``status_class`` is one of ``STATUS_CLASSES``, which any
    attempt has. ``text`` stands in an event code or in the content of an event, in upper or lower
    case, or begins an event id or a delivery id. Raises ``ValueError`` for another state or class.
    """

    registration: int | None = None
    codes: tuple[str, ...] = ()
    state: str = ""
    status_class: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if self.state not in ("", *STATES):
            raise ValueError(f"state {self.state!r}; expected one of {', '.join(STATES)}")
        if self.status_class not in ("", *STATUS_CLASSES):
            expected = ", ".join(STATUS_CLASSES)
            raise ValueError(f"status class {self.status_class!r}; expected one of {expected}")

    @property
    def begin_of_id(self) -> str:
        """The text as the beginning of an id, if it may be one: at least 8 hexadecimal digits."""
        return self.text.lower() if _ID.fullmatch(self.text) else ""


def conditions(wanted: DeliveryFilter, *, with_text: bool = True) -> Condition:
    """Return what the first row of a delivery has to meet."""
    found = [*_conditions(wanted), *(_of_text(wanted.text) if with_text else ())]
    return " AND ".join(sql for sql, _ in found), tuple(
        each for _, values in found for each in values
    )


def _conditions(wanted: DeliveryFilter) -> Iterator[Condition]:
    yield "(own.batch IS NULL OR own.batch = own.number)", ()
    if wanted.registration is not None:
        yield "own.registration = ?", (wanted.registration,)
    if wanted.state == "waiting":
        yield "own.due_ms IS NOT NULL", ()
    elif wanted.state:
        yield "own.ending = ?", (wanted.state,)
    if wanted.status_class:
        least = int(wanted.status_class[0]) * 100
        yield _OF_ATTEMPTS.format("status_code BETWEEN ? AND ?"), (least, least + 99)
    if wanted.codes:
        marks = ", ".join("?" * len(wanted.codes))
        yield _OF_EVENTS.format(f"code IN ({marks})"), tuple(map(_plain, wanted.codes))


def _of_text(text: str) -> Iterator[Condition]:
    if text:
        text = _plain(text[:LONGEST_TEXT])
        begins = f"{_escaped(text)}%"
        inside = [f"%{_escaped(each)}%" for each in _spellings(text)]
        tests = ["event_id {0}", *["code {0}", "content {0}"] * len(inside)]
        like = "LIKE ? ESCAPE '!'"
        of_events = _OF_EVENTS.format(" OR ".join(tests).format(like))
        of_attempts = _OF_ATTEMPTS.format(f"delivery_id {like}")
        values = (begins, *(each for pattern in inside for each in (pattern, pattern)), begins)
        yield f"({of_events} OR {of_attempts})", values


def _spellings(text: str) -> list[str]:
    """Return how a text may stand in JSON: as it is, or as a part of a string.

    LIKE ignores the case of ASCII letters only.
    """
    cases = (text,) if text.isascii() else (text, text.lower(), text.upper())
    in_string = [json_writing.compact(each).decode()[1:-1] for each in cases]
    as_it_is = [each for each in cases if "\0" not in each]
    return [*dict.fromkeys(in_string + as_it_is)]


def _escaped(text: str) -> str:
    """Return a text with what has a meaning in LIKE escaped."""
    return re.sub("[!%_]", r"!\g<0>", text)


def _plain(text: str) -> str:
    """Return a text that SQLite takes: a lone surrogate, which no event has, becomes ``?``."""
    return text.encode("utf-8", "replace").decode()
