"""What an entry may say, in words, as the page about events shows it."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field

from flowsim.core.spec_values import Count, Duration, SpecModel
from flowsim.families.registry import shipped
from flowsim.families.settings import Setting, settings_of


class Part(SpecModel):
    amount: Count = Field(2, description="How many.")
    inner: Part | None = None


class Order(SpecModel):
    """An entry of a family in Python."""

    lasts: Duration = Field(90.0, description="How long.")
    colour: Literal["red", "blue"] | None = None
    number: int = 7
    part: Part = Part()
    notes: tuple[str, ...] = ()
    anything: Any = None
    follows: Order | None = None


def test_a_model_is_told_by_name_type_default_and_meaning() -> None:
    """Models in it have dotted names; a model that contains itself has an end."""
    assert [*settings_of(Order)] == [
        Setting("lasts", "duration", "1m30s", "How long."),
        Setting("colour", "one of red, blue", "", "", ("red", "blue")),
        Setting("number", "whole number", "7", ""),
        Setting("part.amount", "count", "2", "How many."),
        Setting("part.inner", "{amount, inner}", "", ""),
        Setting("notes", "list of text", "", ""),
        Setting("anything", "", "", ""),
        Setting("follows", "{lasts, colour, number, part, notes, anything, follows}", "", ""),
    ]
    assert [*settings_of(Any)] == []


def test_each_shipped_family_has_types_meanings_and_steps_for_its_entries() -> None:
    with_codes = [family for family in shipped().readable()[0] if family.codes]
    for family in with_codes:
        assert all(each.type and each.about for each in family.settings()), family.name
        words = re.findall("`([^`]*)`", " ".join(family.steps()))
        written = [".+".join(map(re.escape, re.split("{{.*?}}", each))) for each in words]
        for code in family.codes:
            assert any(re.fullmatch(each, code) for each in written), (family.name, code)


def test_what_a_family_leaves_out_is_told_in_plain_words() -> None:
    """Pages, dashboard and JSON show it as it is, so marks of Markdown would stand there."""
    for family in shipped().readable()[0]:
        for what, why in family.gaps():
            assert "`" not in what + why, (family.name, what)
            assert not (what + why).endswith("."), (family.name, what)
