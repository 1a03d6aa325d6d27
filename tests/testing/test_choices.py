"""What a project or a test has chosen once."""

from __future__ import annotations

import pytest

from flowsim.errors import SettingError
from flowsim.testing.choices import Choices, seed_of

from ..cases import for_each


def test_a_marker_overrides_earlier_choices() -> None:
    chosen = Choices(target="3000", seed=1).marked((), {"seed": 2, "scenario": "partial"})
    assert (chosen.target, chosen.seed, chosen.scenario) == ("3000", 2, "partial")


@for_each(
    ("unnamed", "stated", "said"),
    [
        ((), {"sed": 1}, "@pytest.mark.flowsim has no 'sed'; expected seed"),
        (
            (),
            {"x": 1},
            "@pytest.mark.flowsim has no 'x'; "
            "expected target, path, client_id, seed, scenario, clock",
        ),
        ((), {"scenarios": 1}, "@pytest.mark.flowsim has no 'scenarios'; expected scenario"),
        (("partial",), {}, "@pytest.mark.flowsim takes names only, as in scenario='partial'"),
    ],
)
def test_a_marker_with_an_unknown_name_is_refused(
    unnamed: tuple[str, ...], stated: dict[str, int], said: str
) -> None:
    with pytest.raises(SettingError) as raised:
        Choices().marked(unnamed, stated)
    assert str(raised.value) == said


def test_a_seed_is_a_number_or_random() -> None:
    assert [seed_of(text, "") for text in ("", "7", "random")] == [None, 7, "random"]
    for text in ("-1", "x", "1" * 19, "٣"):
        with pytest.raises(SettingError, match=r"^flowsim_seed: .+; expected random or a whole"):
            seed_of(text, "flowsim_seed")
