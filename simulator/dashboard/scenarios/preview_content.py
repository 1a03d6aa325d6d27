"""One scenario as its page shows it: its events in order, its mistakes, its notifications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice

from ...core.duration import spell
from ...core.instant import spell as spell_moment
from ...core.json_reading import is_json
from ...core.json_writing import compact
from ...errors import FlowsimError, ScenarioError
from ...events_service.control.previewing import (
    LaterFault,
    PreviewedEvent,
    PreviewedRequest,
    ScenarioPreview,
    preview,
)
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from ...families.registry import Families
from ...story.overview import StoryOverview, overview_of
from ..deliveries.raw_payload import RawPayload, raw
from .mistakes import NO_MISTAKES, MistakesShown, mistakes_of
from .options import ScenarioOptions
from .sources import ScenarioText

MOST_MOMENTS, MOST_BODIES = 200, 20
"""How many events of a story are listed, and of how many the notification is shown."""

MOST_LISTED_BYTES = 32 * 2**20
"""How many bytes the list of all notifications has, at most about."""


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One event of a story: ``number`` from 1, ``after`` is the time since the story began."""

    number: int
    at: datetime
    after: str
    event_code: str
    says: str
    result: str
    expect: str | int
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class NotificationShown:
    """The beginning of a notification of an event.

    ``content_type`` is empty if the request has none. ``is_tampered``: the body was changed after
    it was signed. ``later_faults`` act after the body is made.
    """

    number: int
    event_code: str
    content_type: str
    body: RawPayload
    is_tampered: bool
    later_faults: Sequence[LaterFault]


@dataclass(frozen=True, slots=True)
class StoryShown:
    """A story that was not published.

    ``begin`` is its first moment, ``is_begun`` whether that is stated; ``seed`` likewise.
    ``more`` counts events that are not listed, at least; ``has_more_bodies`` is for notifications.
    """

    overview: StoryOverview
    begin: datetime
    is_begun: bool
    seed: int
    is_seeded: bool
    moments: Sequence[StoryMoment]
    more: int
    notifications: Sequence[NotificationShown]
    has_more_bodies: bool
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class PreviewContent:
    """What the page shows of a scenario with its options.

    ``story`` is None if the file has mistakes; then ``mistakes`` are those of the file.
    ``of_options`` are mistakes that the options make; then the story is the one without them.
    ``refusal`` says why a service cannot publish it, ``problem`` what else is wrong.
    """

    story: StoryShown | None
    mistakes: MistakesShown = NO_MISTAKES
    of_options: MistakesShown = NO_MISTAKES
    refusal: str = ""
    problem: str = ""

    @property
    def can_run(self) -> bool:
        """Whether the scenario can be published with these options."""
        is_shown = self.story is not None and not self.of_options.shown
        return is_shown and not self.refusal and not self.problem


class PreviewReader:
    """Reads scenarios as the service would publish them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def read(
        self, source: ScenarioText, options: ScenarioOptions, form: Registration | None
    ) -> PreviewContent:
        """Return a scenario with options; bodies are those for the registration ``form``."""
        try:
            return self._read(source, options, form)
        except ScenarioError as error:
            wrong = mistakes_of(error, source.name, source.text)
        except FlowsimError as error:
            return replace(self._plain(source, form), problem=str(error))
        plain = self._plain(source, form)
        return plain if plain.mistakes.shown else replace(plain, of_options=wrong)

    def all_notifications(
        self, source: ScenarioText, options: ScenarioOptions, form: Registration | None
    ) -> Iterator[bytes]:
        """Yield pieces of a JSON array with every notification; bodies are as they are sent.

        One that is no JSON is null, and ``text`` has it. The last element says so if the list is
        cut after ``MOST_LISTED_BYTES``.

        Raises ``FlowsimError`` at the first piece.
        """
        found, size = preview(self._service, options.body(source)), 0
        for each in found.events():
            piece = (b",\n" if size else b"[") + _listed(each, found.request(each, form))
            size += len(piece)
            if size > MOST_LISTED_BYTES:
                yield b',\n{"left_out":"all other events: the list is too long"}'
                break
            yield piece
        yield b"]" if size else b"[]"

    def _plain(self, source: ScenarioText, form: Registration | None) -> PreviewContent:
        """Return a scenario without options."""
        try:
            return self._read(source, ScenarioOptions(), form)
        except ScenarioError as error:
            return PreviewContent(None, mistakes_of(error, source.name, source.text))
        except FlowsimError as error:
            return PreviewContent(None, problem=str(error))

    def _read(
        self, source: ScenarioText, options: ScenarioOptions, form: Registration | None
    ) -> PreviewContent:
        found = preview(self._service, options.body(source))
        return PreviewContent(_story(found, form), refusal=found.refusal)


def _story(found: ScenarioPreview, form: Registration | None) -> StoryShown:
    story, moments, bodies = found.story, list[StoryMoment](), list[NotificationShown]()
    for number, each in enumerate(islice(found.events(), MOST_MOMENTS), 1):
        moments.append(_moment(number, each, story.begin))
        if number <= MOST_BODIES:
            bodies.append(_notification(number, each, found.request(each, form)))
    count = len(moments)
    return StoryShown(
        overview_of(story),
        story.begin,
        story.scenario.at is not None,
        story.seed,
        story.scenario.seed is not None,
        moments,
        max(0, story.event_count - count) if count == MOST_MOMENTS else 0,
        bodies,
        count > MOST_BODIES,
        [str(each) for each in story.warnings],
    )


def _notification(
    number: int, each: PreviewedEvent, request: PreviewedRequest
) -> NotificationShown:
    return NotificationShown(
        number,
        each.event.notification.event_code,
        request.content_type,
        raw(request.body, "pretty"),
        request.is_tampered,
        request.later_faults,
    )


def _listed(each: PreviewedEvent, request: PreviewedRequest) -> bytes:
    """Return a notification as a JSON object; a body that is JSON stands there byte for byte."""
    head = {
        "at": spell_moment(each.at),
        "event_code": each.event.notification.event_code,
        "content_type": request.content_type or None,
        "is_tampered": request.is_tampered,
        "later_faults": [asdict(fault) for fault in request.later_faults],
    }
    if is_json(request.body):
        return compact(head)[:-1] + b',"body":' + request.body + b"}"
    text = request.body.decode("utf-8", "backslashreplace")
    return compact({**head, "body": None, "text": text})


def _moment(number: int, each: PreviewedEvent, begin: datetime) -> StoryMoment:
    passed = (each.at - begin).total_seconds()
    return StoryMoment(
        number,
        each.at,
        spell(passed) if passed else "0s",
        each.event.notification.event_code,
        each.says,
        each.result,
        each.expect,
        each.faults,
    )


def family_names(content: PreviewContent, families: Families) -> list[str]:
    """Return the names of the families of a story."""
    labels = () if content.story is None else content.story.overview.families
    return [each.name for each in families.readable()[0] if each.label in labels]
