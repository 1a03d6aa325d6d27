"""The two signing keys of this installation, made at first use.

The folder holds the private keys ``signing-1.pem`` and ``signing-2.pem``, with mode 0600. Under
``public/`` it holds every public key that was ever in use, so that an old delivery can be verified
after a rotation. A key's name follows from the key itself, so a new key has a new name.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from ..core.signature import KEY_PATH, key_path
from ..errors import KeyFileError
from ..runtime.breakdowns import exhaustion
from .own_files import explained, keep_private, make_once, write

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair: ``name`` is that of the public key, ``private_pem`` is PKCS#8."""

    name: str
    private_pem: bytes
    public_pem: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"


KeyPair = tuple[SigningKey, SigningKey]


def load(folder: Path) -> KeyPair:
    """Return both keys, made first if there are none. Raises ``KeyFileError``.

    If two processes make them at the same time, both use the same ones.
    """
    _make(folder)
    return _read(folder, 1), _read(folder, 2)


def paths(pair: KeyPair) -> tuple[str, str]:
    """Return where the key host serves the public key of each."""
    return key_path(pair[0].name), key_path(pair[1].name)


def make_pair() -> KeyPair:
    """Return two new keys that are not written to files."""
    return _generate(), _generate()


def rotate(folder: Path, number: int) -> SigningKey:
    """Put a new key in the place of key 1 or 2 and return it; the other key stays.

    Neither has to be readable: a key file that is damaged or missing is replaced.
    """
    _make(folder)
    with _explained(folder):
        key = _generate()
        _write_key(folder, number, key)
        return key


def public_pem(folder: Path, path: str) -> bytes:
    """Return the PEM of a key path such as ``/prod/keys/pub-key-….pem``.

    Raises ``LookupError`` if no key of that name was ever in use here.
    """
    match = KEY_PATH.fullmatch(path)
    file = folder / "public" / f"{match[1]}.pem" if match else None
    if file is None or not file.is_file():
        raise LookupError(path)
    with _explained(folder):
        return file.read_bytes()


@lru_cache(maxsize=8)
def parse_private(pem: bytes) -> rsa.RSAPrivateKey:
    """Return one of our private keys; its numbers are not checked, which would be slow."""
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key


def parse_public(pem: bytes) -> rsa.RSAPublicKey:
    """Return a public key. Raises ``LookupError`` if the text is none."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise LookupError("not a public key") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise LookupError("not an RSA key")
    return key


def _file(number: int) -> str:
    return f"signing-{number}.pem"


def _make(folder: Path) -> None:
    """Make both keys if there are none."""
    with _explained(folder):
        if not any((folder / _file(number)).exists() for number in (1, 2)):
            make_once(folder, _fill)


def _fill(folder: Path) -> None:
    for number in (1, 2):
        _write_key(folder, number, _generate())


def _generate() -> SigningKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _signing_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@lru_cache(maxsize=8)
def _signing_key(private_pem: bytes) -> SigningKey:
    public = parse_private(private_pem).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    number = int.from_bytes(sha256(der).digest(), "big")
    letters = "".join(_ALPHABET[number // 62**place % 62] for place in range(10))
    return SigningKey(f"pub-key-{letters}", private_pem, pem)


def _write_key(folder: Path, number: int, key: SigningKey) -> None:
    """Write a key pair, the public key first: signatures of a key in use can always be verified."""
    (folder / "public").mkdir(exist_ok=True)
    write(folder / "public" / f"{key.name}.pem", key.public_pem, 0o644)
    write(folder / _file(number), key.private_pem, 0o600)


def _read(folder: Path, number: int) -> SigningKey:
    """Return a key whose public half was published: a damaged one has another name."""
    path = folder / _file(number)
    remedy = f"flowsim keys rotate {number} makes a new one in its place"
    if path.exists() and not path.is_file():  # reading a pipe would wait
        raise KeyFileError(path, f"not a file; move it away; {remedy}")
    try:
        with explained(folder, "", remedy):
            keep_private(path, "if another user has read it: flowsim keys rotate")
            pem = path.read_bytes()
        key = _signing_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(path, f"no RSA key can be read here; {remedy}") from None
    if not _is_published(folder, key):
        reason = "damaged, or its public key is missing in the folder public, or damaged there"
        raise KeyFileError(path, f"{reason}; {remedy}")
    return key


def _is_published(folder: Path, key: SigningKey) -> bool:
    """Tell whether the public half of a key is in the folder under its name."""
    try:
        found = (folder / "public" / f"{key.name}.pem").read_bytes()
    except OSError as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        return False
    return found.split() == key.public_pem.split()  # line ends may differ


def _explained(folder: Path) -> AbstractContextManager[None]:
    """Turn what goes wrong with the folder of the keys into one sentence."""
    return explained(folder, "no keys can be made here", "flowsim keys rotate makes new keys")
