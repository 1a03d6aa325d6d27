"""Identifiers in the forms that Adobe's services print."""

from __future__ import annotations

import re
from uuid import RFC_4122, UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.identifiers import echo_uuid4, etag, org_id, ulid, uuid4

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOMENTS_MS = st.integers(0, 2**48 - 1)

unhurried = settings(deadline=None)


@given(st.binary(min_size=16, max_size=16))
@unhurried
def test_a_uuid_has_the_bits_that_the_standard_library_sets(raw: bytes) -> None:
    assert uuid4(raw) == str(UUID(bytes=raw, version=4))


@given(st.binary(min_size=9, max_size=9))
@unhurried
def test_an_echo_uuid_repeats_bytes_1_to_7(raw: bytes) -> None:
    """Version and variant take four and two bits of the repetition, as in all known sandboxes."""
    made = UUID(echo_uuid4(raw))
    known = UUID("1c6f1047-dcaf-48fe-af10-47dcaf08feaf")
    assert (made.version, made.variant) == (4, RFC_4122)
    for each in (made, known):
        first, second = each.bytes[1:8], each.bytes[8:15]
        differing = [a ^ b for a, b in zip(first, second, strict=True)]
        assert differing[0] & 0x3F == 0
        assert differing[1:5] == [0, 0, 0, 0]
        assert differing[5] & 0x0F == 0
        assert differing[6] == 0


@given(MOMENTS_MS, st.binary(min_size=10, max_size=10))
@unhurried
def test_a_batch_id_is_26_crockford_characters_of_time_and_chance(ms: int, raw: bytes) -> None:
    text = ulid(ms, raw)
    number = 0
    for letter in text:
        number = number * 32 + CROCKFORD.index(letter)
    assert len(text) == 26
    assert number.to_bytes(16, "big") == ms.to_bytes(6, "big") + raw


@given(MOMENTS_MS, MOMENTS_MS, st.binary(min_size=10, max_size=10))
@unhurried
def test_batch_ids_sort_by_their_time(one: int, two: int, raw: bytes) -> None:
    assert (ulid(one, raw) < ulid(two, raw)) == (one < two)


@given(st.binary(min_size=4, max_size=4), st.integers(0, 2**32 - 1))
@unhurried
def test_an_etag_has_quotes_and_the_time_of_the_last_write(raw: bytes, second: int) -> None:
    form = r'"([0-9a-f]{8})-0000-0200-0000-([0-9a-f]{8})0000"'
    match = re.fullmatch(form, etag(raw, second))
    assert match is not None
    assert (bytes.fromhex(match[1]), int(match[2], 16)) == (raw, second)


def test_an_etag_of_the_documents_can_be_reproduced() -> None:
    made = etag(bytes.fromhex("5100ec97"), 0x5F338B5B)
    assert made == '"5100ec97-0000-0200-0000-5f338b5b0000"'


@given(st.binary(min_size=12, max_size=12))
@unhurried
def test_an_organisation_is_24_upper_case_hexadecimal_digits_and_a_realm(raw: bytes) -> None:
    assert re.fullmatch(r"[0-9A-F]{24}@AdobeOrg", org_id(raw))
