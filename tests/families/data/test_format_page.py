"""The page about the format shows a family that works, and names all words of the format."""

from __future__ import annotations

from flowsim.families.data.draws import DRAWS, STORY
from flowsim.families.data.functions import FILTERS, FUNCTIONS
from flowsim.families.data.reading import read_family
from flowsim.families.data.says import TYPES as SETTINGS
from flowsim.families.fields.table import TYPES
from flowsim.files.yaml_documents import parse_text

from ...cases import for_each
from ...checkout import CHECKOUT
from .examples import document, tell

PAGE = (CHECKOUT / "docs" / "family-format.md").read_text("utf-8")


def test_the_example_of_the_page_tells_its_story() -> None:
    text = PAGE.partition("order.yaml <<'END'\n")[2].partition("END\n")[0]
    family = read_family(parse_text(text, "order.yaml"), "order", document)
    placed, shipped = tell(family, {"items": 3, "ships_after": "90m"}, label="x")
    assert [each["position"] for each in placed.notification.content["lines"]] == [1, 2, 3]
    assert shipped.notification.content["hours"] == "1"
    assert family.line(shipped.notification.content).startswith("order ")


@for_each("word", [*FILTERS, *FUNCTIONS, *DRAWS, *STORY, *SETTINGS, *TYPES])
def test_the_page_names_each_word_of_the_format(word: str) -> None:
    assert any(f"{before}{word}{after}" in PAGE for before in "`{" for after in "`(:")
