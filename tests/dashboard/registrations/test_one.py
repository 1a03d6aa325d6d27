"""One registration: its status and what comes of it, its challenge, and its buttons."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.core import instant
from flowsim.events_service.deliveries.table import Attempts
from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.registrations.status import FEWEST, WINDOW

from ...events_service import running
from ...events_service.registering import register
from ...webhook import Answer, Webhook, echo, for_events, status
from ..service_with_pages import ServiceWithPages
from .visiting import Visitor

DAY_S = WINDOW.total_seconds()


def page_of(registration: Registration) -> str:
    return f"/registrations/{registration.registration_id}"


def typed(visitor: Visitor, name: str, url: str) -> dict[str, object]:
    """Return what the form of a new registration sends."""
    shown = visitor.twin("/registrations/new")["typed"]
    return {**shown, "name": name, "webhook_url": url}


def created(visitor: Visitor, name: str, url: str) -> str:
    """Register a webhook by the form; return the path of its page."""
    answer = visitor.post("/registrations/new", typed(visitor, name, url))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def status_of(visitor: Visitor, path: str) -> str:
    return str(visitor.twin(path)["registration"]["status"])


def test_failures_lead_to_unstable_and_disabled_and_enable_ends_it(visitor: Visitor) -> None:
    """The page says each step before it comes."""
    service, local = visitor.service, visitor.up.local
    with Webhook([status(503)]) as webhook:
        made = register(service, "failing", webhook=webhook.url)
        path = page_of(made)
        assert (
            f"{FEWEST} failed attempts in a row would make it UNSTABLE." in visitor.html(path).text
        )
        for _ in range(FEWEST):
            running.publish(service)
        running.advance(local, 1)
        running.until(lambda: status_of(visitor, path) == "UNSTABLE")
        seen = visitor.twin(path)
        assert seen["outlook"]["next"] == "hook_unreachable"
        page = visitor.html(path)
        assert "ACTIVE → UNSTABLE" in page.text
        assert "it becomes DISABLED then, and nothing more is delivered." in page.text
        running.advance(local, DAY_S + 60)
        running.until(lambda: status_of(visitor, path) == "DISABLED")
        page = visitor.html(path)
        assert "It stays DISABLED until it is saved again" in page.text
        assert "UNSTABLE → DISABLED" in page.text
        webhook.answers[:] = [echo]
        webhook.requests.clear()
        answer = visitor.post(f"{path}/enable")
        assert answer.headers["location"] == f"{path}?done=enabled"
        assert "its webhook was challenged again" in visitor.html(answer.headers["location"]).text
        assert status_of(visitor, path) == "ACTIVE"
        assert "challenge passed" in visitor.html(path).text


def test_the_history_is_drawn_from_the_counts_of_attempts(visitor: Visitor) -> None:
    service = visitor.service
    made = register(service, "drawn")
    minute = int(service.clock.now().timestamp()) // 60
    attempts = Attempts(service.database)
    with service.database.transaction() as connection:
        attempts.tally(connection, made.key, minute, 3, 1)
        attempts.tally(connection, made.key, minute - 120, 0, 2)
    path = page_of(made)
    page = visitor.html(path)
    assert len(page.all("rect", **{"class": "good"})) == 3  # two: legend and rate
    assert len(page.all("rect", **{"class": "bad"})) == 3
    assert "50 % of 6 attempts" in page.text
    assert "3 succeeded, 1 failed" in page.text
    hour = visitor.html(f"{path}?span=hour")
    assert len(hour.all("rect", **{"class": "bad"})) == 2
    buckets = visitor.twin(f"{path}?span=hour")["history"]["buckets"]
    assert [each["failed"] for each in buckets[-1:]] == [1]
    assert visitor.get(f"{path}?span=year").status_code == 400
    styled = [name for _, attributes in page.elements for name in attributes if name == "style"]
    assert styled == []


def test_a_waiting_validation_url_is_opened_by_its_button(visitor: Visitor) -> None:
    with Webhook([status(401), status(200)]) as webhook:
        path = created(visitor, "waits", webhook.url)
        challenge = visitor.twin(path)["challenge"]
        assert (challenge["outcome"], status_of(visitor, path)) == ("waiting", "DISABLED")
        page = visitor.html(path)
        assert "5 min 0 s" in page.text
        assert "It becomes ACTIVE when its validation URL is opened in time" in page.text
        assert "until it is saved again and its webhook passes" not in page.text
        assert challenge["validation_url"] in page.text
        poll = str(page.one("div", id="status")["hx-get"])
        assert visitor.get(poll).status_code == 204
        running.advance(visitor.up.local, 90)
        assert "3 min 30 s" in visitor.get(poll).text
        assert visitor.post(f"{path}/validate").status_code == 303
        assert status_of(visitor, path) == "ACTIVE"
        again = visitor.post(f"{path}/validate")
        assert (again.status_code, "no validation URL waits" in again.text) == (404, True)


def test_a_switched_off_registration_stays_so_when_its_validation_url_is_opened(
    visitor: Visitor,
) -> None:
    with Webhook([status(401), status(200)]) as webhook:
        path = created(visitor, "off", webhook.url)
        visitor.post(f"{path}/disable")
        page = visitor.html(path).text
        assert "Until then the registration is DISABLED" not in page
        assert "That proves the webhook, and the registration stays switched off." in page
        assert "Only its journal gets new events: it is switched off." in page
        assert "switched off its status is DISABLED since" in page
        expected = visitor.twin(path)["expected"]
        assert "It stays switched off when its validation URL is opened." in expected
        opened = visitor.post(f"{path}/validate").headers["location"]
        page = visitor.html(opened).text
        assert "the webhook is verified. The registration stays switched off." in page
        found = visitor.twin(path)["registration"]
        assert (found["status"], found["enabled"]) == ("ACTIVE", False)
        assert "It stays switched off" not in " ".join(visitor.twin(path)["expected"])


def test_a_visitor_without_the_token_does_not_see_a_validation_url(visitor: Visitor) -> None:
    """To open it is a change; its secret is in no page and in no twin, nor in the history."""
    with Webhook([status(401), status(200)]) as webhook:
        path = created(visitor, "waits", webhook.url)
    url = visitor.twin(path)["challenge"]["validation_url"]
    secret = url.rpartition("challenge=")[2]
    assert secret in visitor.html(path).text
    stranger = Visitor(visitor.up)
    page = stranger.html(path)
    assert "Open the dashboard with its token to see the URL." in page.text
    for where in (path, f"{path}?part=status", "/registrations"):
        for kind in ("text/html", "application/json"):
            assert secret not in stranger.get(where, accept=kind).text
    assert stranger.twin(path)["challenge"]["validation_url"] is None


def test_a_status_says_since_when_also_after_its_notes_are_deleted(visitor: Visitor) -> None:
    service, local = visitor.service, visitor.up.local
    with Webhook([status(503)]) as webhook:
        path = page_of(register(service, "failing", webhook=webhook.url))
        for _ in range(FEWEST):
            running.publish(service)
        running.advance(local, 1)
        running.until(lambda: status_of(visitor, path) == "UNSTABLE")
        running.advance(local, DAY_S + 60)
        running.until(lambda: status_of(visitor, path) == "DISABLED")
    standing = visitor.twin(path)["standing"]
    running.advance(local, 9 * DAY_S)
    assert visitor.twin(path)["changes"] == []
    assert visitor.twin(path)["standing"] == standing
    since = instant.parse(standing["since"])
    page = visitor.html(path)
    assert f"DISABLED since {since:%Y-%m-%d %H:%M:%S}" in page.text
    assert standing["reason"] in page.text
    assert f"attempts failed; since {since:%Y-%m-%d %H:%M}" in visitor.html("/registrations").text


def test_a_late_validation_url_is_explained(visitor: Visitor) -> None:
    with Webhook([status(401), status(200)]) as webhook:
        path = created(visitor, "late", webhook.url)
        running.advance(visitor.up.local, 301)
        running.until(lambda: visitor.twin(path)["challenge"]["outcome"] == "failed")
        assert "was not opened within 5 minutes" in visitor.html(path).text
        assert not visitor.html(path).all("form", action=f"{path}/validate")


def test_a_failed_challenge_says_what_the_webhook_answered(visitor: Visitor) -> None:
    with Webhook([status(418)]) as webhook:
        path = created(visitor, "fails", webhook.url)
    page = visitor.html(path)
    assert "The challenge failed" in page.text
    assert "[418" in page.text


@pytest.mark.parametrize("answers", [[echo], [status(418)]])
def test_the_last_challenge_is_known_after_a_restart(tmp_path: Path, answers: list[Answer]) -> None:
    with Webhook(answers) as webhook:
        with ServiceWithPages(data=tmp_path) as up:
            path = created(Visitor(up).enter(), "stays", webhook.url)
            before = Visitor(up).twin(path)["challenge"]
        assert before["outcome"] in ("passed", "failed")
        with ServiceWithPages(data=tmp_path) as up:
            assert Visitor(up).twin(path)["challenge"] == before


def test_a_registration_is_disabled_and_enabled(visitor: Visitor) -> None:
    with Webhook([echo]) as webhook:
        path = created(visitor, "switched", webhook.url)
        assert visitor.post(f"{path}/disable").status_code == 303
        page = visitor.html(path)
        assert "it is switched off" in page.text
        assert ">ACTIVE<" not in visitor.get(path).text
        assert "in a row would make it UNSTABLE" not in page.text
        listed = visitor.html("/registrations")
        assert not listed.all("span", **{"class": "badge is-good"})
        assert "switched off" in listed.text
        assert page.all("form", action=f"{path}/enable")
        assert not page.all("form", action=f"{path}/disable")
        visitor.post(f"{path}/enable")
        assert visitor.twin(path)["registration"]["enabled"] is True


def test_deleting_asks_first_and_works_without_a_script(visitor: Visitor) -> None:
    for headers, expected in (({}, 303), ({"hx-request": "true"}, 200)):
        made = register(visitor.service, "gone", webhook=None)
        path = page_of(made)
        link = visitor.html(path).one("a", href=f"{path}/delete")
        assert str(link["hx-confirm"]).startswith("Delete this registration?")
        assert "Delete this registration?" in visitor.html(f"{path}/delete").text
        assert visitor.twin(f"{path}/delete")["name"] == "gone"
        answer = visitor.post(f"{path}/delete", **headers)
        where = answer.headers.get("location") or answer.headers.get("hx-redirect")
        assert (answer.status_code, where) == (expected, "/registrations?done=deleted")
        assert "is deleted" in visitor.html(str(where)).text
        assert visitor.get(path).status_code == 404


def test_what_is_known_of_the_events_and_of_the_registration_is_shown(visitor: Visitor) -> None:
    with Webhook([for_events(status(200))]) as webhook:
        path = page_of(register(visitor.service, "facts", webhook=webhook.url))
    page, twin = visitor.html(path), visitor.twin(path)
    for each in twin["interests"]:
        assert page.all("a", href=f"/events/{each['event_code']}")
        assert each["label"] in page.text
    own = visitor.service.installation
    assert all(each in page.text for each in (own.org, own.project, own.workspace, own.client_id))
    assert visitor.get("/registrations/no-such-id").status_code == 404
