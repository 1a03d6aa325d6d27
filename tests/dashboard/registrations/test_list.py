"""The list of registrations: what it shows, its twin, and how it stays up to date."""

from __future__ import annotations

from datetime import timedelta

from flowsim.dashboard.registrations.content import LIMIT
from flowsim.events_service.deliveries.table import Attempts
from flowsim.events_service.registrations.model import DISABLED, PENDING, UNSTABLE

from ...events_service import running
from ...events_service.registering import register
from ...webhook import Webhook, status
from .visiting import Visitor


def test_an_empty_service_says_what_to_do_first(visitor: Visitor) -> None:
    page = visitor.html("/registrations")
    assert "No registration yet" in page.text
    assert f"flowsim register --webhook 3000 --service {visitor.up.url}" in page.text
    assert f"flowsim register --journal --name reader --service {visitor.up.url}" in page.text
    assert page.all("a", href="/registrations/new")
    assert visitor.twin("/registrations")["registrations"] == []


def test_each_status_is_shown_as_a_word_with_a_shape(visitor: Visitor) -> None:
    service = visitor.service
    register(service, "fine")
    for word in (UNSTABLE, DISABLED, PENDING):
        register(service, f"of {word}", status=word)
    register(service, "quiet", enabled=False)
    page = visitor.html("/registrations")
    words = ("ACTIVE", "UNSTABLE", "DISABLED", "PENDING")
    assert all(word in page.text for word in words)
    for look in ("is-good", "is-warn", "is-bad", "is-info"):
        assert page.all("span", **{"class": f"badge {look}"})
    assert "switched off" in page.text
    found = visitor.twin("/registrations")["registrations"]
    assert [each["status"] for each in found] == ["ACTIVE", "PENDING", "DISABLED", *words[1::-1]]


def test_deliveries_and_their_rate_are_shown(visitor: Visitor) -> None:
    service = visitor.service
    with Webhook([status(503), status(503), status(200)]) as webhook:
        register(service, "hook", webhook=webhook.url)
        running.publish(service)
        running.settled(visitor.up.local, 1)
        running.advance(visitor.up.local, 60)
        running.publish(service)
        running.settled(visitor.up.local, 3)
    (found,) = visitor.twin("/registrations")["registrations"]
    succeeded, failed = found["succeeded"], found["failed"]
    assert (succeeded + failed, failed) == (3, 2)
    page = visitor.html("/registrations")
    assert "33.3 %" in page.text
    assert found["next_due"] is None or found["next_due"][11:19] in page.text


def test_a_status_that_is_not_active_has_its_reason(visitor: Visitor) -> None:
    """What the page of a registration knows is in the list: why, and how long there is time."""
    with Webhook([status(401), status(200)]) as webhook:
        waiting = {"name": "waits", "webhook_url": webhook.url}
        shown = visitor.twin("/registrations/new")["typed"]
        assert visitor.post("/registrations/new", {**shown, **waiting}).status_code == 303
    until = visitor.service.clock.now() + timedelta(minutes=5)
    said = f"challenge failed; validation URL until {until:%H:%M}"
    assert said in visitor.html("/registrations").text
    (found,) = visitor.twin("/registrations")["registrations"]
    assert (found["reason"], found["events"]) == (said, 2)
    running.advance(visitor.up.local, 301)
    running.until(lambda: "challenge failed; since" in visitor.html("/registrations").text)


def test_the_list_and_the_page_show_the_same_rate(visitor: Visitor) -> None:
    service = visitor.service
    made = register(service, "rated")
    minute = int(service.clock.now().timestamp()) // 60
    with service.database.transaction() as connection:
        Attempts(service.database).tally(connection, made.key, minute, 1, 23)
    assert "4.2 % of 24" in visitor.html("/registrations").text
    assert "4.2 % of 24" in visitor.html(f"/registrations/{made.registration_id}").text


def test_a_poll_is_empty_until_something_has_changed(visitor: Visitor) -> None:
    register(visitor.service, "first")
    part = visitor.html("/registrations?part=list")
    poll = str(part.one("div", id="list-of-registrations")["hx-get"])
    assert visitor.get(poll).status_code == 204
    made = register(visitor.service, "second")
    answer = visitor.get(poll)
    assert (answer.status_code, "<html" in answer.text) == (200, False)
    assert made.name in answer.text
    running.publish(visitor.service)
    assert visitor.get(poll).status_code == 200


def test_pages_of_the_list_go_by_key_and_miss_none(visitor: Visitor) -> None:
    names = {f"number {count}" for count in range(LIMIT + 5)}
    for name in sorted(names):
        register(visitor.service, name, webhook=None)
    first = visitor.html("/registrations")
    older = str(first.one("a", rel="next")["href"])
    second = visitor.html(older)
    assert not second.all("a", rel="next")
    titles = [
        each["title"] for page in (first, second) for each in page.all("a", **{"class": "row"})
    ]
    assert len(titles) == len(names)
    assert set(titles) == names
    assert visitor.get("/registrations?before=x").status_code == 400
