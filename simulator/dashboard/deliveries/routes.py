"""The routes of the list of deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from ...errors import ApiError
from .. import pages
from ..pages import Link
from .delivery_source import LIMIT, DeliverySource
from .rows import (
    RESULTS,
    STATES,
    STATUS_CLASSES,
    VERDICTS,
    Choice,
    DeliveryPage,
    ListFilter,
)

LINK = Link("Deliveries", "/")

WORDS = {"results": RESULTS, "states": STATES, "status_classes": STATUS_CLASSES}
"""What the filters offer beside the choices of a source."""

_HELD = "h"
"""Behind the version of a list that leaves new deliveries out."""


@dataclass(frozen=True, slots=True)
class ListContent:
    """The list of deliveries.

    ``version`` is that of the store. ``newest`` is the number of the newest delivery that was
    known when the list was opened. ``before`` is where this page of the list begins. ``is_empty``:
    there is no delivery at all.
    """

    deliveries: DeliveryPage
    filter: ListFilter
    version: str
    newest: int
    before: int | None
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ChoiceFilter:
    """A filter with choices that come and go: its name in the query, and its title."""

    name: str
    title: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What to do first, and the command for it."""

    says: str
    command: str


def add_list(
    routes: Blueprint, source: DeliverySource, *, is_service: bool, first_steps: FirstSteps
) -> None:
    """Add the list to a blueprint; ``first_steps`` stand where there is no delivery yet."""

    @routes.get("/")
    def listed() -> Response:
        if _is_up_to_date(source):
            return pages.nothing_new()
        content = content_of(source)
        return pages.answer(
            "deliveries.html",
            content,
            parts=("list",),
            shown={
                **WORDS,
                "states": STATES if is_service else VERDICTS,
                **choices_shown(source, is_service=is_service),
                "delivery": None,
                "list_version": content.version,
                "is_service": is_service,
                "first_steps": first_steps(),
            },
        )


FirstSteps = Callable[[], Sequence[FirstStep]]


def content_of(source: DeliverySource, beside: int | None = None) -> ListContent:
    """Return the list that the query of the request asks for.

    With the delivery ``beside`` it, the page of the list is one with this delivery.

    With ``hold``, deliveries above ``newest`` are counted only: the reader is reading.
    """
    version, newest = source.version(), source.newest()
    wanted, before = asked_filter(source), pages.query_number("before")
    opened = pages.query_number("newest")
    is_held = "hold" in request.args and opened is not None and before is None
    if beside is not None and before is None and not wanted.query and newest - beside >= LIMIT:
        before = beside + LIMIT // 2  # without a look at the first page, which has later ones only
    found = source.page(wanted, before, opened if is_held else None)
    if beside is not None and before is None and _is_beyond(found, beside):
        before = beside + LIMIT // 2
        found = source.page(wanted, before, None)
    if is_held and found.newer and opened is not None:
        version, newest = version + _HELD, opened
    return ListContent(found, wanted, version, newest, before, newest == 0)


def asked_filter(source: DeliverySource) -> ListFilter:
    """Return the filter in the query of the request; raises ``ApiError`` 400 for unknown words.

    An event code or a registration may be unknown: it may be deleted, or still to come.
    """
    found = ListFilter.of(request.args)
    for name, words in (("result", RESULTS), ("state", STATES), ("status", STATUS_CLASSES)):
        _expect(name, getattr(found, name), getattr(found, name) in words, ", ".join(words))
    labels = "the label of a family, as Events shows it"
    _expect("family", found.family, source.knows_family(found.family), labels)
    return found


def _expect(name: str, value: str, is_known: bool, expected: str) -> None:
    if value and not is_known:
        raise ApiError(400, "Bad Request", f"{name} is {value[:40]!r}; expected {expected}")


def choices_shown(source: DeliverySource, *, is_service: bool) -> Mapping[str, Any]:
    """Return the filters with choices, their version, and whether a client has older ones.

    With ``choosing`` the reader is choosing in one of them: the client keeps those that it has.
    """
    known, version = request.args.get("choices"), source.choices_version()
    if known is not None and "choosing" in request.args:
        version = known
    found = source.choices()
    filters = [
        ChoiceFilter("registration", "Registration", found.registrations),
        ChoiceFilter("family", "Family", found.families),
        ChoiceFilter("code", "Event code", found.codes),
    ]
    return {
        "choices": filters if is_service else filters[1:],
        "choices_version": version,
        "has_new_choices": request.args.get("part") == "list" and known != version,
    }


def _is_beyond(page: DeliveryPage, number: int) -> bool:
    """Return whether a delivery can only be on a later page of the list."""
    return page.older is not None and bool(page.rows) and number < page.rows[-1].number


def _is_up_to_date(source: DeliverySource) -> bool:
    """Return whether the list that the client has is still the one that it would get."""
    known = request.args.get("version")
    if known is None:
        return False
    held = known.removesuffix(_HELD) if "hold" in request.args else known
    return held == source.version() and _has_choices(source)


def _has_choices(source: DeliverySource) -> bool:
    """Return whether the client has the choices of the filters, or keeps those that it has."""
    known = request.args.get("choices")
    return known is None or "choosing" in request.args or known == source.choices_version()
