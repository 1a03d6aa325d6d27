"""One signature of a delivery, verified step by step."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ...core.printable import brief, printable
from ...core.signature import KEY_PATH, KeyHostDownError, NoKeyError, header_names
from ...errors import FlowsimError
from ...installation.keys import parse_public
from . import likely_mistakes

PASSED, FAILED, NOT_REACHED = "passed", "failed", "not reached"

FindPem = Callable[[str], bytes | RSAPublicKey]
"""Return what the key host serves at a path, or its key; raises ``LookupError`` for nothing."""

_LENGTH = 256


@dataclass(frozen=True, slots=True)
class SignatureStep:
    """One step: the ``group`` says of which signature, ``found`` what was there.

    ``state`` is ``passed``, ``failed`` or ``not reached``. ``means`` explains the step,
    ``mistake`` what is wrong, and ``remedy`` what helps.
    """

    group: str
    name: str
    state: str
    found: str
    means: str
    mistake: str = ""
    remedy: str = ""


@dataclass(slots=True)
class StatedSignature:
    """A signature as its headers state it, and what its steps found so far.

    ``hindrance`` says why it cannot be verified here or now, if that is no mistake of the request.
    """

    number: int
    path: str
    text: str
    signature: bytes = b""
    key: RSAPublicKey | None = None
    pem: bytes | RSAPublicKey = b""
    hindrance: str = ""


def steps_of(found: StatedSignature, body: bytes, find_pem: FindPem) -> list[SignatureStep]:
    """Return the steps of one signature; after the first that fails, none is reached."""
    path_name, signature_name = header_names(found.number)
    group = f"signature {found.number}"
    stages: list[tuple[str, str, Callable[[], SignatureStep]]] = []

    def stage(name: str, means: str, run: Callable[[], tuple[str, str, str]]) -> None:
        stages.append((name, means, lambda: _step(group, name, means, *run())))

    stage(f"header {signature_name}", _HEADER, lambda: _header(found, signature_name))
    stage("base64", _BASE64, lambda: _base64(found))
    stage(f"header {path_name}", _PATH, lambda: _path(found, path_name))
    stage("public key", _KEY, lambda: _key(found, find_pem))
    stage("PEM", _PEM, lambda: _pem(found))
    stage("RSA-SHA256", _RSA, lambda: _rsa(found, body))
    steps: list[SignatureStep] = []
    for name, means, run in stages:
        is_reached = not steps or steps[-1].state == PASSED
        steps.append(run() if is_reached else SignatureStep(group, name, NOT_REACHED, "", means))
    return steps


def _step(
    group: str, name: str, means: str, found: str, mistake: str, remedy: str
) -> SignatureStep:
    return SignatureStep(
        group, name, FAILED if mistake else PASSED, brief(found), means, mistake, remedy
    )


_HEADER = "Each delivery carries two signatures; one that fits is enough."
_BASE64 = "The signature is standard base64 with padding: 344 characters for 256 bytes."
_PATH = "The path is relative: a consumer adds it to the fixed address of the key host."
_KEY = "The key host serves the public key at this path. A consumer may keep it for 24 hours."
_PEM = "The key is PEM with an RSA public key."
_DOWN = "the key host gives no key for the moment"
_UNREAD = "a key cannot be read here"
_RSA = "RSA PKCS#1 v1.5 with SHA-256 over exactly the bytes of the body."


def _header(found: StatedSignature, name: str) -> tuple[str, str, str]:
    if not found.text:
        remedy = "Refuse a delivery without signatures; a proxy must not remove headers."
        return "no such header", f"the header {name} is missing", remedy
    return f"{len(found.text)} characters", "", ""


def _base64(found: StatedSignature) -> tuple[str, str, str]:
    try:
        found.signature = base64.b64decode(found.text, validate=True)
    except ValueError:
        is_url_safe = {*"-_"} & {*found.text} and not {*"+/"} & {*found.text}
        kind = "url-safe base64" if is_url_safe else "not standard base64"
        return found.text[:40], f"it is {kind}", "Send and read it as standard base64."
    length = len(found.signature)
    if length != _LENGTH:
        mistake = f"{length} bytes, expected {_LENGTH}"
        return f"{length} bytes", mistake, "Keep the header whole: it may have been cut."
    return f"{length} bytes", "", ""


def _path(found: StatedSignature, name: str) -> tuple[str, str, str]:
    if not found.path:
        return "no such header", f"the header {name} is missing", "Keep all headers x-adobe-…."
    if not KEY_PATH.fullmatch(found.path):
        expected = "/prod/keys/pub-key-XXXXXXXXXX.pem"
        remedy = f"Do not fetch it: expected {expected}, with 10 letters and digits."
        return found.path, "it is no path of a key", remedy
    return found.path, "", ""


def _key(found: StatedSignature, find_pem: FindPem) -> tuple[str, str, str]:
    try:
        found.pem = find_pem(found.path)
    except KeyHostDownError as error:
        found.hindrance = _DOWN
        remedy = "Answer 503: the event comes again, and the key may be there then."
        return printable(error.reason), _DOWN, remedy
    except LookupError as error:
        reason = error.reason if isinstance(error, NoKeyError) else "no key at this path"
        remedy = "Use the key host of the sender: flowsim keys show prints the keys of this one."
        return printable(reason), "the key is not known here", remedy
    except FlowsimError as error:
        found.hindrance = _UNREAD
        return brief(str(error)), "the key cannot be read", "Mend this, and look again."
    size = f"{len(found.pem):,} bytes" if isinstance(found.pem, bytes) else "a key"
    return size, "", ""


def _pem(found: StatedSignature) -> tuple[str, str, str]:
    try:
        key = found.pem if isinstance(found.pem, RSAPublicKey) else parse_public(found.pem)
    except LookupError as error:
        remedy = "Do not keep such an answer; fetch the key again."
        return printable(str(error)), "the key host serves no RSA public key", remedy
    found.key = key
    return f"RSA, {key.key_size} bits", "", ""


def _rsa(found: StatedSignature, body: bytes) -> tuple[str, str, str]:
    size = f"a body of {len(body):,} bytes"
    if fits(found, body):
        return f"{size}, signed by {found.path}", "", ""
    return size, "the signature does not fit the body", "Verify the bytes as they came."


def fits(found: StatedSignature, body: bytes) -> bool:
    return found.key is not None and likely_mistakes.fits(found.signature, found.key, body)


def with_mistake(step: SignatureStep, both: list[StatedSignature], body: bytes) -> SignatureStep:
    """Return a step; one in which a signature does not fit, with what it fits instead."""
    if step.state != FAILED or step.name != "RSA-SHA256":
        return step
    own = both[0] if step.group == "signature 1" else both[1]
    other = both[1] if own is both[0] else both[0]
    mistake, remedy = _likely(own, other, body)
    return replace(step, mistake=f"{step.mistake}: {mistake}", remedy=remedy)


def _likely(own: StatedSignature, other: StatedSignature, body: bytes) -> tuple[str, str]:
    assert own.key is not None
    if other.key is not None and likely_mistakes.fits(own.signature, other.key, body):
        mistake = f"it fits key {other.number}, not key {own.number}"
        return mistake, "Signature 1 belongs to key 1, signature 2 to key 2: do not swap them."
    signed = likely_mistakes.signed_digest(own.signature, own.key)
    if signed is None:
        mistake = f"it was not made with key {own.number}, or it was changed"
        return mistake, "Take signature and key path from the same request, unchanged."
    if form := likely_mistakes.other_form(body, signed):
        mistake = f"it fits this body {form}"
        remedy = "Verify the raw bytes of the request, before anything parses or rewrites them."
        return mistake, remedy
    mistake = f"key {own.number} signed another body, with SHA-256 {signed.hex()}"
    remedy = "Refuse it: the body was changed after signing, or the signature is of another one."
    return mistake, remedy
