"""A host is looked up once, and its addresses are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from flowsim.core.targets import Allowed
from flowsim.errors import TargetError
from flowsim.events_service.deliveries import targets
from flowsim.events_service.deliveries.targets import Targets


class Names:
    """The addresses of names at the moment, and the names that were looked up."""

    def __init__(self, **addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.addresses:
            raise OSError("no such host")
        return self.addresses[host]


def resolve(targets: Targets, host: str) -> Sequence[str]:
    return asyncio.run(targets.resolve(host, 80))


def test_a_name_that_changes_its_address_is_called_at_the_old_one() -> None:
    """Otherwise a name could change after it was checked (DNS rebinding)."""
    names = Names(hooks=["127.0.0.1"])
    targets = Targets(Allowed(), names)
    targets.check("http://hooks:3000/")
    names.addresses["hooks"] = ["169.254.169.254"]
    assert resolve(targets, "hooks") == resolve(targets, "HOOKS.") == ["127.0.0.1"]
    assert names.asked == ["hooks"]


def test_a_name_outside_ascii_is_looked_up_as_in_dns() -> None:
    names = Names(**{"xn--bcher-kva.example": ["127.0.0.1"]})
    targets = Targets(Allowed(), names)
    targets.check("http://bücher.example/")
    assert resolve(targets, "xn--bcher-kva.example") == ["127.0.0.1"]
    assert names.asked == ["xn--bcher-kva.example"]


def test_saving_a_webhook_again_looks_up_and_checks_its_host_again() -> None:
    names = Names(hooks=["127.0.0.1"])
    targets = Targets(Allowed(), names)
    targets.check("http://hooks/")
    names.addresses["hooks"] = ["127.0.0.2"]
    targets.check("http://hooks/")
    assert resolve(targets, "hooks") == ["127.0.0.2"]
    names.addresses["hooks"] = ["10.0.0.1"]
    with pytest.raises(TargetError, match=r"hooks is at 10\.0\.0\.1.*--allow-target hooks"):
        targets.check("http://hooks/")
    assert resolve(targets, "hooks") == ["127.0.0.2"]


def test_a_host_not_looked_up_since_the_start_is_checked_when_called() -> None:
    names = Names(here=["127.0.0.1"], there=["10.0.0.1"])
    targets = Targets(Allowed(), names)
    assert resolve(targets, "here") == ["127.0.0.1"]
    for host in ("there", "nowhere"):
        with pytest.raises(OSError, match=f"{host}.*--allow-target {host}"):
            resolve(targets, host)


def test_an_address_is_checked_without_a_lookup() -> None:
    names = Names()
    targets = Targets(Allowed.parse(["10.0.0.0/8"]), names)
    for url in ("http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/"):
        targets.check(url)
    assert resolve(targets, "::1") == ("::1",)
    for host in ("192.168.1.7", "::ffff:192.168.1.7"):
        with pytest.raises(OSError, match="--allow-target"):
            resolve(targets, host)
    assert names.asked == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "127.0.0.1."])
def test_an_address_in_an_unusual_form_is_never_connected_to(host: str) -> None:
    with pytest.raises(OSError, match="usual form"):
        resolve(Targets(Allowed(), Names()), host)


def test_an_allowed_name_that_has_no_address_yet_may_get_one() -> None:
    names = Names()
    targets = Targets(Allowed.parse(["later"]), names)
    targets.check("http://later/")
    assert resolve(targets, "later") == ()
    names.addresses["later"] = ["10.0.0.1"]
    assert resolve(targets, "later") == ["10.0.0.1"]


def test_the_hosts_looked_up_longest_ago_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "KEPT", 2)
    names = Names(a=["127.0.0.1"], b=["127.0.0.1"], c=["127.0.0.1"])
    some = Targets(Allowed(), names)
    for host in "abac":
        some.check(f"http://{host}/")
    names.asked.clear()
    assert [resolve(some, host) for host in "abc"] == [["127.0.0.1"]] * 3
    assert names.asked == ["b"]


def test_the_system_is_asked_for_names() -> None:
    targets = Targets(Allowed())
    targets.check("http://localhost:3000/")
    assert {*resolve(targets, "localhost")} <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a" * 64, f"{'a' * 63}." * 5 + "a"])
def test_a_name_that_the_system_does_not_know_is_refused(host: str) -> None:
    with pytest.raises(TargetError, match="cannot be resolved"):
        Targets(Allowed()).check(f"http://{host}/")
