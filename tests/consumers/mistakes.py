"""The mistakes of webhooks: each is the sound one with one thing done otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from .sound import KeyUnavailableError, RefusedError, Request, Sound

MISTAKES: dict[str, type[Sound]] = {}
"""Name → a webhook that makes this mistake."""


def mistake(kind: type[Sound]) -> type[Sound]:
    """Add a class to the mistakes, under its name in small letters with dashes."""
    name = re.sub(r"(?<=.)([A-Z])", r"-\1", kind.__name__).lower()
    MISTAKES[name] = kind
    return kind


# Signatures


@mistake
class VerifiesNothing(Sound):
    """The signatures have to be there, and that is all."""

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        return bool(key and signature and body)


@mistake
class LetsUnsignedIn(Sound):
    """Without signatures there is nothing to verify."""

    def admit(self, request: Request) -> None:
        if "x-adobe-digital-signature-1" in request.headers:
            super().admit(request)


@mistake
class TrustsWhatItCannotVerify(Sound):
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
class TriesEveryKey(Sound):
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
class IgnoresCaseOfBase64(Sound):
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
class ReadsFirstSignatureOnly(Sound):
    def admit(self, request: Request) -> None:
        if not self.verify(request, "1"):
            raise RefusedError(401, "signature 1 does not fit")


@mistake
class WantsBothSignatures(Sound):
    def admit(self, request: Request) -> None:
        if not all([self.verify(request, "1"), self.verify(request, "2")]):
            raise RefusedError(401, "a signature does not fit")


@mistake
class FetchesBothKeysFirst(Sound):
    """Signatures are verified once both keys are there."""

    def admit(self, request: Request) -> None:
        for number in ("1", "2"):
            path = request.headers.get(f"x-adobe-public-key{number}-path", "")
            if path.startswith("/prod/keys/pub-key-"):
                self.key(path)
        super().admit(request)


@mistake
class GivesUpAtGarbage(Sound):
    """One key that cannot be read ends it, as in Adobe's SDK for Node."""

    def parse(self, pem: bytes) -> RSAPublicKey:
        try:
            return super().parse(pem)
        except KeyUnavailableError:
            raise RefusedError(401, "the key is no PEM") from None


@mistake
class RefusesWithoutKeys(Sound):
    """A key that cannot be had now is taken for a forgery."""

    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except KeyUnavailableError:
            raise RefusedError(401, "no key") from None


@mistake
class KeepsWhateverCame(Sound):
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
class KeepsNoKeys(Sound):
    def key(self, path: str) -> RSAPublicKey:
        self.keys.clear()
        return super().key(path)


@mistake
class HasNoPatience(Sound):
    """The key host has to answer within a tenth of a second."""

    patience = 0.1

    def admit(self, request: Request) -> None:
        try:
            super().admit(request)
        except KeyUnavailableError:
            raise RefusedError(401, "too slow") from None


@mistake
class KeepsFirstKeys(Sound):
    """Keys are kept by their number, whatever their path."""

    def verify(self, request: Request, number: str) -> bool:
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        if number not in self.keys:
            self.keys[number] = self.parse(self.open(self.key_host + path))
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        return self.fits(self.keys[number], signature, request.body)


class AnyPath(Sound):
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
class ResolvesKeyPath(AnyPath):
    """The path is resolved against the host, as a browser does it."""

    def key(self, path: str) -> RSAPublicKey:
        if path not in self.keys:
            self.keys[path] = self.parse(self.open(urljoin(self.key_host, path)))
        return self.keys[path]


@mistake
class SplitsPemAtLineFeeds(Sound):
    """The PEM is taken apart by hand."""

    def parse(self, pem: bytes) -> RSAPublicKey:
        lines = pem.decode().split("\n")
        if lines[0] != "-----BEGIN PUBLIC KEY-----":
            raise KeyUnavailableError
        return super().parse(pem)


@mistake
class WantsUuidInKeyPath(Sound):
    """As the guide describes the names of keys, which are no UUIDs."""

    def verify(self, request: Request, number: str) -> bool:
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        return bool(re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", path)) and super().verify(request, number)


@mistake
class MisspellsHeaders(Sound):
    """x-adobe-digital-signature1, as the SDK's page has it."""

    def verify(self, request: Request, number: str) -> bool:
        return f"x-adobe-digital-signature{number}" in request.headers


@mistake
class WantsOldSignature(Sound):
    def admit(self, request: Request) -> None:
        if "x-adobe-signature" not in request.headers:
            raise RefusedError(401, "no x-adobe-signature")


@mistake
class VerifiesOldSignature(Sound):
    """An old signature, if there is one, has to fit too."""

    def admit(self, request: Request) -> None:
        if "x-adobe-signature" in request.headers:
            raise RefusedError(401, "x-adobe-signature does not fit")
        super().admit(request)


@mistake
class VerifiesRewrittenJson(Sound):
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
class TakesAnyRecipient(Sound):
    def recognise(self, element: dict[str, Any]) -> None:
        pass


@mistake
class ComparesRecipientIfNamed(Sound):
    def recognise(self, element: dict[str, Any]) -> None:
        if any(self.recipients(element)):
            super().recognise(element)


@mistake
class ReadsOldRecipientOnly(Sound):
    def recipients(self, element: dict[str, Any]) -> Iterator[Any]:
        yield element.get("recipient_client_id")


@mistake
class ReadsNewRecipientOnly(Sound):
    def recipients(self, element: dict[str, Any]) -> Iterator[Any]:
        yield element.get("recipientclientid")


@mistake
class ReadsOldRecipientInBatches(Sound):
    """As Adobe's SDK for Java does, which throws where it is missing."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        if request.body.startswith(b"["):
            _ = [element["recipient_client_id"] for element in elements]
        return elements


# Batches


@mistake
class LetsBatchesIn(Sound):
    """Arrays are not verified."""

    def admit(self, request: Request) -> None:
        if not request.body.startswith(b"["):
            super().admit(request)


@mistake
class TakesAnyBatch(Sound):
    """The recipient is compared where the body is one event."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        if not request.body.startswith(b"["):
            self.recognise(elements[0])
        for element in elements:
            self.take(request, element)


@mistake
class WantsFirstEvent(Sound):
    """The first event of an array is looked at, though there may be none."""

    def read(self, request: Request) -> list[dict[str, Any]]:
        elements = super().read(request)
        self.recognise(elements[0])
        return elements
