"""What all pages share: the same content as a page, as a part of a page, or as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, render_template, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ..core import instant, json_writing
from ..core.duration import spell
from ..core.printable import printable_lines
from ..errors import ApiError

_HTML, _JSON = "text/html", "application/json"

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Scripts and styles come from our own files only; no page of others may show ours."""

HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "vary": "accept, cookie",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the navigation: its title, and its address."""

    title: str
    address: str

    def is_current(self, path: str) -> bool:
        """Return whether a path belongs to this page."""
        if self.address == "/":
            return path == "/" or path.startswith("/deliveries/")
        return path == self.address or path.startswith(f"{self.address}/")


def wants_json() -> bool:
    """Return whether the client asks for the JSON twin of a page."""
    return request.accept_mimetypes.best_match([_HTML, _JSON], _HTML) == _JSON


def answer(
    template: str,
    content: Any,
    *,
    status: int = 200,
    parts: Collection[str] = (),
    shown: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """Return a page, or the same content as JSON to a client that asks for it.

    ``content`` is a dataclass or a mapping. The template gets its members, and those of
    ``shown``, which JSON has not. With ``?part=NAME`` a page that has this part answers with it
    alone: ``deliveries/_list.html`` is the part ``list`` of ``deliveries.html``.
    """
    if wants_json():
        return json_answer(content, status)
    members = content if isinstance(content, Mapping) else _members(content)
    text = render_template(_template_of(template, parts), **members, **shown)
    return Response(text, status, content_type="text/html; charset=utf-8")


def _template_of(template: str, parts: Collection[str]) -> str:
    """Return the template of the part that is asked for, or of the whole page."""
    wanted = request.args.get("part", "")
    return f"{template.removesuffix('.html')}/_{wanted}.html" if wanted in parts else template


def json_answer(content: Any, status: int = 200) -> Response:
    """Return content as JSON, with halves of surrogate pairs as escapes."""
    value = json_value(content)
    try:
        text: bytes | str = json_writing.compact(value)
    except UnicodeEncodeError:
        text = json.dumps(value)
    return Response(text, status, content_type=_JSON)


def nothing_new() -> Response:
    """Return 204: the page that asked is up to date."""
    return Response(status=204)


def query_number(name: str) -> int | None:
    """Return a whole number in the query, None if it is absent; raises ``ApiError`` 400."""
    text = request.args.get(name, "")
    if text and not (text.isdecimal() and len(text) < 19):
        raise ApiError(400, "Bad Request", f"{name} is {text[:40]!r}; expected a whole number")
    return int(text) if text else None


def json_value(value: Any) -> Any:
    """Return a value as JSON has it: dataclasses as objects, moments as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: json_value(each) for name, each in _members(value).items()}
    if isinstance(value, Mapping):
        return {str(name): json_value(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return instant.spell(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _members(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def output(value: Any) -> Any:
    """Return a value as a template writes it: text from outside becomes printable."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable_lines(value)
    return "" if value is None else value


@pass_context
def clock_time(context: Context, moment: datetime | None) -> str:
    """Return the time of day of a moment in UTC, with the date if the clock shows another day."""
    if moment is None:
        return ""
    return f"{moment:%H:%M:%S}" if _is_today(context, moment) else f"{moment:%Y-%m-%d %H:%M:%S}"


@pass_context
def row_time(context: Context, moment: datetime) -> str:
    """Return the same for a place with little room: of another day, month, day, hour and minute."""
    return f"{moment:%H:%M:%S}" if _is_today(context, moment) else f"{moment:%m-%d %H:%M}"


def _is_today(context: Context, moment: datetime) -> bool:
    """Return whether a moment is on the day that the clock in the head of the page shows."""
    return context["clock"].now[:10] == f"{moment:%Y-%m-%d}"  # type: ignore[no-any-return]


def wall_time(moment: datetime | None) -> str:
    """Return the time of day of a moment in the time zone of this machine."""
    return "" if moment is None else f"{moment.astimezone():%H:%M:%S}"


def milliseconds(value: float) -> str:
    """Return a time as ``87 ms`` or ``3.2 s``."""
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"


def local_time(moment: datetime | None) -> str:
    """Return a moment in the time zone of this machine."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def seconds_after(seconds: float) -> str:
    """Return when something happens in a story: ``at the beginning`` or ``after 6m``."""
    return f"after {spell(seconds)}" if seconds else "at the beginning"


_SHOWN = (clock_time, row_time, local_time, wall_time, milliseconds, seconds_after)
_FILTERS = {each.__name__: each for each in _SHOWN}


def prepare_templates(app: Flask) -> None:
    """Add what templates use to an application."""
    environment = app.jinja_env
    environment.finalize = output
    environment.filters |= _FILTERS
    environment.trim_blocks = environment.lstrip_blocks = True
