"""The AsyncAPI 3.0 document of families."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from importlib.resources import files
from itertools import count, groupby
from typing import Any

from ..families.base import Family
from ..families.fields.json_schema import class_name
from ..files.yaml_documents import parse_text
from ..reports.event_guide import EventGuide
from ..runtime.version import __version__
from .code_messages import batch_message, single_message
from .shared_schemas import Json, SharedSchemas

_FRAME = "frame.yaml"

_ONLY_IN_JOURNALS = "No webhook gets these events: each stands in a page of the journal, as event."


def _to(place: str, name: str) -> Json:
    return {"$ref": f"#/{place}/{name}"}


_OF_WEBHOOK = {
    "address": "/{path}",
    "servers": [_to("servers", "webhook")],
    "parameters": {"path": _to("components/parameters", "path")},
}
"""Where deliveries go."""


def document(guides: Sequence[EventGuide]) -> Json:
    """Return the document of event codes; those of a family stand one after the other.

    Raises ``ScenarioError`` if a family cannot tell its examples.
    """
    text = files(__package__ or "").joinpath(_FRAME).read_text("utf-8")
    made = _Document(parse_text(text, _FRAME).value)
    for _, of_family in groupby(guides, lambda each: each.family.name):
        made.add([*of_family])
    return made.whole()


class _Document:
    """A document, family by family; ``frame`` is what all documents share."""

    def __init__(self, frame: Json) -> None:
        self._frame = frame
        self._schemas = SharedSchemas(frame["components"]["schemas"])
        self._tags: Json = {}
        self._channels: Json = {}
        self._operations: Json = {}
        self._messages: Json = {}

    def add(self, guides: list[EventGuide]) -> None:
        """Add the channels of a family: one for each event code, and one for batches."""
        family = guides[0].family
        self._tags[family.name] = _tag(family)
        by_format: dict[str, list[Json]] = {each: [] for each in family.formats}
        for guide in guides:
            code = guide.code
            for format_, singles in by_format.items():
                singles.append(single_message(guide, format_, self._schemas))
            messages = [singles[-1] for singles in by_format.values()]
            self._add_channel(code.code, code.label or code.code, family, messages)
        if not family.journal_only:
            batches = [
                batch_message(guides, format_, singles, self._schemas)
                for format_, singles in by_format.items()
            ]
            self._add_channel(f"{family.name}_batch", f"{family.label}, batches", family, batches)

    def _add_channel(self, wanted: str, title: str, family: Family, messages: list[Json]) -> None:
        """Add a channel with messages, and the operation of receiving them."""
        id_ = _free(re.sub("[^A-Za-z0-9_.-]", "_", wanted), self._channels)
        operation = _free(f"receive{class_name(wanted)}", self._operations)
        names = [each["name"] for each in messages]
        summary = messages[0].get("summary")
        said = {"title": title, **({"summary": summary} if summary else {})}
        tags = {"tags": [_to("components/tags", family.name)]}
        self._messages |= zip(names, messages, strict=True)
        self._channels[id_] = {
            **said,
            **(self._place_of_journal() if family.journal_only else _OF_WEBHOOK),
            "messages": {each: _to("components/messages", each) for each in names},
            **tags,
        }
        binding = "read" if family.journal_only else "deliver"
        self._operations[operation] = {
            "action": "receive",
            **said,
            "channel": _to("channels", id_),
            "bindings": _to("components/operationBindings", binding),
            "messages": [_to(f"channels/{id_}/messages", each) for each in names],
            **tags,
        }

    def _place_of_journal(self) -> Json:
        """Return where events are that are only in journals: each is an event of a page."""
        journal = self._frame["channels"]["journal"]
        place = {key: journal[key] for key in ("address", "servers", "parameters")}
        return {"description": _ONLY_IN_JOURNALS, **place}

    def whole(self) -> Json:
        """Return the document with all that was added."""
        frame, schemas = self._frame, self._schemas.schemas
        tags = [_to("components/tags", each) for each in self._tags]
        components = frame["components"]
        return {
            **frame,
            "info": {**frame["info"], "version": __version__, "tags": tags},
            "channels": {**self._channels, **frame["channels"]},
            "operations": {**self._operations, **frame["operations"]},
            "components": {
                **components,
                "tags": self._tags,
                "messages": {**self._messages, **components["messages"]},
                "schemas": dict(sorted(schemas.items())),
            },
        }


def _tag(family: Family) -> Json:
    """Return what is known of a family as the tag of its channels."""
    provider = family.provider
    gaps = [f"{what}; {why}" for what, why in family.gaps()]
    return {
        "name": family.name,
        "description": f"{family.label}. {family.summary}",
        "x-flowsim-provider": {
            "id": provider.id,
            "label": provider.label,
            **({"group": provider.group} if provider.group else {}),
            "grade": provider.grade,
        },
        "x-flowsim-formats": dict(family.formats),
        **({"x-flowsim-prints": [*family.prints()]} if family.prints() else {}),
        **({"x-flowsim-left-out": gaps} if gaps else {}),
    }


def _free(wanted: str, taken: Collection[Any]) -> str:
    """Return a name, with a number if it is taken."""
    names = (wanted if number == 1 else f"{wanted}{number}" for number in count(1))
    return next(each for each in names if each not in taken)
