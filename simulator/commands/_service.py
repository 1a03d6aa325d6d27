"""What commands share that call a running service: the call, and which registration is meant."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from . import _options
from ._options import F, option
from ._output import print_json, say_lines, say_waiting

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient

Json = dict[str, Any]

CONTROL = "/_flowsim"

DEFAULT_SERVICE = "http://127.0.0.1:4010"
"""Where commands look for the service, unless another is named."""

_SHORTEST = 4
"""The beginning of an id needs at least this many characters."""


service_option = option(
    "--service URL",
    "The running service: 4010, :4010 or a URL.",
    default=DEFAULT_SERVICE,
    envvar="FLOWSIM_SERVICE",
    show_envvar=True,
)
"""``--service``: the address of the service."""


service_options = _options.added(
    service_option,
    _options.wait("How long to wait for the service to be ready."),
    _options.as_json("JSON, for programs."),
)
"""``--service``, ``--wait`` and ``--json``."""


SERVICE_PARAMETERS = ("service", "wait", "as_json")
"""The parameters that ``service_options`` add."""


def registration_option(help_text: str) -> Callable[[F], F]:
    """Add ``--registration``: an id, the beginning of one, or a name."""
    return option("--registration ID", help_text)


@contextlib.contextmanager
def connected(service: str, wait: float) -> Iterator[ServiceClient]:
    """Yield a client of the service at an address as typed; wait until it is ready, if asked to."""
    from ..core.targets import parse_target
    from ..events_service.client import ServiceClient

    with ServiceClient(parse_target(service)) as client:
        if wait:
            client.wait(wait, say_waiting)
        yield client


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """What a command needs that calls a running service."""

    client: ServiceClient
    as_json: bool

    def status(self) -> Json:
        """Return the status of the service; from then on calls name its client id as api key."""
        status: Json = self.client.get(f"{CONTROL}/status")
        self.client.identify(status["installation"]["client_id"])
        return status

    def show(self, content: Json | list[Json], lines: Iterable[str]) -> None:
        """Print lines to read, or JSON: one line for each object."""
        if not self.as_json:
            say_lines(lines)
            return
        for each in content if isinstance(content, list) else [content]:
            print_json(each)


def calls_service(function: Callable[..., int | None]) -> Callable[..., None]:
    """Add ``service_options``, and call a command with a ``ServiceCall`` in their place.

    It returns its exit code. A subcommand takes options that stand before it, too.
    """

    @service_options
    @click.pass_context
    @wraps(function)
    def call(ctx: click.Context, /, **options: Any) -> None:
        if isinstance(ctx.command, click.Group) and ctx.invoked_subcommand is not None:
            return
        for name in SERVICE_PARAMETERS:
            del options[name]
        service, wait, as_json = (_given(ctx, name) for name in SERVICE_PARAMETERS)
        with connected(service, wait) as client:
            code = function(ServiceCall(client, as_json), **options)
        if code is not None:
            ctx.exit(code)

    return call


def _given(ctx: click.Context, name: str) -> Any:
    """Return an option that was typed behind the subcommand, or else before it."""
    is_before = ctx.parent is not None and _is_typed(ctx.parent, name) and not _is_typed(ctx, name)
    return (ctx.parent if is_before and ctx.parent else ctx).params[name]


def _is_typed(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def chosen(status: Json, named: str | None, how: str = "with --registration") -> Json:
    """Return the registration that is named; no name is needed if there is only one.

    ``how`` says where one is named. Raises ``SettingError`` that lists what can be named.
    """
    from ..errors import SettingError

    known: list[Json] = status["registrations"]
    if not known:
        make = next_command("register", "--webhook", "3000")
        raise SettingError(f"no registration yet; make one, as in {make}")
    found = known if named is None else meant(known, named)
    if len(found) == 1:
        return found[0]
    if named is None:
        raise SettingError(f"several registrations; name one {how}: {_choice(known)}")
    if not found:
        raise SettingError(f"no registration {named!r}; expected one of {_choice(known)}")
    raise SettingError(f"more than one registration {named!r}: {_choice(found, shortest=36)}")


def meant(known: list[Json], named: str) -> list[Json]:
    """Return the registrations with this id or name, or else those whose id begins with it."""
    id_ = named.lower()
    exact = [each for each in known if id_ == each["registration_id"] or named == each["name"]]
    if exact or len(named) < _SHORTEST:
        return exact
    return [each for each in known if each["registration_id"].startswith(id_)]


def _choice(known: list[Json], shortest: int = 8) -> str:
    """Return some registrations to choose from, and the command that lists all."""
    from ..core.printable import MOST_LISTED, listed

    words = [f"{each['registration_id'][:shortest]} ({each['name']})" for each in known]
    more = f"; {next_command('registrations')} lists them" if len(known) > MOST_LISTED else ""
    return listed(words) + more


def named(ids: list[str], known: list[Json]) -> str:
    """Return the names of registrations, as ``orders and 2 more``; an unknown one has its id."""
    from ..core.printable import listed

    names = {each["registration_id"]: each["name"] for each in known}
    return listed([names.get(each, each) for each in ids])


def next_command(*words: str) -> str:
    """Return a command to type next, quoted for the shell, that calls the same service."""
    return shell_line("flowsim", *words, *_same_service())


def shell_line(*words: str) -> str:
    """Return a command, quoted for the shell."""
    from ..core.shell_words import quoted

    return " ".join(map(quoted, words))


def _same_service() -> list[str]:
    """Return ``--service`` as it was typed; an address in the environment need not be repeated."""
    ctx = click.get_current_context(silent=True)
    while ctx is not None:
        if ctx.get_parameter_source("service") is ParameterSource.COMMANDLINE:
            return ["--service", ctx.params["service"]]
        ctx = ctx.parent
    return []
