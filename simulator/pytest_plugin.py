"""The plugin for pytest: fixtures for the tests of a consumer; ``-p no:flowsim`` leaves it out.

Everything else is imported when a fixture is asked for, so tests without one start as fast.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .checks.findings import Findings
    from .testing.choices import Choices
    from .testing.flowsim import Flowsim
    from .testing.public_keys import PublicKeys
    from .testing.receiver import Receiver
    from .testing.report import ReplayReport
    from .testing.service import EventsService

_HOME = pytest.StashKey[Path]()
_REPORTS = pytest.StashKey[list["ReplayReport"]]()
_PLACES = pytest.StashKey[dict[str, "Receiver | EventsService"]]()

_MARKER = (
    "flowsim(scenario=..., seed=..., clock=..., target=..., path=..., client_id=...): "
    "what the flowsim fixtures of this test use unless a call says otherwise."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("flowsim", "flowsim (notifications of Adobe I/O Events)")
    for name, text in (
        ("target", "The webhook: an address, or module:name of a WSGI or ASGI application."),
        ("client-id", "The recipient's client id."),
        ("seed", "The seed of every scenario, or random."),
    ):
        ini = f"flowsim_{name.replace('-', '_')}"
        group.addoption(f"--flowsim-{name}", dest=ini, metavar=name.upper(), help=text)
        parser.addini(ini, f"{text} --flowsim-{name} overrides it.")
    parser.addini("flowsim_path", "Where the webhook is in an application.", default="/")
    parser.addini(
        "flowsim_scenarios", "Folders in which scenarios are looked up first.", type="paths"
    )
    parser.addini("flowsim_families", "Folders with event families of your own.", type="paths")
    parser.addini(
        "flowsim_home",
        "Where keys are kept; default: FLOWSIM_HOME if it is set, else the cache of pytest.",
        type="paths",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what happened to the report of a test that fails: replays, requests, attempts."""
    report = yield
    if report.failed:
        for each in item.stash.get(_REPORTS, []):
            if not each.is_shown:
                report.sections.append((each.title, each.timeline))
        for name, place in item.stash.get(_PLACES, {}).items() if report.when != "teardown" else ():
            report.sections.append((name, place.happened))
    return report


@pytest.fixture
def flowsim_home(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The folder with the signing keys, which are made once; never the user's own."""
    stated = os.environ.get("FLOWSIM_HOME")
    if stated and not pytestconfig.getini("flowsim_home"):
        yield Path(stated)
        return
    if _HOME not in pytestconfig.stash:
        pytestconfig.stash[_HOME] = _home(pytestconfig) or tmp_path_factory.mktemp("flowsim")
    home = pytestconfig.stash[_HOME]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWSIM_HOME", str(home))
        yield home


def _home(config: pytest.Config) -> Path | None:
    """Return the folder that lasts: as configured, or in the cache of pytest, if there is one."""
    stated = config.getini("flowsim_home")
    if stated:
        return Path(stated[0])
    cache = getattr(config, "cache", None)
    try:
        return cache.mkdir("flowsim") if cache else None
    except OSError:  # a folder that may not be written to
        return None


@pytest.fixture
def _flowsim_choices(request: pytest.FixtureRequest) -> Choices:
    """The defaults of this test: those of its nearest marker come first."""
    from .errors import SettingError

    try:
        choices = _configured(request.config)
        for marker in reversed(list(request.node.iter_markers("flowsim"))):
            choices = choices.marked(marker.args, marker.kwargs)
        return choices
    except SettingError as error:
        pytest.fail(str(error), pytrace=False)


def _configured(config: pytest.Config) -> Choices:
    from .testing.choices import Choices, seed_of

    def chosen(name: str) -> str | None:
        return config.getoption(name) or config.getini(name) or None

    return Choices(
        chosen("flowsim_target"),
        config.getini("flowsim_path"),
        chosen("flowsim_client_id"),
        seed_of(chosen("flowsim_seed") or "", "flowsim_seed"),
        scenarios=tuple(config.getini("flowsim_scenarios")),
        families=tuple(config.getini("flowsim_families")),
    )


@pytest.fixture
def _flowsim_keys(flowsim_home: Path) -> Iterator[PublicKeys]:  # noqa: ARG001 - it is set there
    from contextlib import closing

    from .installation.settings import keys_folder
    from .testing.public_keys import PublicKeys

    with closing(PublicKeys(keys_folder())) as keys:
        yield keys


@pytest.fixture
def flowsim(
    request: pytest.FixtureRequest, _flowsim_choices: Choices, _flowsim_keys: PublicKeys
) -> Flowsim:
    """Delivers stories to a webhook and checks it, as in ``flowsim.replay("partial", target=app)``.
    replay(scenario, target): deliver a story, retries included; returns the report of it.
    areplay(scenario, target): the same in an async test, awaited, on its event loop.
    check(target): send what Adobe may send, good and bad; each check is a subtest.
    acheck(target): the same in an async test, awaited, on its event loop.
    notifications(scenario): the signed requests of a story, which are not sent.
    public_key(path): the PEM that Adobe's key host would serve at a path.
    public_keys: the PEMs of the two keys in use, by their paths.
    key_host: the address where the public keys are served until the test ends.
    keys: the same keys, for a Receiver that the test makes itself.
    """
    from .testing.flowsim import Flowsim

    def report_check(findings: Findings) -> None:
        __tracebackhide__ = True
        from .testing.subtests import report

        try:
            subtests = request.getfixturevalue("subtests")
        except pytest.FixtureLookupError:  # before pytest 9, without pytest-subtests
            subtests = None
        report(findings, subtests)

    reports = request.node.stash.setdefault(_REPORTS, [])
    return Flowsim(_flowsim_choices, _flowsim_keys, on_replay=reports.append, on_check=report_check)


@pytest.fixture
def flowsim_receiver(
    request: pytest.FixtureRequest, _flowsim_keys: PublicKeys
) -> Iterator[Receiver]:
    """A webhook on a free port that verifies what it gets, and keeps it.
    url: where to deliver to.
    received: the requests so far, oldest first, each with the status that it got.
    request(code, ...): the first request that fits, or an error with the nearest one.
    happened: the requests in a table, as a test that fails shows them.
    respond(codes): answer the attempts at each event so, as in respond("503*2,200").
    clear(): delete the requests, and the number of attempts at each event.
    """
    from .testing.receiver import Receiver

    with Receiver(_flowsim_keys) as running:
        request.node.stash.setdefault(_PLACES, {})["flowsim_receiver"] = running
        yield running


@pytest.fixture
def flowsim_service(
    request: pytest.FixtureRequest,
    flowsim_home: Path,  # noqa: ARG001 - it is set there
    _flowsim_choices: Choices,
) -> Iterator[EventsService]:
    """Adobe I/O Events on a free port, in memory; its clock is manual unless a marker says so.
    url: the address of its API.
    identity: ids, client secret, token and ports, by the names of their environment variables.
    now: the time of its clock, in UTC.
    register(webhook): subscribe an address to event codes; returns the registration.
    deliver_as(format): set the format of platform notifications, adobe_io or cloud_events.
    trigger(scenario): publish the events of a story to the registrations.
    advance(time): move the clock, as in advance("24h"); what is due is delivered until then.
    journal(registration): the events in its journal, oldest first.
    attempts(registration): the attempts at deliveries to it, or to all, oldest first.
    attempt(registration, ...): the first attempt that fits, or an error with the nearest one.
    happened: the events and attempts in tables, as a test that fails shows them.
    status(registration): ACTIVE, UNSTABLE, DISABLED or PENDING.
    redeliver(event_id): deliver an event again.
    local: the service itself, for what the rest does not give.
    """
    from .testing.service import EventsService

    with_proxy = "flowsim_environment" in request.fixturenames
    clock, folders = _flowsim_choices.clock or "manual", _flowsim_choices.scenarios
    families = _flowsim_choices.families
    with EventsService(clock, folders, with_proxy=with_proxy, families=families) as running:
        request.node.stash.setdefault(_PLACES, {})["flowsim_service"] = running
        yield running


@pytest.fixture
def flowsim_environment(
    flowsim_service: EventsService, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The variables that bring unmodified clients to ``flowsim_service`` as if it were Adobe's.
    They are set until the test ends, and returned by their names.
    FLOWSIM_*: the address, ports, ids, client secret and token of the service.
    HTTPS_PROXY, HTTP_PROXY, NO_PROXY, *_proxy: the proxy that leads to Adobe's host names.
    SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, NODE_EXTRA_CA_CERTS: whom to trust.
    NODE_OPTIONS, JAVA_TOOL_OPTIONS: proxy and trust for programs in Node and Java.
    AIO_STATE_ENDPOINT, __OW_*: where Adobe's SDK for Node keeps states, and as whom.
    aio_*: what the testers of Adobe's SDK for Java read.
    """
    from .adobe_clients.environment import of_service

    found = of_service(flowsim_service.identity, os.environ)
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found
