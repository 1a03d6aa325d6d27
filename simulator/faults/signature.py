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

_KEY_HOST_ONLY = "keys are fetched from the key host only, whatever a path says"


@at_signature(
    proves="one good signature is enough, whichever it is",
    expect="delivered",
    argument=choice(1, 2),
)
def one_signature_invalid(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """One of the two signatures does not fit.

    As while keys are rotated (2.1). Mistake 13 of io-events-protocol.md 10.
    """
    signatures = list(signed.signatures)
    signatures[fault.argument - 1] = _broken(signatures[fault.argument - 1], fault)
    return replace(signed, signatures=(signatures[0], signatures[1]))


@at_signature(proves="a body that its signatures do not fit is refused", expect="rejected")
def signatures_invalid(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """Neither of the two signatures fits.

    Mistake 11 of io-events-protocol.md 10.
    """
    first, second = signed.signatures
    return replace(signed, signatures=(_broken(first, fault), _broken(second, fault)))


@at_signature(proves="a signature is verified with its own key", expect="rejected")
def signatures_swapped(signed: SignedPayload, _: Fault) -> SignedPayload:
    """Each signature stands where the other belongs.

    Signature 1 goes with key 1, signature 2 with key 2 (2.3). Mistake 11 of io-events-protocol.md
    10.
    """
    first, second = signed.signatures
    return replace(signed, signatures=(second, first))


@at_signature(proves="base64 is compared with its case", expect="rejected")
def signatures_case_flipped(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """One letter of each signature has the other case, which is another value.

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


@at_signature(proves="a body that its signatures do not fit is refused", expect="rejected")
def tampered_body(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The body was changed after it was signed.

    One digit, or a space where there is none. Mistake 2 of io-events-protocol.md 10.
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


@at_signature(proves="only keys of the key host count", expect="rejected")
def foreign_key(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The payload is signed with a key that Adobe never published.

    Its path has the right form, and nobody serves a key there. Mistake 11 of io-events-protocol.md
    10.
    """
    paths = tuple(key_path(f"pub-key-{fault.draw(5, each).hex()}") for each in ("1", "2"))
    return replace(forged(signed, ""), key_paths=(paths[0], paths[1]))


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_suffix(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths lengthen the key host's name, and the keys there are foreign.

    As in .evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f".{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_at(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths turn the key host into a user's name, and the keys are foreign.

    As in @evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"@{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected", argument=text("host", "evil.example"))
def key_path_double_slash(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths begin with two slashes and a host, whose keys are foreign.

    As in //evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"//{fault.argument}{FOLDER}")


@at_signature(
    proves=_KEY_HOST_ONLY, expect="rejected", argument=text("origin", "https://evil.example")
)
def key_path_absolute(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths are whole URLs, of keys that are foreign.

    As in https://evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"{fault.argument}{FOLDER}")


@at_signature(proves=_KEY_HOST_ONLY, expect="rejected")
def key_path_dots(signed: SignedPayload, _: Fault) -> SignedPayload:
    """The key paths climb out of the folder of keys, to keys that are foreign.

    As in /prod/keys/../../evil/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"/prod/keys/../..{FOLDER}")


def _broken(signature: str, fault: Fault) -> str:
    """Return a signature of the same form in which some bits are others."""
    raw = bytearray(base64.b64decode(signature))
    place, bits = fault.draw(2)
    raw[place % len(raw)] ^= bits or 1
    return base64.b64encode(raw).decode("ascii")
