"""Faults of the key host, replayed to the built-in receiver."""

from __future__ import annotations

from .replaying import to_receiver


def test_a_missing_key_is_asked_for_again_and_one_key_is_enough() -> None:
    for named in (["key-404-once"], [{"key-404-once": 2}], ["key-missing", {"key-garbage": 1}]):
        assert to_receiver(named, "delivered")[0].ok
    both_gone = ["key-missing", {"key-garbage": 2}]
    assert to_receiver(both_gone, "rejected")[0].ok
