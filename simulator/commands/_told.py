"""What ``flowsim replay`` sends: the notifications of scenarios, and captured requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from ..errors import MOST_PRINTED, SettingError
from ..printable import printable
from ._options import story_opener
from ._output import say

if TYPE_CHECKING:
    from ..delivery.story_runner import AnyStory

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
) -> list[AnyStory]:
    """Return what is named, in its order; all of it is read before any of it is sent.

    Captured requests that cannot be read are left out if there are others, and named. Raises
    ``FlowsimError`` for what cannot be sent, and for options that do not go with it.
    """
    from ..captured_story import open_captures
    from ..reading.captures import are_at

    captured = dict.fromkeys(name for name in scenarios if are_at(name))
    _refuse_options([*captured], scenarios, client_id is not None and not resign)
    of_scenario = story_opener(client_id=client_id, **told)
    of_captures = partial(
        open_captures, resigned=resign, client_id=client_id, everything=everything
    )
    opened: list[AnyStory] = []
    failed: list[SettingError] = []
    for name in scenarios:
        try:
            opened.append(of_captures(name) if name in captured else of_scenario(name))
        except SettingError as error:
            if name not in captured:
                raise
            failed.append(error)
    return _warned(_with_unread(opened, failed))


def _with_unread(opened: list[AnyStory], failed: list[SettingError]) -> list[AnyStory]:
    """Return stories of which the first captured one names the captures that cannot be read.

    Raises the first of their errors if there is no such story.
    """
    from ..captured_story import CapturedStory

    if not failed:
        return opened
    captured = (place for place, each in enumerate(opened) if isinstance(each, CapturedStory))
    first = next(captured, None)
    if first is None:
        raise failed[0]
    story = opened[first]
    assert isinstance(story, CapturedStory)
    opened[first] = replace(story, unread=(*map(str, failed), *story.unread))
    return opened


def _warned(stories: list[AnyStory]) -> list[AnyStory]:
    """Name the requests that are left out, and those that stay as they are."""
    from ..captured_story import CapturedStory

    captured = [each for each in stories if isinstance(each, CapturedStory)]
    sentences = [f"{unread}; it is left out" for each in captured for unread in each.unread]
    sentences += [f"{note}; it is sent as it is" for each in captured for note in each.notes]
    for sentence in sentences[:MOST_PRINTED]:
        say(f"warning: {printable(sentence)}", err=True)
    if len(sentences) > MOST_PRINTED:
        say(f"… and {len(sentences) - MOST_PRINTED:,} more warnings", err=True)
    return stories


def _refuse_options(captured: list[str], scenarios: tuple[str, ...], is_unsigned: bool) -> None:
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
