"""Faults of signatures and key paths, and of bodies that were changed after signing."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload, key_path
from .arguments import choice, text
from .forgery import FOLDER, forged
from .registry import FaultPoint

at_signature = FaultPoint[SignedPayload]("signature")

_KEY_HOST_ONLY = "keys are fetched from the key host only, for every key path"


@at_signature(
    proves="one signature that fits is enough, the first or the second",
    expect="delivered",
    argument=choice(1, 2),
)
def one_signature_invalid(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """One of the two signatures does not fit.

    This can happen during a key rotation (2.1). Mistake 13 of io-events-protocol.md 10.
    """
    signatures = list(signed.signatures)
    signatures[fault.argument - 1] = _broken(signatures[fault.argument - 1], fault)
    return replace(signed, signatures=(signatures[0], signatures[1]))


@at_signature(proves="an event is refused if neither of its signatures fits", expect="rejected")
def signatures_invalid(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """Neither of the two signatures fits.

    Mistake 11 of io-events-protocol.md 10.
    """
    first, second = signed.signatures
    return replace(signed, signatures=(_broken(first, fault), _broken(second, fault)))


@at_signature(proves="a signature is verified with its own key", expect="rejected")
def signatures_swapped(signed: SignedPayload, _: Fault) -> SignedPayload:
    """The two signatures are swapped.

    Signature 1 belongs to key 1, signature 2 to key 2 (2.3). Mistake 11 of io-events-protocol.md
    10.
    """
    first, second = signed.signatures
    return replace(signed, signatures=(second, first))


@at_signature(proves="base64 is decoded with regard to case", expect="rejected")
def signatures_case_flipped(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The case of one letter is changed in each signature, which changes its value.

    Mistake 12 of io-events-protocol.md 10.
    """
    chosen = fault.draw(1)[0]
    first, second = (_flipped(signature, chosen) for signature in signed.signatures)
    return replace(signed, signatures=(first, second))


def _flipped(signature: str, chosen: int) -> str:
    """Return a signature with one of its letters flipped; the last ones may hold spare bits."""
    letters = [place for place, letter in enumerate(signature[:-4]) if letter.isalpha()]
    place = letters[chosen % len(letters)]
    return signature[:place] + signature[place].swapcase() + signature[place + 1 :]


@at_signature(proves="an event is refused if neither of its signatures fits", expect="rejected")
def tampered_body(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The body was changed after it was signed.

    One digit is changed. If there is no digit, a space is added. Mistake 2 of io-events-protocol.md
    10.
    """
    body = _tampered(signed.payload.body, int.from_bytes(fault.draw(4), "big"))
    return replace(signed, payload=replace(signed.payload, body=body))


def _tampered(body: bytes, chosen: int) -> bytes:
    """Return a body in which the last digit of one number is another one."""
    found = [*re.finditer(rb"(?<=[:,\[])\d+(?=[],}])", body)]
    if not found:
        return body + b" "
    place = found[chosen % len(found)].end() - 1
    digit = b"%d" % ((body[place] - ord("0") + 1) % 10)
    return body[:place] + digit + body[place + 1 :]


@at_signature(proves="only keys from the key host are trusted", expect="rejected")
def foreign_key(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The payload is signed with a key that Adobe has never published.

    Its path has the correct form, but no key is served there. Mistake 11 of io-events-protocol.md
    10.
    """
    paths = tuple(key_path(f"pub-key-{fault.draw(5, each).hex()}") for each in ("1", "2"))
    return replace(forged(signed, ""), key_paths=(paths[0], paths[1]))


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_suffix(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths append text to the name of the key host, and lead to foreign keys.

    As in .evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f".{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_at(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths turn the key host into a user name, and lead to foreign keys.

    As in @evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"@{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_double_slash(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths begin with two slashes and a host that serves foreign keys.

    As in //evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"//{fault.argument}{FOLDER}")


@at_signature(
    proves=_KEY_HOST_ONLY, expect="rejected", argument=text("origin", "https://evil.example")
)
def key_path_absolute(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths are complete URLs of foreign keys.

    As in https://evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected")
def key_path_dots(signed: SignedPayload, _: Fault) -> SignedPayload:
    """The key paths leave the folder of keys, and lead to foreign keys.

    As in /prod/keys/../../evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"/prod/keys/../..{FOLDER}")


def _broken(signature: str, fault: Fault) -> str:
    """Return a signature of the same form in which some bits are others."""
    raw = bytearray(base64.b64decode(signature))
    place, bits = fault.draw(2)
    raw[place % len(raw)] ^= bits or 1
    return base64.b64encode(raw).decode("ascii")
