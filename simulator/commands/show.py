"""``flowsim show``: notifications, without sending them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from ..printable import printable, printable_lines
from ._options import open_stories, scenario_arguments
from ._output import say

if TYPE_CHECKING:
    from ..bootstrap import Story
    from ..core.delivery import Attempt

_AT_ONCE = 1 << 16


@click.command()
@scenario_arguments
@click.option(
    "--as",
    "form",
    default="pretty",
    show_default=True,
    type=click.Choice(["pretty", "json", "http", "curl", "body"]),
    help="pretty: to read; json: headers and body, one delivery a line; http: the raw request; "
    "curl: a command that sends it; body: the exact body, unsigned.",
)
@click.option("--target", metavar="URL", default="8080", help="Where http and curl point to.")
def command(form: str, target: str, **told: Any) -> None:
    """Print the notifications of scenarios without sending them.

    \b
    flowsim show partial
    flowsim show partial --as curl --target localhost:3000/hook | sh
    """
    from ..core.target import parse

    stories = open_stories(**told)
    for story in stories:
        if story.repeat_with:
            say(f"{printable(story.name)}: repeat with {story.repeat_with}", err=True)
    _stream(_bodies(stories) if form == "body" else _signed(stories, _FORMS[form], parse(target)))


def _bodies(stories: list[Story]) -> Iterator[bytes]:
    for story in stories:
        for payload in story.payloads():
            yield _exact(payload.body + b"\n")


def _signed(stories: list[Story], show: Callable[[Attempt], bytes], url: str) -> Iterator[bytes]:
    from .. import settings
    from ..delivery.key_answers import KeyAnswers
    from ..delivery.story_runner import first_attempts

    folder = settings.keys_folder()
    for story in stories:
        yield from map(show, first_attempts(story, url, folder, KeyAnswers(folder)))


def _pretty(attempt: Attempt) -> bytes:
    import json

    from ..core.json_texts import printed_json

    body = _body(attempt)
    own = {printable(name): printable(value) for name, value in _headers(attempt).items()}
    styled = [f"{click.style(name, fg='cyan')}: {value}" for name, value in own.items()]
    try:
        content = printed_json.indented(json.loads(body))
    except ValueError:  # a fault broke it
        content = printable_lines(body.decode("utf-8", "replace"))
    head = click.style(f"POST {printable(attempt.delivery.url)}", bold=True)
    text = "\n".join([head, *styled, "", content, "", ""])
    return (text if _is_coloured() else click.unstyle(text)).encode()


def _json(attempt: Attempt) -> bytes:
    from ..core.json_texts import printed_json

    shown = {"headers": dict(_headers(attempt)), "body": _body(attempt).decode("utf-8")}
    return printed_json.line(shown).encode() + b"\n"


def _http(attempt: Attempt) -> bytes:
    from ..core.captures import sent_request

    return _exact(sent_request.of_attempt(attempt) + b"\n")


def _curl(attempt: Attempt) -> bytes:
    from ..core.http_request import curl_command

    command = curl_command(attempt.delivery.url, _headers(attempt), _body(attempt))
    return command.encode() + b"\n"


def _headers(attempt: Attempt) -> Mapping[str, str]:
    from ..core import headers

    return headers.of_attempt(attempt)


def _body(attempt: Attempt) -> bytes:
    return attempt.delivery.signed.payload.body


_FORMS: dict[str, Callable[[Attempt], bytes]] = {
    "pretty": _pretty,
    "json": _json,
    "http": _http,
    "curl": _curl,
}


def _exact(raw: bytes) -> bytes:
    """Return the bytes themselves; those that would harm a terminal are escaped on one.

    What reads exact bytes, to check a signature or to send them, reads a file or a pipe.
    """
    if not sys.stdout.isatty():
        return raw
    return printable_lines(raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")).encode()


def _is_coloured() -> bool:
    color = click.get_current_context().color
    return sys.stdout.isatty() if color is None else color


def _stream(lines: Iterator[bytes]) -> None:
    """Write bytes as they come, many at a time; a reader that goes away ends it quietly."""
    out = sys.stdout.buffer
    held = bytearray()
    for line in lines:
        held += line
        if len(held) >= _AT_ONCE:
            out.write(held)
            held.clear()
    out.write(held)
    out.flush()
