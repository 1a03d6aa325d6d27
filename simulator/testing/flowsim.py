"""The fixture ``flowsim``: replays, notifications and keys for the tests of a consumer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import Any

from ..checks.check import Check
from ..checks.findings import Findings
from ..checks.options import CheckOptions
from ..core.spec_values import RegistrationSpec
from ..delivery.story_runner import AnyStory, first_attempts
from ..errors import FlowsimError, SettingError
from ..runtime.clock import speed_of
from ..runtime.defaults import CLOCK, TIMEOUT
from ..story.opening import Story
from . import checking, reach, replaying, stories
from .checking import Subtests
from .choices import Choices
from .notification import SignedNotification, notification_of
from .public_keys import PublicKeys
from .replaying import Means
from .report import ReplayReport
from .stories import Faults, Wishes

ATTEMPTS = 5
"""How often an event is tried unless told otherwise: an application with a mistake in it would
write its traceback a hundred times in a day."""


class Flowsim:
    """Sends what Adobe would send; ``told`` hears of each replay, checks become ``subtests``.

    Every call raises ``FlowsimError`` with one clear sentence for what cannot be done.
    """

    def __init__(
        self,
        choices: Choices,
        keys: PublicKeys,
        told: Callable[[ReplayReport], None],
        subtests: Callable[[], Subtests | None] = lambda: None,
    ) -> None:
        self._choices = choices
        self._keys = keys
        self._tell = told
        self._subtests = subtests

    def replay(  # noqa: PLR0913 - the command has as many options
        self,
        scenario: object = None,
        target: Any = None,
        *,
        path: str | None = None,
        seed: int | str | None = None,
        at: str | datetime | None = None,
        clock: str | None = None,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
        faults: Faults = None,
        client_id: str | None = None,
        fresh: bool = False,
        resign: bool = False,
        max_attempts: int | None = ATTEMPTS,
        timeout: float = TIMEOUT,
        wait: float = 0.0,
        threads: bool = False,
    ) -> ReplayReport:
        """Deliver a scenario to a webhook, retries included, and return what came of it.

        ``scenario`` is a shipped name, a file, or a mapping that is one; or captured requests,
        a folder or a file, which are sent as they were, or signed anew with ``resign``.
        ``target`` is an address, a WSGI or ASGI application, or ``module:name`` of one;
        ``path`` says where the webhook is in an application.

        ``seed`` (a number or ``random``), ``at``, ``client_id``, ``faults`` and ``set``
        (``{"flow_run.records.failed": 60}``) change the story; ``fresh`` draws new event ids.
        ``clock`` is ``fast`` (waits are skipped), ``real`` or a speed such as ``60x``.
        ``timeout`` is in seconds and spans one attempt, ``wait`` is how long an address may
        take to listen. ``max_attempts`` of ``None`` goes on for the 24 hours that Adobe does.

        A WSGI application is called in the thread of the test, one request at a time; with
        ``threads`` each request has a thread of its own.
        """
        __tracebackhide__ = True
        chosen = self._choices
        target = chosen.target if target is None else target
        path = chosen.path if path is None else path
        clock = clock or chosen.clock or CLOCK
        try:
            skips_waits = _skips_waits(clock)
            wishes = Wishes(set, faults, seed, at, client_id, fresh)
            story = self._told(scenario, wishes, resign)
            way = reach.of(target, path, timeout=timeout, threads=threads)
            means = Means(self._keys.folder, self._keys.answers, clock, max_attempts, wait)
            course = replaying.replay(story, way, means)
        except FlowsimError as error:
            raise error.with_traceback(None) from None
        report = ReplayReport(story, way.url, course, skips_waits)
        self._tell(report)
        return report

    def check(  # noqa: PLR0913 - the command has as many options
        self,
        target: Any = None,
        *,
        path: str | None = None,
        processed: Callable[[str], int] | str | None = None,
        settle: float | None = None,
        only: str | Sequence[str] = (),
        skip: str | Sequence[str] = (),
        checks: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
        client_id: str | None = None,
        seed: int | None = None,
        delivery_format: str = "adobe_io",
        strict: bool = False,
        timeout: float = TIMEOUT,
        wait: float = 0.0,
    ) -> Findings:
        """Check whether a webhook does right by all that Adobe may send; each check is a subtest.

        ``processed`` says how often an event id was processed: a function, called in the
        thread of the test, or an address with ``{event_id}`` in it. Without it what depends on
        that is skipped. ``settle`` is how many seconds it may take to process what it
        acknowledged, 3 if left out. ``only`` and ``skip`` name checks or groups; ``checks`` are
        files with checks of your own. ``strict`` fails by what a webhook should do, too. The
        webhook has to look up keys with ``public_key``, or fetch them at ``key_host``.

        A WSGI application is called in threads of its own, as by a server.
        """
        __tracebackhide__ = True
        chosen = self._choices
        target = chosen.target if target is None else target
        path = chosen.path if path is None else path
        try:
            way = reach.of(target, path, timeout=timeout, threads=True)
            with self._keys.lent() as port:
                options = CheckOptions(
                    url=way.url,
                    client_id=client_id or chosen.client_id or RegistrationSpec().client_id,
                    only=_names(only),
                    skip=_names(skip),
                    own=_own_checks(checks),
                    seed=seed,
                    delivery_format=delivery_format,
                    keys_port=port,
                    processed=checking.asked_here(processed, way.here),
                    settle=settle,
                    strict=strict,
                )
                findings = checking.check(options, way.line(wait), way.here)
        except FlowsimError as error:
            raise error.with_traceback(None) from None
        checking.tell(findings, self._subtests())
        return findings

    def notifications(
        self,
        scenario: object = None,
        *,
        seed: int | str | None = None,
        at: str | datetime | None = None,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
        faults: Faults = None,
        client_id: str | None = None,
        fresh: bool = False,
    ) -> list[SignedNotification]:
        """Return the signed requests of a scenario without sending them, the first attempts.

        The arguments are those of ``replay``.
        """
        __tracebackhide__ = True
        try:
            story = self._story(scenario, Wishes(set, faults, seed, at, client_id, fresh))
            made = first_attempts(story, reach.ORIGIN, self._keys.folder, self._keys.answers)
            return list(map(notification_of, made))
        except FlowsimError as error:
            raise error.with_traceback(None) from None

    def public_key(self, path: str) -> bytes:
        """Return the PEM at a key path of a delivery, or at a URL with one.

        Raises ``LookupError`` where Adobe's key host would answer 404.
        """
        return self._keys.find(path)

    @property
    def public_keys(self) -> dict[str, bytes]:
        """The PEMs of the two keys in use, each by its path."""
        return self._keys.current()

    @property
    def key_host(self) -> str:
        """Where the public keys are served until the test ends: ``http://127.0.0.1:41234``."""
        return f"http://127.0.0.1:{self._keys.port}"

    def _told(self, scenario: object, wishes: Wishes, resign: bool) -> AnyStory:
        named = self._choices.scenario if scenario is None else scenario
        folders = self._choices.scenarios
        captured = stories.open_captured(named, folders, wishes, resign=resign)
        return captured or self._story(scenario, wishes)

    def _story(self, scenario: object, wishes: Wishes) -> Story:
        chosen = self._choices
        changes = list(wishes.changes(chosen.seed, chosen.client_id))
        named = chosen.scenario if scenario is None else scenario
        return stories.open_story(named, chosen.scenarios, changes, fresh=wishes.fresh)


def _names(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _own_checks(files: str | PathLike[str] | Sequence[str | PathLike[str]]) -> list[Check]:
    if not files:
        return []
    from ..checks.own_checks import read

    return read([files] if isinstance(files, str | PathLike) else [*files])


def _skips_waits(clock: str) -> bool:
    """Tell whether a clock jumps; raises ``SettingError`` if it is none."""
    try:
        return speed_of(clock) is None
    except ValueError:
        raise SettingError(
            f"clock={clock!r} is neither fast, real nor a speed such as 60x"
        ) from None
