"""Where our hosts are while a webhook is checked, as a webhook finds them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from flowsim.checks import hosts
from flowsim.checks.options import CheckOptions
from flowsim.delivery.key_answers import KeyAnswers
from flowsim.errors import SettingError
from flowsim.installation import keys, settings

from ..consumers.app import running
from ..consumers.mistakes import MISTAKES
from ..consumers.proxied import KEY_HOST, Deceived, Proxied
from ..free_ports import free_port
from .consumers import CLIENT_ID, Candidate, candidate, named, result


@contextlib.contextmanager
def proxied(kind: type[Proxied]) -> Iterator[Candidate]:
    """Start a webhook that asks a proxy of its own for everything."""
    with running(kind(CLIENT_ID, KEY_HOST)) as started:
        yield Candidate(started, 0)


@pytest.fixture
def proxy_port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    monkeypatch.setattr(Proxied, "proxy", f"http://127.0.0.1:{port}", raising=False)
    return port


@contextlib.contextmanager
def opened(**options: Any) -> Iterator[hosts.Hosts]:
    folder = settings.keys_folder()
    keys.load(folder)
    with hosts.opened(
        CheckOptions("http://w/", CLIENT_ID, **options), KeyAnswers(folder)
    ) as places:
        yield places


def test_a_webhook_that_fetches_keys_through_the_proxy_passes(proxy_port: int) -> None:
    with proxied(Proxied) as webhook:
        findings = webhook.check("signature", proxy_port=proxy_port)
    assert findings.ok
    assert named(findings, "passed") == {each.check.name for each in findings.results}


def test_visits_to_the_foreign_host_through_the_proxy_are_seen(proxy_port: int) -> None:
    with proxied(Deceived) as webhook:
        findings = webhook.check("key-path-at", proxy_port=proxy_port)
    (visit, *_) = result(findings, "key-path-at").visits
    assert visit.host == "foreign"
    assert named(findings, "failed") == {"key-path-at"}


@pytest.mark.parametrize(
    ("mistake", "check"),
    [("resolves-key-path", "key-path-absolute"), ("opens-anything", "validation-elsewhere")],
)
def test_visits_by_plain_http_are_seen_beside_keys_by_https(mistake: str, check: str) -> None:
    with candidate(MISTAKES[mistake]) as webhook:
        findings = webhook.check(check, tls_port=0)
    assert named(findings, "failed") == {check}
    assert {each.host for each in result(findings, check).visits} == {"foreign"}


def test_a_proxy_without_a_tls_port_takes_a_free_one() -> None:
    with opened(proxy_port=0) as places:
        assert places.tls_port
        assert places.proxy_port
    with opened(tls_port=0) as places:
        assert places.proxy_port is None
    with opened() as places:
        assert (places.tls_port, places.proxy_port) == (None, None)


def test_all_hosts_listen_where_the_webhook_reaches_them() -> None:
    with opened(host="127.0.0.2", proxy_port=0) as places:
        assert {each.rpartition(":")[0] for each in (places.keys, places.foreign)} == {"127.0.0.2"}
        answer = requests.get(f"http://{places.keys}/no-key", timeout=10)
        assert answer.status_code == 404
        assert [each.path for each in places.visits.since(0)] == ["/no-key"]


def test_an_address_of_the_next_protocol_is_written_in_brackets() -> None:
    with opened(host="::1") as places:
        assert places.keys.startswith("[::1]:")
        assert requests.get(f"http://{places.keys}/no-key", timeout=10).status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_an_address_for_listening_everywhere_is_refused(host: str) -> None:
    with (
        pytest.raises(SettingError, match="name the address at which the webhook"),
        opened(host=host),
    ):
        pass


def test_the_certificate_is_good_for_the_host_too(proxy_port: int) -> None:
    """A webhook that is led to the foreign host by HTTPS is not kept from it by a name."""

    class There(Deceived):
        proxy = f"http://127.0.0.2:{proxy_port}"

    with proxied(There) as webhook:
        findings = webhook.check("key-path-at", proxy_port=proxy_port, host="127.0.0.2")
    assert named(findings, "failed") == {"key-path-at"}
    assert result(findings, "key-path-at").visits
