"""The mistakes of webhooks: each is the correct one with one thing done otherwise."""

from __future__ import annotations

import json
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from .correct import (
    KEY_PATH,
    Answer,
    CorrectConsumer,
    KeyUnavailableError,
    Plain,
    RefusedError,
    Request,
)
from .runs import moment, run_of

MISTAKES: dict[str, type[CorrectConsumer]] = {}
"""Name → a webhook that makes this mistake."""


def mistake(kind: type[CorrectConsumer]) -> type[CorrectConsumer]:
    """Add a class to the mistakes, under its name in small letters with dashes."""
    name = re.sub(r"(?<=.)([A-Z])", r"-\1", kind.__name__).lower()
    MISTAKES[name] = kind
    return kind


# Signatures


@mistake
class VerifiesNothing(CorrectConsumer):
    """The signatures have to be there, and that is all."""

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        return bool(key and signature and body)


@mistake
class KeepsVerifiedSignatures(CorrectConsumer):
    """A signature that was verified once is known, so that retries take no time."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.verified: set[str] = set()

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        if signature not in self.verified and super().fits(key, signature, body):
            self.verified.add(signature)
        return signature in self.verified


@mistake
class LetsUnsignedIn(CorrectConsumer):
    """Without signatures there is nothing to verify."""

    def admit(self, request: Request) -> None:
        if "x-adobe-digital-signature-1" in request.headers:
            super().admit(request)


@mistake
class LetsSecondSignatureIn(CorrectConsumer):
    """What has no first signature is not verified, as long as there is a second one."""

    def admit(self, request: Request) -> None:
        is_there = [f"x-adobe-digital-signature-{number}" in request.headers for number in (1, 2)]
        if is_there != [False, True]:
            super().admit(request)


@mistake
class VerifiesPlainJsonOnly(CorrectConsumer):
    """The content type decides whether a body is verified."""

    def admit(self, request: Request) -> None:
        if request.headers.get("content-type", "").startswith("application/json"):
            super().admit(request)


@mistake
class TrustsRetries(CorrectConsumer):
    """A retry counts as verified at its first attempt."""

    def admit(self, request: Request) -> None:
        if "x-adobe-retry-count" not in request.headers:
            super().admit(request)


@mistake
class TrustsCodeOfChallenge(CorrectConsumer):
    """A challenge is not signed, and its event code says what it is."""

    def validation(self, request: Request) -> Answer:
        if b'"validationUrl"' in request.body:
            return super().validation(request)
        self.deliver(request)
        return 200, "text/plain", "taken"

    def admit(self, request: Request) -> None:
        if request.headers.get("x-adobe-event-code") != "challenge":
            super().admit(request)


@mistake
class TrustsWhatItCannotVerify(CorrectConsumer):
    """If a key cannot be had, the event is let in."""

    def verify(self, request: Request, number: str) -> bool:
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        try:
            key = self.key(path)
        except KeyUnavailableError:
            return True
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        return self.fits(key, signature, request.body)


@mistake
class TriesEveryKey(CorrectConsumer):
    """Any signature may fit any key."""

    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except RefusedError:
            first, second = (f"x-adobe-public-key{number}-path" for number in (1, 2))
            swapped = {first: request.headers.get(second), second: request.headers.get(first)}
            headers = {**request.headers, **{name: str(path) for name, path in swapped.items()}}
            super().admit(Request(request.method, request.query, headers, request.body))


@mistake
class IgnoresCaseOfBase64(CorrectConsumer):
    """A signature counts in any case: both that fit are tried."""

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        flipped = (
            signature[:place] + signature[place].swapcase() + signature[place + 1 :]
            for place in range(len(signature))
            if signature[place].isalpha()
        )
        return any(
            super(IgnoresCaseOfBase64, self).fits(key, each, body) for each in [signature, *flipped]
        )


@mistake
class ReadsFirstSignatureOnly(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if not self.verify(request, "1"):
            raise RefusedError(401, "signature 1 does not fit")


@mistake
class WantsBothSignatures(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if not all([self.verify(request, "1"), self.verify(request, "2")]):
            raise RefusedError(401, "a signature does not fit")


@mistake
class FetchesBothKeysFirst(CorrectConsumer):
    """Signatures are verified once both keys are there."""

    def admit(self, request: Request) -> None:
        for number in ("1", "2"):
            path = request.headers.get(f"x-adobe-public-key{number}-path", "")
            if path.startswith("/prod/keys/pub-key-"):
                self.key(path)
        super().admit(request)


@mistake
class GivesUpAtGarbage(CorrectConsumer):
    """One key that cannot be read ends it, as in Adobe's SDK for Node."""

    def parse(self, pem: bytes) -> RSAPublicKey:
        try:
            return super().parse(pem)
        except KeyUnavailableError:
            raise RefusedError(401, "the key is no PEM") from None


@mistake
class RefusesWithoutKeys(CorrectConsumer):
    """A signature counts as forged if its key cannot be fetched at the moment."""

    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except KeyUnavailableError:
            raise RefusedError(401, "no key") from None


@mistake
class KeepsEveryKeyAnswer(CorrectConsumer):
    """An error page is kept as the key."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.failed: set[str] = set()

    def key(self, path: str) -> RSAPublicKey:
        if path in self.failed:
            raise KeyUnavailableError
        try:
            return super().key(path)
        except KeyUnavailableError:
            self.failed.add(path)
            raise


@mistake
class KeepsNoKeys(CorrectConsumer):
    def key(self, path: str) -> RSAPublicKey:
        self.keys.clear()
        return super().key(path)


@mistake
class WaitsForTheKeyHost(CorrectConsumer):
    """The request for a key has no timeout of its own."""

    patience = 60.0


@mistake
class HasNoPatience(CorrectConsumer):
    """The key host has to answer within three tenths of a second."""

    patience = 0.3

    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except KeyUnavailableError:
            raise RefusedError(401, "too slow") from None


@mistake
class LocksWhileFetching(CorrectConsumer):
    """One lock protects the keys, also while one of them is fetched."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.of_keys = threading.Lock()

    def key(self, path: str) -> RSAPublicKey:
        with self.of_keys:
            return super().key(path)


@mistake
class KeepsFirstKeys(CorrectConsumer):
    """Both keys are fetched once, and kept by their number; a new path changes nothing."""

    def admit(self, request: Request) -> None:
        for number in ("1", "2") if not self.keys else ():
            path = request.headers.get(f"x-adobe-public-key{number}-path", "")
            self.keys[number] = self.parse(self.open(self.key_host + path))
        super().admit(request)

    def verify(self, request: Request, number: str) -> bool:
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        return self.fits(self.keys[number], signature, request.body)


class AnyPath(CorrectConsumer):
    """Key paths are taken as they come."""

    def verify(self, request: Request, number: str) -> bool:
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        return self.fits(self.key(path), signature, request.body)


@mistake
class JoinsKeyPath(AnyPath):
    """The path is put behind the host as text, for a library that understands user names."""

    def open(self, url: str) -> bytes:
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(url, timeout=self.patience).content
        except (requests.RequestException, ValueError):
            raise KeyUnavailableError from None


@mistake
class KeepsKeysByName(JoinsKeyPath):
    """What a path ends in is what its key is kept under, as in Adobe's SDK for Node."""

    def key(self, path: str) -> RSAPublicKey:
        name = path.rpartition("/")[2]
        if name not in self.keys:
            self.keys[name] = self.parse(self.open(self.key_host + path))
        return self.keys[name]


@mistake
class ResolvesKeyPath(AnyPath):
    """The path is resolved against the host, as a browser does it."""

    def key(self, path: str) -> RSAPublicKey:
        if path not in self.keys:
            self.keys[path] = self.parse(self.open(urljoin(self.key_host, path)))
        return self.keys[path]


@mistake
class LooksAtFirstKeyPath(AnyPath):
    """A first key path has to have the right form, if there is one; the second one may be any."""

    def admit(self, request: Request) -> None:
        paths = [request.headers.get(f"x-adobe-public-key{number}-path", "") for number in (1, 2)]
        if not any(paths) or (paths[0] and not KEY_PATH.fullmatch(paths[0])):
            raise RefusedError(401, "no key path")
        super().admit(request)

    def verify(self, request: Request, number: str) -> bool:
        is_there = f"x-adobe-public-key{number}-path" in request.headers
        return is_there and super().verify(request, number)


@mistake
class SplitsPemAtLineFeeds(CorrectConsumer):
    """The PEM is taken apart by hand."""

    def parse(self, pem: bytes) -> RSAPublicKey:
        lines = pem.decode().split("\n")
        if lines[0] != "-----BEGIN PUBLIC KEY-----":
            raise KeyUnavailableError
        return super().parse(pem)


@mistake
class WantsUuidInKeyPath(CorrectConsumer):
    """As the guide describes the names of keys, which are no UUIDs."""

    def verify(self, request: Request, number: str) -> bool:
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        return bool(re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", path)) and super().verify(request, number)


@mistake
class MisspellsHeaders(CorrectConsumer):
    """x-adobe-digital-signature1, as the SDK's page has it."""

    def verify(self, request: Request, number: str) -> bool:
        return f"x-adobe-digital-signature{number}" in request.headers


@mistake
class WantsOldSignature(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if "x-adobe-signature" not in request.headers:
            raise RefusedError(401, "no x-adobe-signature")


@mistake
class VerifiesOldSignature(CorrectConsumer):
    """An old signature, if there is one, has to fit too."""

    def admit(self, request: Request) -> None:
        if "x-adobe-signature" in request.headers:
            raise RefusedError(401, "x-adobe-signature does not fit")
        super().admit(request)


@mistake
class VerifiesRewrittenJson(CorrectConsumer):
    """The body is read and written again before it is verified."""

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        try:
            content = json.loads(body)
        except ValueError:
            return super().fits(key, signature, body)
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        return super().fits(key, signature, text.encode())


# Recipients


@mistake
class TakesAnyRecipient(CorrectConsumer):
    def recognise(self, element: dict[str, Any]) -> None:
        pass


@mistake
class ComparesRecipientIfNamed(CorrectConsumer):
    def recognise(self, element: dict[str, Any]) -> None:
        if any(self.recipients(element)):
            super().recognise(element)


@mistake
class ComparesStartOfRecipient(CorrectConsumer):
    def recognise(self, element: dict[str, Any]) -> None:
        named = [each for each in self.recipients(element) if each is not None]
        if not named or not all(str(each).startswith(self.client_id) for each in named):
            raise RefusedError(401, "for somebody else")


@mistake
class LooksForRecipientInOwnId(CorrectConsumer):
    """The recipient is looked for as a part of the own client id."""

    def recognise(self, element: dict[str, Any]) -> None:
        named = [str(each) for each in self.recipients(element) if each is not None]
        if not named or not all(each in self.client_id for each in named):
            raise RefusedError(401, "for somebody else")


@mistake
class FindsRecipientAnywhere(CorrectConsumer):
    """A member of this name is searched for, at any depth."""

    def recognise(self, element: dict[str, Any]) -> None:
        if self.client_id not in self.found(element):
            raise RefusedError(401, "for somebody else")

    def found(self, value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            yield from self.recipients(value)
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, dict | list):
                yield from self.found(each)


@mistake
class LooksForRecipientInText(CorrectConsumer):
    """The own client id may stand anywhere in the event."""

    def recognise(self, element: dict[str, Any]) -> None:
        if self.client_id not in json.dumps(element):
            raise RefusedError(401, "for somebody else")


@mistake
class ReadsOldRecipientOnly(CorrectConsumer):
    def recipients(self, element: dict[str, Any]) -> Iterator[Any]:
        yield element.get("recipient_client_id")


@mistake
class ReadsNewRecipientOnly(CorrectConsumer):
    def recipients(self, element: dict[str, Any]) -> Iterator[Any]:
        yield element.get("recipientclientid")


@mistake
class ReadsOldRecipientInBatches(CorrectConsumer):
    """As Adobe's SDK for Java does, which throws where it is missing."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if request.body.startswith(b"["):
            _ = [element["recipient_client_id"] for element in elements]
        return elements


# Batches


@mistake
class LetsBatchesIn(CorrectConsumer):
    """Arrays are not verified."""

    def admit(self, request: Request) -> None:
        if not request.body.startswith(b"["):
            super().admit(request)


@mistake
class TakesAnyBatch(CorrectConsumer):
    """The recipient is compared where the body is one event."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        if not request.body.startswith(b"["):
            self.recognise(elements[0])
        for element in elements:
            self.take(request, element)


@mistake
class WantsFirstEvent(CorrectConsumer):
    """The first event of an array is looked at, though there may be none."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if request.body.startswith(b"["):
            self.recognise(elements[0])
        return elements


# HTTP


@mistake
class RedirectsToLogin(CorrectConsumer):
    def handle(self, request: Request) -> Answer:  # noqa: ARG002
        return 302, "text/html", "Sign in"


@mistake
class ReadsPlainJsonOnly(CorrectConsumer):
    """The body parser is bound to application/json."""

    def admit(self, request: Request) -> None:
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise RefusedError(415, "not application/json")
        super().admit(request)


@mistake
class RefusesBatchType(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if "batch" in request.headers.get("content-type", ""):
            raise RefusedError(415, "not application/cloudevents+json")
        super().admit(request)


@mistake
class WantsOneEvent(CorrectConsumer):
    """The body is one event, and an array is not."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if request.body.lstrip().startswith(b"[") and elements and "messages" not in elements[0]:
            raise RefusedError(400, "an array")
        return elements


@mistake
class TakesTenEvents(CorrectConsumer):
    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if len(elements) > 10:
            raise RefusedError(413, "too many events")
        return elements


@mistake
class TakesOneMegabyte(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if len(request.body) > 1_000_000:
            raise RefusedError(413, "too large")
        super().admit(request)


@mistake
class CrashesAtBrokenJson(CorrectConsumer):
    def read(self, request: Request) -> list[dict[str, Any]]:
        json.loads(request.body)
        return super().read(request)


@mistake
class CrashesAtForgeries(CorrectConsumer):
    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except RefusedError as error:
            raise RuntimeError from error


@mistake
class ComparesFirstRecipient(CorrectConsumer):
    """Only the first event of a batch is compared: later events of other recipients pass."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements[:1]:
            self.recognise(element)
        for element in elements:
            self.take(request, element)


@mistake
class ComparesLastRecipient(CorrectConsumer):
    """One variable holds the recipient, and it is compared behind the loop."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements[-1:]:
            self.recognise(element)
        for element in elements:
            self.take(request, element)


@mistake
class WakesUpAtCloudEvents(CorrectConsumer):
    """The first attempt at an event of this format fails, and its retry does not."""

    def admit(self, request: Request) -> None:
        is_first = "x-adobe-retry-count" not in request.headers
        is_plain = request.headers.get("content-type", "").startswith("application/json")
        if is_first and not is_plain:
            raise RefusedError(503, "what reads this format is being started")
        super().admit(request)


@mistake
class RefusesRetries(CorrectConsumer):
    def admit(self, request: Request) -> None:
        if "x-adobe-retry-count" in request.headers:
            raise RefusedError(409, "seen before")
        super().admit(request)


@mistake
class GivesUpLateRetries(CorrectConsumer):
    """What was tried ten times before is refused, although it was never processed."""

    def admit(self, request: Request) -> None:
        if int(request.headers.get("x-adobe-retry-count", "0")) >= 10:
            raise RefusedError(400, "tried too often")
        super().admit(request)


@mistake
class RefusesKnownEvents(CorrectConsumer):
    """A duplicate is a conflict."""

    def work(self, event_id: str) -> None:
        if self.processed(event_id):
            raise RefusedError(409, "known")
        super().work(event_id)


@mistake
class RemembersBeforeReading(CorrectConsumer):
    """An event counts as known once its head has arrived."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.begun: set[str] = set()

    def arriving(self, headers: Mapping[str, str]) -> Answer | None:
        event_id = headers.get("x-adobe-event-id", "")
        if event_id in self.begun:
            return 409, "text/plain", "known"
        self.begun.add(event_id)
        return None


@mistake
class ReadsStatedLengthOnly(CorrectConsumer):
    plain = Plain()


@mistake
class FindsHeadersByCase(CorrectConsumer):
    plain = Plain(case_sensitive=True)


@mistake
class DecodesEachPiece(CorrectConsumer):
    """Each piece of a body is made text by itself, and a letter may be in two of them."""

    plain = Plain(decodes=True)


@mistake
class HurriesBodies(CorrectConsumer):
    """Each part of a body has to come within a moment."""

    plain = Plain(patience=0.06)


@mistake
class ServesOneByOne(CorrectConsumer):
    plain = Plain(threaded=False)


# Identity


@mistake
class OnlyAcknowledges(CorrectConsumer):
    def work(self, event_id: str) -> None:
        pass


@mistake
class NeverRemembers(CorrectConsumer):
    def work(self, event_id: str) -> None:
        with self.lock:
            self.count(event_id)


class RemembersOther(CorrectConsumer, ABC):
    """Events are distinguished by something else than their event ids."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.known: list[Any] = []

    @abstractmethod
    def mark(self, request: Request, element: dict[str, Any]) -> Any:
        """Return what tells events apart."""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        self.learn(run_of(element))
        mark = self.mark(request, element)
        with self.lock:
            if mark is None or mark not in self.known:
                self.count(self.event_id(request, element))
            self.known.append(mark)


@mistake
class RemembersDeliveries(RemembersOther):
    """A delivery id is new for each attempt."""

    def mark(self, request: Request, element: dict[str, Any]) -> Any:
        return request.headers["x-adobe-delivery-id"], self.event_id(request, element)


@mistake
class RemembersCloudIds(RemembersOther):
    def mark(self, request: Request, element: dict[str, Any]) -> Any:
        return element.get("id") or self.event_id(request, element)


@mistake
class KeepsCloudIdsAsUuids(CorrectConsumer):
    def take(self, request: Request, element: dict[str, Any]) -> None:
        if "specversion" in element:
            _ = UUID(element["id"])
        super().take(request, element)


@mistake
class KeepsEventIdsAsUuids(CorrectConsumer):
    def event_id(self, request: Request, element: dict[str, Any]) -> str:
        return str(UUID(super().event_id(request, element)))


class ReadsTimes(CorrectConsumer):
    """The time of a CloudEvent has one form."""

    form = ""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        assert re.fullmatch(self.form, element.get("time", "2026-01-15T09:30:00Z"))
        super().take(request, element)


@mistake
class ReadsMicroseconds(ReadsTimes):
    """Python before 3.11 reads no further digit."""

    form = r".{19}(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"


@mistake
class WantsFractions(ReadsTimes):
    form = r".{19}\.\d+(Z|[+-]\d\d:\d\d)|2026-01-15T09:30:00Z"


@mistake
class WantsZulu(ReadsTimes):
    form = r".{19}(\.\d+)?Z"


@mistake
class RemembersFewEvents(RemembersOther):
    """The latest ten, as in a cache that is too small."""

    def mark(self, request: Request, element: dict[str, Any]) -> Any:
        self.known = self.known[-10:]
        return self.event_id(request, element)


@mistake
class RemembersNoBatches(RemembersOther):
    def mark(self, request: Request, element: dict[str, Any]) -> Any:
        is_batch = request.body.startswith(b"[")
        return None if is_batch else self.event_id(request, element)


@mistake
class ForgetsAtRestart(CorrectConsumer):
    """What was processed is known in memory only: a duplicate of yesterday is new today."""

    def restart(self) -> None:
        self.times.clear()


@mistake
class LosesQueueAtRestart(CorrectConsumer):
    """A queue in memory takes the events, and a restart comes before the last ones are done."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.latest: list[str] = []

    def work(self, event_id: str) -> None:
        super().work(event_id)
        self.latest.append(event_id)

    def restart(self) -> None:
        for event_id in self.latest[-5:]:
            del self.times[event_id]


@mistake
class LooksThenWrites(CorrectConsumer):
    """Looks up an event id, and stores it later: another thread may come between."""

    def work(self, event_id: str) -> None:
        with self.lock:
            known = self.processed(event_id)
        time.sleep(0.06)
        if not known:
            with self.lock:
                self.count(event_id)


@mistake
class RefusesCopiesUnderWay(CorrectConsumer):
    """A copy that comes while its event is being processed is a conflict."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.under_way: set[str] = set()

    def work(self, event_id: str) -> None:
        with self.lock:
            is_under_way = event_id in self.under_way
            self.under_way.add(event_id)
        if is_under_way:
            raise RefusedError(409, "being processed")
        time.sleep(0.02)
        super().work(event_id)
        with self.lock:
            self.under_way.remove(event_id)


@mistake
class TakesFirstOfBatch(CorrectConsumer):
    def read(self, request: Request) -> list[dict[str, Any]]:
        return super().read(request)[:1]


@mistake
class BreaksAtRepeatsInBatch(CorrectConsumer):
    """All ids of a batch are inserted at once, and a unique index refuses the whole batch."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        names = [each.get("eventid") or each.get("event_id") for each in elements]
        assert len({*names}) == len(names)
        return elements


@mistake
class LeaksConnections(CorrectConsumer):
    """A refused request does not give its connection back, and there are three of them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.connections = 3

    def handle(self, request: Request) -> Answer:
        if not self.connections:
            return 500, "text/plain", "no connection"
        answer = super().handle(request)
        self.connections -= 400 <= answer[0] < 500
        return answer


class TakesTogether(CorrectConsumer, ABC):
    """Decides about all events of a request before it does the work of the first."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements:
            self.recognise(element)
            self.summarise(run_of(element))
        ids = [self.event_id(request, element) for element in elements]
        with self.lock:
            for event_id in self.fresh(ids):
                self.count(event_id)

    @abstractmethod
    def fresh(self, ids: list[str]) -> list[str]:
        """Return the ids of the events that are processed now."""


@mistake
class LooksUpWholeBatch(TakesTogether):
    """The ids of a batch are looked up in one statement, and all that are new are stored."""

    def fresh(self, ids: list[str]) -> list[str]:
        return [event_id for event_id in ids if not self.processed(event_id)]


@mistake
class LooksUpFirstOfBatch(TakesTogether):
    """A batch counts as known if its first event is."""

    def fresh(self, ids: list[str]) -> list[str]:
        return list(dict.fromkeys(ids)) if ids and not self.processed(ids[0]) else []


@mistake
class RefusesWholeBatch(CorrectConsumer):
    """Every event of a batch has to have content, or all are refused."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if any(None in element.values() for element in elements):
            raise RefusedError(400, "an event without content")
        return elements


@mistake
class StopsAtBadEvent(CorrectConsumer):
    """The first event that cannot be read ends the request, at each attempt."""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        if None in element.values():
            raise RuntimeError("an event without content")
        super().take(request, element)


@mistake
class RemembersBeforeVerifying(CorrectConsumer):
    """Each request makes its event id known, even one without a correct signature."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.named: set[str] = set()

    def deliver(self, request: Request) -> None:
        event_id = request.headers.get("x-adobe-event-id", "")
        if event_id not in self.named:
            self.named.add(event_id)
            super().deliver(request)


@mistake
class DropsRetries(CorrectConsumer):
    """A retry is acknowledged, as if the event were processed already."""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        if "x-adobe-retry-count" not in request.headers:
            super().take(request, element)


@mistake
class DropsOldEvents(CorrectConsumer):
    """An event of yesterday is acknowledged, and nothing is done for it."""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        updated = self.summarise(run_of(element))[4]
        if not updated or updated > time.time() - 3600:
            super().take(request, element)


@mistake
class RefusesOldEvents(CorrectConsumer):
    """An event of yesterday counts as a replayed one."""

    def summarise(self, run: dict[str, Any]) -> tuple[Any, ...]:
        row = super().summarise(run)
        updated = row[4]
        if updated and updated < time.time() - 3600:
            raise RefusedError(400, "too old")
        return row


@mistake
class RefusesOldCloudEvents(CorrectConsumer):
    """A CloudEvent of an hour ago counts as a replayed one."""

    def recognise(self, element: dict[str, Any]) -> None:
        super().recognise(element)
        happened = moment(element.get("time"))
        if happened is not None and happened < time.time() - 3600:
            raise RefusedError(400, "too old")


class RemembersRuns(CorrectConsumer, ABC):
    """The last status of each run is known."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.runs: dict[str, str] = {}

    def summarise(self, run: dict[str, Any]) -> tuple[Any, ...]:
        row = super().summarise(run)
        self.follow(self.runs.get(row[0]), row[1])
        self.runs[row[0]] = row[1]
        return row

    @abstractmethod
    def follow(self, before: str | None, now: str) -> None:
        """Look at the status of a run before and now."""


@mistake
class RefusesLateStarts(RemembersRuns):
    def follow(self, before: str | None, now: str) -> None:
        if before is not None and now == "inProgress":
            raise RefusedError(409, "it has ended")


@mistake
class RefusesSecondEnds(RemembersRuns):
    def follow(self, before: str | None, now: str) -> None:
        if before is not None and now not in (before, "inProgress"):
            raise RefusedError(409, "it has ended")


@mistake
class ReadsEnvelopesOnly(CorrectConsumer):
    """A CloudEvent is not what the documents of flow runs show."""

    def take(self, request: Request, element: dict[str, Any]) -> None:
        if "specversion" in element:
            raise RefusedError(400, "no event")
        super().take(request, element)


@mistake
class RefusesUnknownAttributes(CorrectConsumer):
    """A schema forbids what it does not know."""

    known = ("event_id", "eventid", "event", "recipient_client_id", "recipientclientid")

    def recognise(self, element: dict[str, Any]) -> None:
        if "event" in element and not {*element} <= {*self.known}:
            raise RefusedError(400, "unknown attributes")
        super().recognise(element)


# Load


@mistake
class RefusesBursts(CorrectConsumer):
    """More than a few requests at once are too many."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.under_way = threading.BoundedSemaphore(6)

    def admit(self, request: Request) -> None:
        if not self.under_way.acquire(blocking=False):
            raise RefusedError(400, "busy")
        try:
            time.sleep(0.01)
            super().admit(request)
        finally:
            self.under_way.release()


@mistake
class LosesUnderLoad(CorrectConsumer):
    """A queue of a few places takes events, and what finds no place is lost."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.places = threading.BoundedSemaphore(8)

    def work(self, event_id: str) -> None:
        if self.places.acquire(blocking=False):
            time.sleep(0.01)
            super().work(event_id)
            self.places.release()


# The challenge


@mistake
class WantsEverythingSigned(CorrectConsumer):
    def handle(self, request: Request) -> Answer:
        if "x-adobe-digital-signature-1" not in request.headers:
            return 401, "text/plain", "not signed"
        return super().handle(request)


@mistake
class WantsPostsSigned(CorrectConsumer):
    def validation(self, request: Request) -> Answer:  # noqa: ARG002
        raise RefusedError(401, "not signed")


@mistake
class EchoesInPage(CorrectConsumer):
    def challenge(self, request: Request) -> Answer:
        _, _, value = super().challenge(request)
        return 200, "text/html; charset=utf-8", f"<html><body>{value}</body></html>"


@mistake
class EchoesInPageAndOpensNothing(EchoesInPage):
    """A page is no echo, and a 200 alone validates nothing."""

    def validation(self, request: Request) -> Answer:  # noqa: ARG002
        return 200, "text/plain", ""


@mistake
class EchoesInPageOnly(EchoesInPage):
    """The challenge is in a page, which is no echo, and the validation URL is never opened."""

    def validation(self, request: Request) -> Answer:  # noqa: ARG002
        raise RefusedError(400, "not an event")


@mistake
class EchoesFirstChallenge(CorrectConsumer):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.first: Answer | None = None

    def challenge(self, request: Request) -> Answer:
        self.first = self.first or super().challenge(request)
        return self.first


@mistake
class EchoesOnce(CorrectConsumer):
    """A webhook that was verified answers no other challenge."""

    echoes = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        self.echoed = 0

    def challenge(self, request: Request) -> Answer:
        self.echoed += 1
        if self.echoed > self.echoes:
            return 403, "text/plain", "verified already"
        return super().challenge(request)


@mistake
class TakesWholeQuery(CorrectConsumer):
    def challenge(self, request: Request) -> Answer:
        query = request.query
        is_it = query.startswith("challenge=")
        return (200, "text/plain", query.removeprefix("challenge=")) if is_it else (400, "", "")


@mistake
class OpensAnything(CorrectConsumer):
    def validation(self, request: Request) -> Answer:
        self.open(self.validation_url(request))
        return 200, "text/plain", "opened"
