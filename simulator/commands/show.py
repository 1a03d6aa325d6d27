"""``flowsim show``: notifications, without sending them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ._options import open_stories, scenario_arguments

if TYPE_CHECKING:
    from ..bootstrap import Story
    from ..core.delivery import Attempt

_AT_ONCE = 1 << 16

Shown = Callable[[str, dict[str, str], bytes], bytes]


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
            click.echo(f"{story.name}: repeat with {story.repeat_with}", err=True)
    _stream(_bodies(stories) if form == "body" else _signed(stories, _FORMS[form], parse(target)))


def _bodies(stories: list[Story]) -> Iterator[bytes]:
    for story in stories:
        for payload in story.payloads():
            yield payload.body + b"\n"


def _signed(stories: list[Story], show: Shown, url: str) -> Iterator[bytes]:
    from ..core import headers

    for story in stories:
        for attempt in _attempts(story, url):
            yield show(url, headers.of_attempt(attempt), attempt.delivery.signed.payload.body)


def _attempts(story: Story, url: str) -> Iterator[Attempt]:
    """Yield the first attempt at each delivery, as a replay would make it."""
    from .. import keys, settings
    from ..core.delivery import Delivery, attempt
    from ..core.signature import SignedPayload, digest, sign_both

    pair = keys.load(settings.keys_folder())
    private, paths = [keys.parse_private(each.private_pem) for each in pair], keys.paths(pair)
    provider = story.scenario.registration.provider
    for number, payload in enumerate(story.payloads(), 1):
        signed = SignedPayload(payload, sign_both(digest(payload.body), private), paths)
        due = payload.events[0].time
        yield attempt(Delivery(number, signed, due, url, provider), 1, story.chance)


def _pretty(url: str, headers: dict[str, str], body: bytes) -> bytes:
    import json

    styled = [f"{click.style(name, fg='cyan')}: {value}" for name, value in headers.items()]
    content = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    head = click.style(f"POST {url}", bold=True)
    text = "\n".join([head, *styled, "", content, "", ""])
    return (text if _is_coloured() else click.unstyle(text)).encode()


def _json(url: str, headers: dict[str, str], body: bytes) -> bytes:  # noqa: ARG001
    import json

    shown = {"headers": headers, "body": body.decode("utf-8")}
    return json.dumps(shown, ensure_ascii=False).encode() + b"\n"


def _http(url: str, headers: dict[str, str], body: bytes) -> bytes:
    from ..core.http_request import raw_request

    return raw_request(url, headers, body) + b"\n"


def _curl(url: str, headers: dict[str, str], body: bytes) -> bytes:
    from ..core.http_request import curl_command

    return curl_command(url, headers, body).encode() + b"\n"


_FORMS: dict[str, Shown] = {"pretty": _pretty, "json": _json, "http": _http, "curl": _curl}


def _is_coloured() -> bool:
    return sys.stdout.isatty() and click.get_current_context().color is not False


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
