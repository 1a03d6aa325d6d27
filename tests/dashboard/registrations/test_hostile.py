"""Names and texts from outside are shown and not run, whatever is in them."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.core.event import Notification
from flowsim.core.printable import printable_lines

from ...cases import for_each
from ...events_service import running
from ...events_service.registering import register
from .visiting import Html, Visitor

NAMES = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "quotes": '" onmouseover="alert(1)" x=\'',
    "template": "{{ 7 * 7 }}{% include 'base.html' %}",
    "directions": "abc\u202egnp.exe\u2066\u200f",
    "controls": "a\x00b\x1b[31mred\r\nSet-Cookie: x=1",
    "javascript": "js:alert(1)",
    "long": "x" * 10_000,
}


def assert_harmless(text: str) -> Html:
    """Return a page that has no script, event handler or style of its own."""
    page = Html(text)
    assert all("src" in each for each in page.all("script"))
    assert [each for each in page.all("img") if each.get("src") == "x"] == []
    for _, attributes in page.elements:
        named = [name for name in attributes if name.startswith(("on", "hx-on", "style"))]
        assert named == []
    assert not set("\u202e\u2066\u200f\x00\x1b") & set(text)
    return page


@for_each("name", NAMES.values())
def test_a_hostile_name_is_shown_on_every_page(visitor: Visitor, name: str) -> None:
    made = register(
        visitor.service,
        name,
        webhook=None,
        description=name,
        codes=(name,),
        provider_id="no-provider",
    )
    path = f"/registrations/{made.registration_id}"
    pages = ("/registrations", path, f"{path}/edit", f"{path}/filter", f"{path}/journal")
    for address in (*pages, f"{path}/delete", "/registrations?part=list", f"{path}?part=status"):
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        page = assert_harmless(answer.text)
        is_headed = "part=status" not in address
        assert not is_headed or " ".join(printable_lines(name)[:20].split()) in page.text
        assert "set-cookie" not in answer.headers
    for address in pages:
        visitor.twin(address)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), url=st.text(), text=st.text(), events=st.lists(st.text(), max_size=2))
def test_any_text_in_the_form_is_refused_or_saved_and_never_run(
    visitor: Visitor, name: str, url: str, text: str, events: list[str]
) -> None:
    content = {
        "name": name.encode("utf-8", "replace"),
        "webhook_url": url.encode("utf-8", "replace"),
        "client_id": text.encode("utf-8", "replace"),
        "delivery_type": "journal",
        "subscriber_filter": text.encode("utf-8", "replace"),
        "events": [each.encode("utf-8", "replace") for each in events],
    }
    answer = visitor.post("/registrations/new", content)
    assert answer.status_code in (303, 400, 404), answer.text
    assert_harmless(answer.text)


def test_a_payload_full_of_markup_is_shown_in_the_journal(visitor: Visitor) -> None:
    service = visitor.service
    made = register(service, "reader", webhook=None)
    provider = service.platform_provider
    content = {"text": "<script>alert(1)</script>\u202e", "more": "y" * 100_000}
    service.publishing.publish(provider, Notification(running.SUCCESS, "event", content))
    answer = visitor.get(f"/registrations/{made.registration_id}/journal")
    page = assert_harmless(answer.text)
    assert "<script>alert(1)</script>" in page.text
    assert "characters more" in page.text
    assert len(answer.text) < 60_000
