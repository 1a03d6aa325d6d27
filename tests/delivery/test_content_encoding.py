"""Encoded bodies of answers are read as they were before, and take no more room than plain ones."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.delivery.http_answer import decoded, encodings_of

from ..cases import for_each

MOST = 1_000
TEXT = b"the reason in words"


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


ENCODERS = {b"deflate": zlib.compress, b"gzip": gzipped, b"x-gzip": gzipped}


@for_each(
    ("encoding", "body"),
    [
        (b"deflate", zlib.compress(TEXT)),
        (b"deflate", raw_deflate(TEXT)),
        (b"DEFLATE ", zlib.compress(TEXT)),
        (b"gzip", gzipped(TEXT)),
        (b"x-gzip", gzipped(TEXT)),
        (b"gzip", gzipped(TEXT[:5]) + gzipped(TEXT[5:])),
        (b"deflate, gzip", gzipped(zlib.compress(TEXT))),
        (b"identity", TEXT),
        (b"identity,deflate", zlib.compress(TEXT)),
        (b"", TEXT),
        (b", ,", TEXT),
    ],
)
def test_encoded_bodies_are_decoded(encoding: bytes, body: bytes) -> None:
    assert decoded(body, encoding, MOST, is_whole=True) == (TEXT, "")


@for_each("encoding", [b"br", b"compress", b"zstd", b"deflate, br"])
def test_an_unknown_encoding_is_named_and_the_body_stays_encoded(
    encoding: bytes,
) -> None:
    name = encoding.split(b", ")[-1].decode()
    words = f"its answer is encoded as '{name}', which flowsim does not read"
    assert decoded(b"\x0b\x02\x80", encoding, MOST, is_whole=True) == (b"\x0b\x02\x80", words)


@for_each(
    ("encoding", "body"),
    [
        (b"gzip", TEXT),
        (b"deflate", TEXT),
        (b"gzip", zlib.compress(TEXT)),
        (b"deflate", zlib.compress(TEXT)[:-3]),
        (b"gzip", gzipped(TEXT)[:-8] + b"\x00" * 8),
    ],
)
def test_a_body_with_a_wrong_encoding_header_stays_encoded(encoding: bytes, body: bytes) -> None:
    words = f"its answer is said to be encoded as '{encoding.decode()}', but cannot be decoded"
    assert decoded(body, encoding, MOST, is_whole=True) == (body, words)


@pytest.mark.parametrize("behind", [b"junk", b"\r\n", bytes(8)])
def test_bytes_behind_a_whole_gzip_file_do_no_harm(behind: bytes) -> None:
    body = gzipped(TEXT) + gzipped(TEXT) + behind
    assert decoded(body, b"gzip", MOST, is_whole=True) == (TEXT + TEXT, "")


@pytest.mark.parametrize("encoding", ENCODERS)
def test_the_beginning_of_a_cut_body_is_decoded(encoding: bytes) -> None:
    body = bytes(range(256)) * 100
    plain, unread = decoded(ENCODERS[encoding](body)[:300], encoding, MOST, is_whole=False)
    assert unread == ""
    assert plain
    assert body.startswith(plain)


@pytest.mark.parametrize("encodings", [1, 2, 4])
def test_a_compression_bomb_is_decoded_only_to_the_limit(encodings: int) -> None:
    body = bytes(50_000_000)
    for _ in range(encodings):
        body = zlib.compress(body)
    tracemalloc.start()
    plain, _ = decoded(body, b",".join([b"deflate"] * encodings), MOST, is_whole=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(plain) <= MOST or encodings > 1
    assert peak < 1_000_000


def test_the_number_of_content_encodings_is_limited() -> None:
    _, unread = decoded(TEXT, b"gzip," * 1_000, MOST, is_whole=True)
    assert unread.endswith("which flowsim does not read")
    assert len(unread) < 200


@given(st.binary(), st.lists(st.sampled_from([*ENCODERS]), max_size=4))
def test_any_encoded_body_is_decoded(body: bytes, encodings: list[bytes]) -> None:
    packed = body
    for each in encodings:
        packed = ENCODERS[each](packed)
    assert decoded(packed, b",".join(encodings), 10_000, is_whole=True) == (body, "")


@given(st.binary(), st.binary(), st.booleans())
def test_no_body_raises_an_exception(body: bytes, encoding: bytes, is_whole: bool) -> None:
    plain, unread = decoded(body, encoding, MOST, is_whole=is_whole)
    assert plain == body or not unread
    for each in ENCODERS:
        decoded(body, each, MOST, is_whole=is_whole)


def test_encoding_headers_may_be_repeated_and_in_any_case() -> None:
    headers = [(b"Content-Encoding", b"deflate"), (b"x", b"y"), (b"content-encoding", b"gzip")]
    assert encodings_of(headers) == b"deflate,gzip"
    assert encodings_of([(b"content-type", b"text/plain")]) == b""
