"""Faults of signatures and key paths, and of bodies that were changed after signing."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..core.fault import Fault
from ..core.signature import SignedPayload, digest, key_path, sign
from .fault_point import FaultPoint, choice, text

at_signature = FaultPoint[SignedPayload]("signature")

FOLDER = "/evil/keys/"
"""The folder of the key host's own names in which the foreign key is served, under any name."""

_AS_ADOBE = "/prod/keys/"
"""The folder of keys: an attacker's host has the same."""

_KEY_HOST_ONLY = "keys are fetched from the key host only, for every key path"


@at_signature(
    proves="one signature that fits is enough, the first or the second", argument=choice(1, 2)
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


@at_signature(proves="signatures are verified for each body, and never kept", expect="rejected")
def signatures_reused(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The signatures are those of the delivery before this one, and fit its body only.

    If there is none before it, neither of the signatures fits any body. The signed bytes are those
    of the body (2.1). Mistake 11 of io-events-protocol.md 10.
    """
    if signed.earlier is not None:
        return replace(signed, signatures=signed.earlier)
    first, second = signed.signatures
    return replace(signed, signatures=(_broken(first, fault), _broken(second, fault)))


@at_signature(proves="base64 is decoded with regard to case", expect="rejected")
def signatures_case_flipped(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The case of one letter is changed in each signature, which changes its value.

    Mistake 12 of io-events-protocol.md 10.
    """
    chosen = fault.draw(1)[0]
    first, second = (_flipped(signature, chosen) for signature in signed.signatures)
    return replace(signed, signatures=(first, second))


def _flipped(signature: str, chosen: int) -> str:
    """Return a signature with one letter in the other case.

    It is none of the last four, some of whose bits mean nothing.
    """
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
    """Return a body in which the last digit of one number is changed."""
    found = [*re.finditer(rb"(?<=[:,\[])\d+(?=[],}])", body)]
    if not found:
        return body + b" "
    place = found[chosen % len(found)].end() - 1
    digit = b"%d" % ((body[place] - ord("0") + 1) % 10)
    return body[:place] + digit + body[place + 1 :]


@at_signature(proves="only keys from the key host are trusted", expect="not-delivered")
def foreign_key(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The payload is signed with a key that Adobe has never published.

    Its path has the correct form, but no key is served there. A webhook may put the event off, as
    if the key came later. Mistake 11 of io-events-protocol.md 10.
    """
    paths = tuple(key_path(f"pub-key-{fault.draw(5, each).hex()}") for each in ("1", "2"))
    return replace(forged(signed, ""), key_paths=(paths[0], paths[1]))


@at_signature(proves=_KEY_HOST_ONLY, expect="not-delivered", argument=text("host", "evil.example"))
def key_path_suffix(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths append text to the name of the key host, and lead to foreign keys.

    As in .evil.example/prod/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f".{fault.argument}{_AS_ADOBE}")


@at_signature(proves=_KEY_HOST_ONLY, expect="not-delivered", argument=text("host", "evil.example"))
def key_path_at(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths turn the key host into a user name, and lead to foreign keys.

    As in @evil.example/prod/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"@{fault.argument}{_AS_ADOBE}")


@at_signature(proves=_KEY_HOST_ONLY, expect="not-delivered", argument=text("host", "evil.example"))
def key_path_double_slash(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths begin with two slashes and a host that serves foreign keys.

    As in //evil.example/prod/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"//{fault.argument}{_AS_ADOBE}")


@at_signature(
    proves=_KEY_HOST_ONLY, expect="not-delivered", argument=text("origin", "https://evil.example")
)
def key_path_absolute(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths are complete URLs of foreign keys.

    As in https://evil.example/prod/keys/…. Mistake 19 of io-events-protocol.md 10.
    """
    return forged(signed, f"{fault.argument}{_AS_ADOBE}")


@at_signature(proves=_KEY_HOST_ONLY, expect="not-delivered", argument=choice("both", 1, 2))
def key_path_dots(signed: SignedPayload, fault: Fault) -> SignedPayload:
    """The key paths leave the folder of keys, and lead to foreign keys.

    As in /prod/keys/../../evil/keys/…. The argument is the number of the only path that does.
    Mistake 19 of io-events-protocol.md 10.
    """
    misled, real = forged(signed, f"/prod/keys/../..{FOLDER}"), signed.key_paths
    paths = {
        "both": misled.key_paths,
        1: (misled.key_paths[0], real[1]),
        2: (real[0], misled.key_paths[1]),
    }
    return replace(misled, key_paths=paths[fault.argument])


def _broken(signature: str, fault: Fault) -> str:
    """Return a signature of the same length in which some bits are changed."""
    raw = bytearray(base64.b64decode(signature))
    place, bits = fault.draw(2)
    raw[place % len(raw)] ^= bits or 1
    return base64.b64encode(raw).decode("ascii")


def forged(signed: SignedPayload, prefix: str) -> SignedPayload:
    """Return a payload with two signatures of the foreign key, at key paths with a prefix.

    The first path ends in a new name, so that a webhook must fetch it. The second ends in the name
    of the real key: a webhook that keeps keys by file name replaces the real key by the foreign
    one.
    """
    signature = sign(digest(signed.payload.body), _key())
    unseen = f"pub-key-{sha256(signature.encode()).hexdigest()[:10]}.pem"
    known = signed.key_paths[1].rpartition("/")[2]
    paths = (f"{prefix}{unseen}", f"{prefix}{known}")
    return replace(signed, signatures=(signature, signature), key_paths=paths)


def foreign_pem() -> bytes:
    """Return the foreign public key as PEM, as an attacker's host serves it at every path."""
    return _public_pem()


def misled_pem(path: str) -> bytes | None:
    """Return the foreign key if a path of the key host leads to it; ``None`` for others."""
    return _public_pem() if path.startswith(FOLDER) else None


# The two primes of the foreign key. They need not be secret: flowsim verifies nothing with it.
P = int(
    "ff97bc9ae1663b5c389255af5d2cb16e6afa3c9be66babbc2b809e929f53985870b753041b27d1cc"
    "15c6bf25e71ca35bdd784691ff29b4736e457ae5b809f01df903f72721d2c33bdaeb44b98a3b56cc"
    "0d2db667dd23576414691690e31e7b9a32f8133b47e0a4288a386eb147747af79ca3c48b97bb2c86"
    "3efdd5dd51cd34f3",
    16,
)
Q = int(
    "c3b15c3343f7c07f5a957c231362009b01a9815acfa15994240130e429664661c8852f11b42a2f93"
    "efc6ef7e6033edfeca4b5b73464eed0ab8bd3ebda7e176fcb7124139aadcd6d6c9a80948b0186d78"
    "6a1a2fae4f1d835569598cd21627b5f4a06f82f584b3d75277ee65b77b72c5b3994c60a340781d25"
    "104a5c23c0973c11",
    16,
)
E = 65537


@cache
def _public_pem() -> bytes:
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def _key() -> rsa.RSAPrivateKey:
    d = pow(E, -1, (P - 1) * (Q - 1))
    public = rsa.RSAPublicNumbers(E, P * Q)
    numbers = rsa.RSAPrivateNumbers(P, Q, d, d % (P - 1), d % (Q - 1), pow(Q, -1, P), public)
    return numbers.private_key()
