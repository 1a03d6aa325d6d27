"""The form of a run of checks, and the run that it requests: its options, and its command.

Addresses are of this machine, unless the service allows the webhook of a registration elsewhere.
Nothing here is a command or a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from ...checks import catalogue
from ...checks.asking import EXAMPLES, question
from ...checks.options import CheckOptions, SharedKeys, WebhookAccess, over_http
from ...checks.subject import subject_of
from ...core import duration, targets
from ...core.host_names import ip_of
from ...core.shell_words import quoted
from ...core.spec_values import RegistrationSpec
from ...errors import SettingError, TargetError
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from ...runtime.defaults import KEYS_PORT, TIME_LIMIT, TIMEOUT
from .check_list import CheckFilter, chosen_names, skipped_names

FORMATS = ("adobe_io", "cloud_events")
_PLACES = {"processed": "event_id", "state": "run_id"}
_TEXTS = (
    *("registration", "url", "client_id", "keys", "event", "format", "time_limit"),
    *_PLACES,
)
_FLAGS = ("thorough", "strict", "require_judged")


@dataclass(frozen=True, slots=True)
class CheckForm:
    """The form as it was sent; ``keys`` is ``service`` or ``own``."""

    registration: str = ""
    url: str = ""
    client_id: str = ""
    keys: str = "service"
    event: str = ""
    format: str = ""
    time_limit: str = ""
    processed: str = ""
    state: str = ""
    thorough: bool = False
    strict: bool = False
    require_judged: bool = False
    ticked: tuple[str, ...] = ()

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> CheckForm:
        """Return what a form says; what it leaves out has its default."""
        said: dict[str, Any] = {name: form.get(name, "").strip() for name in _TEXTS}
        said |= {name: name in form for name in _FLAGS}
        return cls(**said, ticked=tuple(form.getlist("check")))

    @classmethod
    def ticking(cls, query: MultiDict[str, str]) -> CheckForm:
        """Return an empty form with the checks ticked that a query names; others are left out."""
        named = set(query.getlist("check"))
        return cls(ticked=tuple(each for each in catalogue.names() if each in named))


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """A run that may begin.

    ``command`` does the same in a terminal. ``given`` maps the options that a repetition needs to
    their words in a command.
    """

    options: CheckOptions
    access: WebhookAccess
    command: str
    given: Mapping[str, str]


def read(
    service: Service, form: CheckForm, wanted: CheckFilter, shared: SharedKeys
) -> RequestedRun:
    """Return the run that a form requests.

    Raises ``FlowsimError`` with one sentence for the first mistake in it.
    """
    registration = None if form.url else _registration(service, form.registration)
    url = local_address(form.url) if registration is None else _of_webhook(service, registration)
    client_id = form.client_id or (
        registration.client_id if registration else service.installation.client_id
    )
    only = chosen_names(form.ticked, wanted, thorough=form.thorough)
    skip = skipped_names(only)
    catalogue.select(only, skip, thorough=form.thorough)
    subject_of(form.event or None, service.families)
    options = CheckOptions(
        url,
        client_id,
        only=only,
        skip=skip,
        delivery_format=_format(service, form, registration),
        keys_port=KEYS_PORT,
        key_host=None if form.keys == "own" else shared,
        processed=_question("processed", form.processed),
        state=_question("state", form.state),
        **{name: getattr(form, name) for name in _FLAGS},
        time_limit=_time_limit(form.time_limit),
        tls=service.tls,
        event=form.event or None,
        families=service.families,
    )
    resolve = service.targets.resolve if registration else None
    access = over_http(url, timeout=TIMEOUT, tls=service.tls, resolve=resolve)
    return RequestedRun(options, access, command_of(options), repetition(options))


def _registration(service: Service, id_: str) -> Registration:
    found = service.registrations.find(id_) if id_ else None
    if id_ and found is None:
        raise SettingError(f"no registration {id_[:60]!r}; choose another, or type an address")
    if found is None:
        raise SettingError("no webhook is named; choose a registration, or type an address")
    return found


def _of_webhook(service: Service, registration: Registration) -> str:
    if registration.webhook_url is None:
        raise SettingError(f"the registration {registration.name} has no webhook to be checked")
    service.targets.check(registration.webhook_url)
    return targets.parse_target(registration.webhook_url)


def local_address(text: str) -> str:
    """Return the URL of an address of this machine; raises ``TargetError`` for any other."""
    url = targets.parse_target(text)
    host, _ = targets.place_of(url)
    ip = ip_of(host)
    if host == "localhost" or (ip is not None and ip.is_loopback):
        return url
    raise TargetError(
        f"{host} is no address of this machine, as 127.0.0.1 and localhost are; pages call no "
        f"other, so type flowsim check {quoted(targets.shortened(url))} in a terminal"
    )


def _question(name: str, text: str) -> str | None:
    if not text:
        return None
    try:
        url = question(text, _PLACES[name], EXAMPLES[name])
        place = f"{{{_PLACES[name]}}}"
        local_address(url.replace(place, "id"))
    except (ValueError, TargetError) as error:
        raise SettingError(f"the address for --{name}: {error}") from None
    return url


def _format(service: Service, form: CheckForm, registration: Registration | None) -> str | None:
    """Return the delivery format: for a registration that of the service, if none is chosen."""
    if form.format in FORMATS:
        return form.format
    is_cloud = registration and service.platform_provider.delivers_cloud_events
    return "cloud_events" if is_cloud else None


def _time_limit(text: str) -> float:
    try:
        return duration.parse(text) if text else TIME_LIMIT
    except ValueError as error:
        raise SettingError(f"the time limit {text[:40]!r}; expected {error}") from None


def repetition(options: CheckOptions) -> dict[str, str]:
    """Return the options that a repetition needs → their words for a shell."""
    limit = "" if options.time_limit == TIME_LIMIT else duration.exact(options.time_limit)
    is_usual = options.client_id == RegistrationSpec().client_id
    values = {
        "client_id": ("--client-id", "" if is_usual else options.client_id),
        "delivery_format": ("--format", options.delivery_format or ""),
        "event": ("--event", options.event or ""),
        "time_limit": ("--time-limit", limit),
        "processed": ("--processed", _short(options.processed)),
        "state": ("--state", _short(options.state)),
    }
    words = {name: f"{option} {quoted(value)}" for name, (option, value) in values.items() if value}
    return words | ({"thorough": "--thorough"} if options.thorough else {})


def _short(url: object) -> str:
    return targets.shortened(url) if isinstance(url, str) else ""


def command_of(options: CheckOptions) -> str:
    """Return the command that does the same in a terminal."""
    words: Sequence[str] = (
        f"flowsim check {quoted(targets.shortened(options.url))}",
        *([f"--only {','.join(options.only)}"] if options.only else []),
        *([f"--skip {','.join(options.skip)}"] if options.skip else []),
        *repetition(options).values(),
        *(["--strict"] if options.strict else []),
        *(["--require-judged"] if options.require_judged else []),
    )
    return " ".join(words)
