"""What ``flowsim replay`` sends: the notifications of scenarios, and captured requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from ..errors import MOST_PRINTED
from ..printable import printable
from ._options import story_opener
from ._output import say

if TYPE_CHECKING:
    from ..captured_story import CapturedStory
    from ..telling import Told

F = TypeVar("F", bound=Callable[..., Any])

_OF_SCENARIOS = {"seed": "--seed", "at": "--at", "fresh": "--fresh", "settings": "--set"}
_OF_SCENARIOS |= {"repeat": "--repeat"}
_OF_CAPTURES = {"resign": "--resign", "everything": "--all"}

TOLD = ("scenarios", "client_id", *_OF_SCENARIOS, *_OF_CAPTURES)
"""The parameters of a command that ``open_told`` takes."""


def captured_options(function: F) -> F:
    """Add what says how captured requests are sent again."""
    options = [
        click.option("--resign", is_flag=True, help="Sign captured requests again, with our keys."),
        click.option(
            "everything",
            "--all",
            is_flag=True,
            help="Take every POST of an archive, not only those with x-adobe headers.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def open_told(
    scenarios: tuple[str, ...],
    *,
    client_id: str | None,
    resign: bool,
    everything: bool,
    **told: Any,
) -> list[Told]:
    """Return what is named, in its order; all of it is read before any of it is sent.

    Raises ``FlowsimError`` for what cannot be sent, and for options that do not go with it.
    """
    from ..captured_story import CapturedStory, open_captures
    from ..reading.captures import are_at

    captured = dict.fromkeys(name for name in scenarios if are_at(name))
    _refuse_options([*captured], scenarios, client_id is not None and not resign)
    of_scenario = story_opener(client_id=client_id, **told)
    of_captures = partial(
        open_captures, resigned=resign, client_id=client_id, everything=everything
    )
    opened = [of_captures(name) if name in captured else of_scenario(name) for name in scenarios]
    for story in opened:
        if isinstance(story, CapturedStory):
            _warn(story)
    return opened


def _warn(story: CapturedStory) -> None:
    """Name the requests that are left out, and those that stay as they are."""
    sentences = [f"{each}; it is left out" for each in story.unread]
    sentences += [f"{each}; it is sent as it is" for each in story.notes]
    for sentence in sentences[:MOST_PRINTED]:
        say(f"warning: {printable(sentence)}", err=True)
    if len(sentences) > MOST_PRINTED:
        say(f"… and {len(sentences) - MOST_PRINTED:,} more warnings", err=True)


def _refuse_options(captured: list[str], scenarios: tuple[str, ...], is_unsigned: bool) -> None:
    from ..errors import SettingError

    if not captured and (given := _given(_OF_CAPTURES)):
        raise SettingError(f"{given[0]} is for captured requests; {scenarios[0]} is a scenario")
    if captured and (given := _given(_OF_SCENARIOS)):
        reason = f"{captured[0]} holds captured requests, which stay as they are"
        raise SettingError(f"{given[0]} is for scenarios; {reason}")
    if captured and is_unsigned:
        reason = "its signatures do not fit any more"
        raise SettingError(f"--client-id changes a captured request: {reason}; add --resign")


def _given(options: dict[str, str]) -> list[str]:
    """Return those that stand on the command line."""
    context = click.get_current_context()
    return [
        option
        for name, option in options.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
