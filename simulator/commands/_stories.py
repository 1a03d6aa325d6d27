"""The stories of ``replay``, ``show`` and ``trigger``: scenarios, and captured requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..core.printable import printable
from ..errors import MOST_PRINTED, SettingError
from . import _options
from ._options import flag, option
from ._output import say, warn, warn_of_mistakes
from ._types import FOLDER, SCENARIO, SEED, SETTING

if TYPE_CHECKING:
    from ..delivery.story_runner import AnyStory
    from ..families.registry import Families
    from ..story.story import Story


_OF_SCENARIOS = {"seed": "--seed", "at": "--at", "fresh": "--fresh", "settings": "--set"}
_OF_SCENARIOS |= {"repeat": "--repeat", "delivery_format": "--format"}
_OF_CAPTURES = {"resign": "--resign", "everything": "--all"}

STORY_PARAMETERS = ("scenarios", "client_id", "families", *_OF_SCENARIOS, *_OF_CAPTURES)
"""The parameters of a command that ``open_any`` takes."""


scenarios_argument = click.argument(
    "scenarios", metavar="SCENARIO...", nargs=-1, required=True, type=SCENARIO
)
"""The scenarios, at least one."""


seed_option = option("--seed N|random", "Use another seed, or a random one.", SEED)
at_option = option("--at TIME", "Start of the story, as in 2026-01-15T09:30:00Z.")
set_option = option(
    "settings --set", "Change the story, as in flow_run.records.failed=60.", SETTING, multiple=True
)

families_option = option(
    "--families DIR",
    "Use the event families in this folder too; repeatable.",
    FOLDER,
    multiple=True,
)


def families_of(folders: tuple[Path, ...], asked: Iterable[str | None] = ()) -> Families:
    """Return the families that ``--families`` names, and those that are shipped.

    A warning is printed for each file whose name cannot be that of a family: it is left out.
    ``asked`` are what a command is given that may be event codes: a warning is printed for each
    that an own family takes over from another one.
    """
    from ..families.registry import with_folders
    from ..scenario.files import find

    found = with_folders(folders)
    warn(_first(found.left_out))
    if folders:
        warn(found.shared_codes([each for each in asked if each and find(each) is None]))
    return found


def _first(left_out: Sequence[str]) -> Iterator[str]:
    """Yield the first sentences, and one that counts the others."""
    yield from left_out[:MOST_PRINTED]
    if (more := len(left_out) - MOST_PRINTED) > 0:
        yield f"… and {more:,} more files are left out"


def warn_of_own(families: Families) -> None:
    """Warn of own files with mistakes, which are left out, and of all codes that they take over.

    It is for commands that use all families.
    """
    warn_of_mistakes(families.readable()[1])
    warn(families.shared_codes())


_changes_of_stories = _options.added(
    seed_option,
    at_option,
    flag("--fresh", "New event ids for the same story."),
    set_option,
    families_option,
    option(
        "delivery_format --format",
        "The delivery format of all events; if left out, that of the scenario.",
        ["adobe_io", "cloud_events"],
    ),
    option("--client-id ID", "The recipient's client id."),
    option("--repeat N", "Repeat the story this many times.", click.IntRange(1, 10**9), default=1),
)
"""Changes of the stories of scenarios."""

story_options = _options.added(scenarios_argument, _changes_of_stories)
"""The scenarios, and changes of their stories."""

optional_story_options = _options.added(
    click.argument("scenarios", metavar="[SCENARIO...]", nargs=-1, type=SCENARIO),
    _changes_of_stories,
)
"""The same for a command that can also do without a scenario."""


def story_opener(
    *,
    fresh: bool,
    repeat: int,
    families: Families,
    **options: Any,
) -> Callable[[str], Story]:
    """Return a function that opens a scenario as ``story_options`` say.

    ``options`` are those of ``changes_of``. Warnings are printed as a scenario is opened.
    """
    from ..story.opening import changes_of, open_story

    changes = [*changes_of(**options)]

    def opened(name: str) -> Story:
        story = open_story(name, changes, fresh=fresh, passes=repeat, families=families)
        warn(story.warnings)
        return story

    return opened


captured_options = _options.added(
    flag("--resign", "Sign captured requests again, with flowsim's keys."),
    flag("everything --all", "Take every POST of an archive, not only those with x-adobe headers."),
)
"""How captured requests are sent again."""


def open_any(
    scenarios: tuple[str, ...],
    *,
    client_id: str | None,
    resign: bool,
    everything: bool,
    **changes: Any,
) -> list[AnyStory]:
    """Return the stories of scenarios and captured requests; all are read before one is sent.

    Captured requests that cannot be read are left out with a warning, if there are others. Raises
    ``FlowsimError`` for requests that cannot be sent, and for options that do not fit them.
    """
    from ..captures.files import are_at
    from ..captures.story import open_captures

    captured = dict.fromkeys(name for name in scenarios if are_at(name))
    _refuse_options([*captured], scenarios, client_id is not None and not resign)
    changes["families"] = families_of(changes["families"], scenarios)
    of_scenario = story_opener(client_id=client_id, **changes)
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
    """Add the captures that cannot be read to the first captured story.

    Raises the first of their errors if there is no such story.
    """
    from ..captures.story import CapturedStory

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
    """Print warnings for requests that are left out, or sent without changes."""
    from ..captures.story import CapturedStory

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
        reason = f"{captured[0]} contains captured requests, which are sent unchanged"
        raise SettingError(f"{given[0]} is for scenarios; {reason}")
    if captured and is_unsigned:
        reason = "its signatures do not fit any more"
        raise SettingError(f"--client-id changes a captured request: {reason}; add --resign")


def _given(options: dict[str, str]) -> list[str]:
    """Return the options that were typed."""
    context = click.get_current_context()
    return [
        option
        for name, option in options.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
