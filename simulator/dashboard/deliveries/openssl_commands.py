"""Commands that verify a signature at a shell, with curl, base64 and openssl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.shell_words import printf, quoted
from ...core.signature import KEY_PATH, header_names

MOST_PRINTED = 64 * 1024
"""Larger bodies are downloaded instead of being part of the commands, in bytes."""


def commands(body: bytes, headers: Mapping[str, str], key_host: str, body_url: str) -> str:
    """Return shell commands that verify both signatures of a delivery, one a line.

    They make files in the present folder. Each verification prints ``Verified OK`` or
    ``Verification failure``. ``key_host`` is the URL of the key host, ``body_url`` that of the
    body's download. A signature without a path of Adobe's form is left out: such a path is never
    fetched (io-events-protocol.md 2.2). Empty if neither can be verified.
    """
    parts = [line for number in (1, 2) for line in _of_signature(number, headers, key_host)]
    return "\n".join([_body(body, body_url), *parts]) if parts else ""


def _body(body: bytes, body_url: str) -> str:
    if len(body) <= MOST_PRINTED:
        return f"{printf(body.decode('utf-8', 'surrogateescape'))} > body.bin"
    return f"curl -q -fsS --noproxy '*' -o body.bin {quoted(body_url)}"


def _of_signature(number: int, headers: Mapping[str, str], key_host: str) -> Iterator[str]:
    path_name, signature_name = header_names(number)
    path, signature = headers.get(path_name, ""), headers.get(signature_name, "")
    if not signature or not KEY_PATH.fullmatch(path):
        return
    key, file = f"key{number}.pem", f"signature{number}.bin"
    yield f"curl -q -fsS -o {key} {quoted(key_host.rstrip('/') + path)}"
    yield f"{printf(signature)} | base64 -d > {file}"
    yield f"openssl dgst -sha256 -verify {key} -signature {file} body.bin"
