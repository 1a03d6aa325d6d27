"""``flowsim show``: notifications, without sending them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable, printable_lines
from ._options import F, option
from ._output import say
from ._stories import families_of, story_opener, story_options
from ._types import EVENT_CODE

if TYPE_CHECKING:
    from ..core.delivery import Attempt
    from ..core.payload import Payload
    from ..story.story import Story

_AT_ONCE = 1 << 16


def _form_option(function: F) -> F:
    """Add ``--as``: each report format that shows deliveries."""
    from ..reports.format_table import formats_of

    shown = {each.name: each.show for each in formats_of("show") if each.show}
    return option(
        "form --as",
        "; ".join(f"{name}: {each.help}" for name, each in shown.items()) + ".",
        [*shown],
        default=next(iter(shown)),
    )(function)


@click.command()
@story_options
@_form_option
@option("code --event CODE", "Print only deliveries with an event of this code.", EVENT_CODE)
@option(
    "--target URL", "URL of the webhook, for http and curl.", default="8080", show_default=False
)
def command(
    scenarios: tuple[str, ...], form: str, code: str | None, target: str, **changes: Any
) -> None:
    """Print the notifications of scenarios without sending them.

    SCENARIO is a file, a shipped scenario or an event code. The story of an event code may have
    events of other codes too; --event leaves them out.

    \b
    flowsim show partial
    flowsim show sources_flow_run_failed
    flowsim show identity_ingestion_error --event identity_ingestion_error --as body
    flowsim show partial --as curl --target localhost:3000/hook | sh
    """
    from ..core.targets import parse_target

    changes["families"] = families_of(changes["families"], scenarios)
    stories = [*map(story_opener(**changes), scenarios)]  # all are read before any is shown
    for story in stories:
        if story.repeat_with:
            say(f"{printable(story.name)}: repeat with {story.repeat_with}", err=True)
    chosen = _Chosen(code)
    _stream(map(_encoded, _shown(stories, form, parse_target(target), chosen)))
    chosen.expect_one()


@dataclass(slots=True)
class _Chosen:
    """Chooses deliveries with an event of a code, or all of them; ``others`` are other codes."""

    code: str | None
    others: dict[str, None] = field(default_factory=dict)
    is_found: bool = False

    def has(self, payload: Payload) -> bool:
        """Tell whether a request body has such an event."""
        codes = [each.notification.event_code for each in payload.events]
        if self.code is None or self.code in codes:
            self.is_found = True
            return True
        self.others |= dict.fromkeys(codes)
        return False

    def expect_one(self) -> None:
        """Raise ``SettingError`` if a code was asked for that no request body had."""
        from ..core.printable import brief, listed
        from ..errors import SettingError

        if self.code is not None and not self.is_found:
            known = f"the events have {listed([*self.others])}" if self.others else "there is none"
            raise SettingError(f"--event: no event has the code {brief(self.code)!r}; {known}")


def _shown(stories: list[Story], form: str, url: str, chosen: _Chosen) -> Iterator[str | bytes]:
    """Yield each delivery in a format; the keys are read only if the format shows signatures."""
    from ..reports.format_table import formats_of

    shown = next(each.show for each in formats_of("show") if each.name == form)
    assert shown is not None
    for story in stories:
        if shown.payload is not None:
            yield from map(shown.payload, filter(chosen.has, story.payloads()))
        if shown.attempt is not None:
            for each in _attempts(story, url):
                if chosen.has(each.delivery.signed.payload):
                    yield shown.attempt(each)


def _attempts(story: Story, url: str) -> Iterator[Attempt]:
    from ..delivery.key_answers import KeyAnswers
    from ..delivery.story_runner import first_attempts
    from ..installation import settings

    folder = settings.keys_folder()
    yield from first_attempts(story, url, folder, KeyAnswers(folder))


def _encoded(shown: str | bytes) -> bytes:
    """Return styled text as the terminal takes it, and exact bytes as they are.

    Bytes that would harm a terminal are escaped on one. Programs that need the exact bytes,
    to check a signature or to send them, read a file or a pipe.
    """
    if isinstance(shown, str):
        return (shown if _is_coloured() else click.unstyle(shown)).encode()
    if not sys.stdout.isatty():
        return shown
    return printable_lines(shown.decode("utf-8", "surrogateescape").replace("\r\n", "\n")).encode()


def _is_coloured() -> bool:
    color = click.get_current_context().color
    return sys.stdout.isatty() if color is None else color


def _stream(lines: Iterator[bytes]) -> None:
    """Write bytes in large parts, as they come."""
    out = sys.stdout.buffer
    held = bytearray()
    for line in lines:
        held += line
        if len(held) >= _AT_ONCE:
            out.write(held)
            held.clear()
    out.write(held)
    out.flush()
