"""Payloads signed with a foreign key, which a careless consumer would fetch.

The foreign key is no secret: its two primes are written here. Nothing that flowsim verifies
with is ever this key.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..core.signature import SignedPayload, digest, sign

FOLDER = "/evil/keys/"
"""Where the foreign key is served, under any name."""

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


def forged(signed: SignedPayload, prefix: str) -> SignedPayload:
    """Return a payload signed with the foreign key, twice; its key paths begin with a prefix.

    The first path ends in a new name, so that no kept key hides where the path leads. The second
    ends in the name of the real key: a consumer that keeps keys by file name replaces the real
    key with the foreign one.
    """
    signature = sign(digest(signed.payload.body), _key())
    unseen = f"pub-key-{sha256(signature.encode()).hexdigest()[:10]}.pem"
    known = signed.key_paths[1].rpartition("/")[2]
    paths = (f"{prefix}{unseen}", f"{prefix}{known}")
    return replace(signed, signatures=(signature, signature), key_paths=paths)


def foreign_pem(path: str) -> bytes | None:
    """Return the foreign public key, at the paths that faults of key paths lead to."""
    return _public_pem() if path.startswith(FOLDER) else None


@cache
def _public_pem() -> bytes:
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def _key() -> rsa.RSAPrivateKey:
    d = pow(E, -1, (P - 1) * (Q - 1))
    public = rsa.RSAPublicNumbers(E, P * Q)
    numbers = rsa.RSAPrivateNumbers(P, Q, d, d % (P - 1), d % (Q - 1), pow(Q, -1, P), public)
    return numbers.private_key()
