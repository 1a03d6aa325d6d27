"""``Flowsim``: replays, checks, notifications and keys, for programs and as a fixture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

from ..checks.asking import Ignores, Processed, Restart, StateOf
from ..checks.findings import Findings
from ..checks.options import CheckOptions
from ..core.printable import brief
from ..core.signature import KeyHostDownError
from ..core.spec_values import RegistrationSpec
from ..delivery.app_threads import in_new_thread
from ..errors import Nearest, SettingError
from ..installation.settings import keys_folder
from ..runtime.defaults import TIME_LIMIT, TIMEOUT
from . import reach, runs, stories
from .choices import Choices
from .home_loop import HomeLoop
from .public_keys import PublicKeys
from .replays import Replays
from .report import ReplayReport
from .stories import Folders
from .wording import for_programs, taking


class Flowsim(Replays):
    """Delivers stories to webhooks, checks webhooks, and has the public keys for them.

    In a program use it with ``with``: its key host is served until the block ends, on a free
    port if ``keys_port`` is 0. In pytest the fixture ``flowsim`` is one, with the ``choices`` of
    the project. ``on_replay`` and ``on_check`` are called with each result. Every call raises
    ``FlowsimError`` with one clear sentence if it cannot be done.
    """

    def __init__(
        self,
        choices: Choices | None = None,
        keys: PublicKeys | None = None,
        *,
        keys_port: int = 0,
        on_replay: Callable[[ReplayReport], None] = lambda _: None,
        on_check: Callable[[Findings], None] = lambda _: None,
    ) -> None:
        keys = keys or PublicKeys(keys_folder(), keys_port)
        super().__init__(choices or Choices(), keys, on_replay)
        self._on_check = on_check

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.keys.close()

    @for_programs
    def check(  # noqa: PLR0913 - the command has as many options
        self,
        target: Any = None,
        *,
        path: str | None = None,
        processed: Processed | str | None = None,
        state: StateOf | str | None = None,
        ignores: Ignores | str = (),
        restart: Restart | None = None,
        settle: float | None = None,
        only: str | Sequence[str] = (),
        skip: str | Sequence[str] = (),
        checks: Folders = (),
        families: Folders = (),
        client_id: str | None = None,
        seed: int | None = None,
        delivery_format: str | None = None,
        event: str | None = None,
        strict: bool = False,
        require_judged: bool = False,
        thorough: bool = False,
        time_limit: float = TIME_LIMIT,
        timeout: float = TIMEOUT,
        wait: float = 0.0,
    ) -> Findings:
        """Check whether a webhook handles everything that Adobe may send; return the findings.

        ``processed`` says how often an event id was processed: a function, or an address with
        ``{event_id}`` in it. ``state`` says what is known of a flow run: a function of the run id
        that returns a mapping with ``status``, ``records``, ``failed``, ``started`` and ``ended``,
        or ``None``; or an address with ``{run_id}`` in it. Without them the checks that depend on
        them are skipped. ``ignores`` are event codes that the webhook leaves out on purpose, or a
        function that gets an event, with ``code``, ``id`` and ``content``. ``restart`` is a
        function that restarts the webhook, as a deployment does. Each of these functions is called
        in the thread of the test, and may be async: then it is awaited on an event loop of the
        check's own, in another thread; ``acheck`` awaits it on that of the test. ``settle`` is how
        many seconds the webhook may take to process what it acknowledged; if left out, that is
        measured. ``only`` and ``skip`` name checks or groups;
        ``checks`` are files with checks of your own, ``families`` folders with event families for
        them. ``event`` is the event code that the checks send, if not that of flow runs. ``strict``
        fails on checks of level ``should`` too, ``require_judged`` if one of level ``must`` cannot
        be judged. A ``thorough`` check looks further, and takes longer. What does not fit into
        ``time_limit`` seconds is not judged. Otherwise ``ok`` of the findings only says that no
        failure counts. The webhook has to look up keys with ``public_key``, or fetch them at
        ``key_host``.

        A WSGI application is called in threads of its own, as by a server.
        """
        __tracebackhide__ = True
        way = self._reach(target, path, timeout, threads=True)
        known = stories.families_in(families, self._choices.families)
        _expect_function(restart)
        codes = [ignores] if isinstance(ignores, str) else ignores
        with self.keys.given_up_port() as port:
            options = CheckOptions(
                url=way.url,
                client_id=client_id or self._choices.client_id or RegistrationSpec().client_id,
                only=_names(only),
                skip=_names(skip),
                own=stories.own_checks(checks, known),
                families=known,
                seed=seed,
                delivery_format=delivery_format,
                event=event,
                keys_port=port,
                processed=runs.asked_here(processed, way.here),
                state=runs.asked_here(state, way.here),
                ignores=runs.asked_here(codes, way.here),
                restart=runs.asked_here(restart, way.here),
                settle=settle,
                strict=strict,
                require_judged=require_judged,
                thorough=thorough,
                time_limit=time_limit,
            )
            findings = runs.check(options, way.access(wait), way.here)
        self._on_check(findings)
        return findings

    @taking(check)
    @for_programs
    async def acheck(self, target: Any = None, **named: Any) -> Findings:
        """Check a webhook from an async test: ``await flowsim.acheck(app)``.

        The arguments are those of ``check``. An ASGI application runs on the event loop of the
        test, and functions such as ``processed`` are called there; they may be async.
        """
        __tracebackhide__ = True
        target = self._choices.target if target is None else target
        home, quiet = HomeLoop(), Flowsim(self._choices, self.keys)
        asked = {name: home.asked(each) for name, each in named.items()}
        findings = await in_new_thread(
            partial(quiet.check, home.app(reach.imported(target)), **asked)
        )
        self._on_check(findings)
        return findings

    def public_key(self, path: str) -> bytes:
        """Return the PEM at a key path of a delivery, such as ``/prod/keys/pub-key-….pem``.

        A URL with such a path is accepted too, if it leads to Adobe's key host or to ``key_host``.
        The path stands in a header, which a sender can forge: give only its last part, behind
        ``/prod/keys/``. A webhook that passes on the whole header would follow it anywhere in
        production. Raises ``LookupError`` where Adobe's key host would answer 404; a webhook
        then verifies the other signature, and answers 503 if that does not fit. Raises
        ``ConnectionError`` where a fault has put the key host down: 503 is right there too.
        """
        try:
            return self.keys.find(path)
        except KeyHostDownError:
            text = f"{brief(path)}: the key host answers 503, as a fault wants it"
            raise ConnectionError(text) from None
        except LookupError:
            near = Nearest(path, self.public_keys).before("the path of a key in use")
            text = f"no key at {brief(path)}, where Adobe's key host would answer 404"
            raise LookupError(f"{text}; expected {near}") from None

    @property
    def public_keys(self) -> dict[str, bytes]:
        """The PEMs of the two keys in use, each by its path."""
        return self.keys.current()

    @property
    def key_host(self) -> str:
        """Where the public keys are served until the end, such as ``http://127.0.0.1:41234``."""
        return f"http://127.0.0.1:{self.keys.port}"


def _names(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _expect_function(restart: object) -> None:
    if restart is not None and not callable(restart):
        raise SettingError(f"restart={restart!r}; expected a function that restarts the webhook")
