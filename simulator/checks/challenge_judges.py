"""Judges of the answers to challenges and validations (docs/adobe/io-events-protocol.md §3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from ..core.challenge import challenge_url, is_embedded
from ..core.outcome import header
from .check import Verdict, failed, not_judged, passed
from .observation import Exchange, Observation, received
from .validations import challenge_of, is_opened, is_proof

NO_ECHO = "the challenge is not echoed; see challenge"
NOT_AGAIN = "this challenge is not echoed, although another one is; see challenge-anew"
OPENED = "the challenge is not echoed; the validation URL is opened instead"

_ORDER = ("failed", "not judged", "passed")
"""The states of verdicts, from the one that decides over all others."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def echoed_or_validated(seen: Observation) -> Verdict:
    """Judge a challenge and the validation that follows: one of them proves the webhook."""
    asked, posted = seen.exchanges
    if is_proof(asked):
        return passed("echoed")
    is_open = is_opened(posted, seen.all_visits)
    if posted.status == 200 and is_open:
        return passed("validated")
    found = f"{_found_instead(asked)}, then {received(posted)} to the POST of validationUrl"
    if posted.status == 200:
        found += f", which was not opened in {_waited(seen, posted)}; Adobe waits for 5 minutes"
    expected = "the value of the challenge alone, or a 200 to the POST that follows, and a visit"
    return failed(expected, found, asked)


def _waited(seen: Observation, posted: Exchange) -> str:
    """Return how long a webhook had to open the validation URL: whole seconds, or part of one."""
    seconds = max(seen.until - posted.ended, 0.0)
    return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1f} s"


def all_echoed(seen: Observation) -> Verdict:
    """Judge that every challenge is echoed, if the first one is, which is an ordinary one."""
    if not is_proof(seen.exchanges[0]):
        return not_judged(_why_no_echo(seen))
    missed = [each for each in seen.exchanges if not is_proof(each)]
    if missed:
        value = challenge_of(missed[0].url)
        return failed(f"the value {value}", _found_instead(missed[0]), missed[0])
    return passed()


def each_value_echoed(seen: Observation) -> Verdict:
    """Judge that no challenge is left out, if one is echoed, or gets the value of another one.

    The ordinary challenges of other checks count too.
    """
    asked = [*seen.exchanges, *_ordinary(seen)]
    missed = [each for each in asked if not is_proof(each)]
    other = [each for each in missed if _is_other_value(each)]
    if other:
        return failed(f"the value {challenge_of(other[0].url)}", received(other[0]), other[0])
    if not missed:
        return passed()
    if len(missed) == len(asked):
        return not_judged(_why_no_echo(seen))
    value = challenge_of(missed[0].url)
    return failed(f"the value {value}, as of another challenge", received(missed[0]), missed[0])


def echoed_as_text_or_json(seen: Observation) -> Verdict:
    """Judge that each challenge is echoed as plain text, or as a JSON object that contains it."""
    return _worst(_echoed_as_text_or_json(seen, each) for each in seen.exchanges)


def _echoed_as_text_or_json(seen: Observation, asked: Exchange) -> Verdict:
    if not is_proof(asked) and not _is_inside(asked):
        return not_judged(_why_no_echo(seen))
    value, form = challenge_of(asked.url), _media_type(asked)
    text = asked.outcome.body.decode("utf-8", "replace").strip()
    if form == "text/plain" and text.strip('"') == value:
        return passed("plain text")
    if form == "application/json" and _is_json_echo(text, value):
        return passed("JSON")
    found = f"{form or 'no content type'}: {_found_instead(asked)}"
    return failed("text/plain with the value, or application/json with it", found, asked)


def markup_not_in_a_page(seen: Observation) -> Verdict:
    """Judge that no challenge which holds a script is echoed in a page."""
    return _worst(map(_markup_not_in_a_page, seen.exchanges))


def _markup_not_in_a_page(asked: Exchange) -> Verdict:
    if not asked.is_accepted or b"<script>" not in asked.outcome.body:
        return passed("not echoed")
    form = _media_type(asked)
    if form in ("text/plain", "application/json"):
        return passed()
    found = f"{form or 'no content type'} with the markup as it was"
    return failed("text/plain or application/json", found, asked)


def validation_answered(seen: Observation) -> Verdict:
    """Judge that each POST of a validation URL is answered with 200."""
    refused = next((each for each in seen.exchanges if each.status != 200), None)
    if refused is not None:
        return failed("200", received(refused), refused)
    posted = seen.exchanges[0]
    return passed("and opened" if is_opened(posted, seen.all_visits) else "not opened")


def no_visit_to_foreign_host(seen: Observation) -> Verdict:
    """Judge that the webhook sent no request to the foreign host."""
    posts = [each for each in seen.exchanges if each.method == "POST" and not each.events]
    late = any(is_opened(each, seen.all_visits, "foreign") for each in posts)
    if late or seen.visits_to_foreign():
        asked = [*seen.visits_to_foreign(), "the validation URL"][0]
        return failed("no request to a foreign host", f"it asked for {asked}", seen.exchanges[0])
    return passed()


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the first verdict that failed, or else one that is not judged, or the first."""
    return min(verdicts, key=lambda each: _ORDER.index(each.state))


def _why_no_echo(seen: Observation) -> str:
    """Return why a check that needs an echo cannot be judged, and which check shows more."""
    if any(map(is_proof, _ordinary(seen))):
        return NOT_AGAIN
    is_validated = any(each.host == "keys" and each.is_validation for each in seen.all_visits)
    return OPENED if is_validated else NO_ECHO


def _ordinary(seen: Observation) -> list[Exchange]:
    """Return the challenges of the whole run that are a UUID and stand alone in the query."""
    return [each for each in seen.challenges if _is_ordinary(each, seen.url)]


def _is_ordinary(asked: Exchange, webhook_url: str) -> bool:
    value = challenge_of(asked.url)
    return bool(_UUID.fullmatch(value)) and asked.url == challenge_url(webhook_url, value)


def _is_other_value(exchange: Exchange) -> bool:
    """Return whether an answer holds a value, and not the one that was asked for."""
    text = exchange.outcome.body.decode("utf-8", "replace")
    return bool(_UUID.search(text)) and not _is_inside(exchange)


def _is_inside(exchange: Exchange) -> bool:
    """Return whether an answer holds the challenge inside other text, which proves nothing."""
    return is_embedded(exchange.outcome, challenge_of(exchange.url))


def _found_instead(exchange: Exchange) -> str:
    """Return the answer that is no echo, and whether other text surrounds the value."""
    return received(exchange) + ", with the value inside other text" * _is_inside(exchange)


def _media_type(exchange: Exchange) -> str:
    return header(exchange.outcome, "content-type").partition(";")[0].strip().lower()


def _is_json_echo(text: str, value: str) -> bool:
    """Return whether text is a JSON object that holds the value under ``challenge``."""
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("challenge") == value
