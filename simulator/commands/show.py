"""``flowsim show``: notifications, without sending them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..core.printable import printable, printable_lines
from ._options import F, flag, option
from ._output import say
from ._stories import families_of, optional_story_options, story_opener, warn_of_own
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
@optional_story_options
@_form_option
@option("code --event CODE", "Print only deliveries with an event of this code.", EVENT_CODE)
@option(
    "--target URL", "URL of the webhook, for http and curl.", default="8080", show_default=False
)
@flag("everything --all", "Write a page about all events, with examples; it needs --html.")
@option(
    "page --html FILE",
    "Where to write the page of --all: one file that needs no server and no network.",
    click.Path(path_type=Path),
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    scenarios: tuple[str, ...],
    form: str,
    code: str | None,
    target: str,
    everything: bool,
    page: Path | None,
    **changes: Any,
) -> None:
    """Print the notifications of scenarios without sending them.

    SCENARIO is a file, a shipped scenario or an event code. The story of an event code may have
    events of other codes too; --event leaves them out.

    \b
    flowsim show partial
    flowsim show sources_flow_run_failed
    flowsim show identity_ingestion_error --event identity_ingestion_error --as body
    flowsim show partial --as curl --target localhost:3000/hook | sh
    flowsim show --all --html events.html
    """
    if everything or page is not None:
        _write_page(ctx, page, changes["families"])
        return
    if not scenarios:
        raise click.UsageError("Missing argument 'SCENARIO...'.")
    from ..core.targets import parse_target

    changes["families"] = families_of(changes["families"], scenarios)
    stories = [*map(story_opener(**changes), scenarios)]  # all are read before any is shown
    for story in stories:
        if story.repeat_with:
            say(f"{printable(story.name)}: repeat with {story.repeat_with}", err=True)
    chosen = _Chosen(code)
    _stream(map(_encoded, _shown(stories, form, parse_target(target), chosen)))
    chosen.expect_one()


_OF_ALL = {"everything", "page", "families"}
"""The parameters that go with ``--all``."""


def _write_page(ctx: click.Context, page: Path | None, folders: tuple[Path, ...]) -> None:
    """Write the page about all events; raises ``UsageError`` for other parameters beside it."""
    given = [each for each in ctx.params if _is_given(ctx, each)]
    if page is None or "everything" not in given:
        missing = "--html FILE" if page is None else "--all"
        raise click.UsageError(f"--all and --html belong together; add {missing}.")
    if {*given} - _OF_ALL:
        raise click.UsageError("--all takes --html and --families only.")
    from ..dashboard.events.events_file import event_file
    from ..reports.writing import expect_writable, write

    expect_writable(page)
    families = families_of(folders)
    warn_of_own(families)
    write(page, event_file(families))
    say(f"all events are in {printable(str(page))}")


def _is_given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE and bool(ctx.params[name])


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
