"""Deliveries to webhooks that speak HTTPS, and to those that demand a client certificate (9.1)."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import requests

from flowsim.errors import SettingError
from flowsim.events_service.local_service import LocalServiceOptions, run
from flowsim.installation import authority, settings

from ...registering import address, pushed
from ...webhook import Webhook, echo
from ..running import publish, register, settled


def of_ours(*, demands: Path | None = None) -> ssl.SSLContext:
    """Return the context of a webhook with a certificate of the local authority.

    It ``demands`` a client certificate of the authority at that path, if there is one.
    """
    context = authority.load(settings.authority_folder()).server_context()
    if demands is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(demands)
    return context


def attempt(tls: ssl.SSLContext, **options: Any) -> tuple[int, int]:
    """Deliver an event; return the attempt's status and how many requests the webhook got."""
    with Webhook(tls=tls) as webhook, run(LocalServiceOptions(clock="manual", **options)) as local:
        register(local.service, webhook.url)
        publish(local.service)
        [made] = settled(local, 1)
    return made.status_code, len(webhook.requests)


def test_a_webhook_with_a_certificate_of_the_local_authority_is_trusted() -> None:
    assert attempt(of_ours()) == (200, 1)


def test_a_webhook_that_demands_a_certificate_of_the_local_authority_gets_one() -> None:
    own = authority.load(settings.authority_folder()).certificate
    assert attempt(of_ours(demands=own)) == (200, 1)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_webhook_that_demands_another_authority_is_a_611(
    tmp_path: Path, version: ssl.TLSVersion
) -> None:
    other = authority.load(tmp_path / "other").certificate
    tls = of_ours(demands=other)
    tls.maximum_version = version
    assert attempt(tls) == (611, 0)


def test_a_webhook_of_another_authority_is_a_611(tmp_path: Path) -> None:
    assert attempt(authority.load(tmp_path / "other").server_context()) == (611, 0)


def other_and_options(folder: Path, name: str) -> tuple[ssl.SSLContext, dict[str, Any]]:
    other = authority.load(folder / "other")
    return other.server_context(), {name: other.certificate if name == "cacert" else True}


@pytest.mark.parametrize("name", ["cacert", "insecure"])
def test_a_webhook_of_another_authority_is_trusted_with_cacert_or_insecure(
    tmp_path: Path, name: str
) -> None:
    """It gets the client certificate of the service too, if it asks for one."""
    tls, options = other_and_options(tmp_path, name)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.load(settings.authority_folder()).certificate)
    assert attempt(tls, **options) == (200, 1)


@pytest.mark.parametrize("name", ["cacert", "insecure"])
def test_the_answer_to_a_challenge_is_trusted_in_the_same_way(tmp_path: Path, name: str) -> None:
    tls, options = other_and_options(tmp_path, name)
    with (
        Webhook([echo], tls=tls) as webhook,
        run(LocalServiceOptions(clock="manual", **options)) as local,
    ):
        url = local.url + address(local.service)
        made = requests.post(url, json=pushed(webhook.url), timeout=30).json()
    assert made["webhook_status"] == "verified"


def test_a_file_without_certificates_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    for content in ("no certificate", ""):
        file.write_text(content)
        with (
            pytest.raises(SettingError, match=f"--cacert {file}: no certificate in PEM form"),
            run(LocalServiceOptions(cacert=file)),
        ):
            raise AssertionError("it serves")
