"""No mistake of a family file hides another one: mending one shows no new one."""

from __future__ import annotations

import pytest

from flowsim.errors import ScenarioError
from flowsim.families.data.reading import read_family
from flowsim.files.yaml_documents import parse_text

from ...cases import for_each
from .examples import document

TEXT = """\
label: «7¦Orders»
summary: «7¦An order was placed.»
provider: {id: «a b¦orders», label: Orders, «gruop¦group»: Shops}
formats: {cloud_events: «Z¦A»}
use: [«nofile¦»]
codes:
  order.placed: {label: Placed, grade: «Z¦A», example: {items: «-2¦2», after: «gone¦null»}}
  order.sent: {label: Sent, «lable: Sent¦grade: A»}
says:
  items: {count: «-3¦3»}
  after: {entry: «x¦null»}
  «a-b¦a_b»: {flag: «maybe¦true»}
  kind: {one_of: [a, «[]¦b», «{}¦c»], default: «d¦a»}
  both: {«text: a, ¦»count: 1, grade: «Z¦A»}
draws:
  number: «counter¦count»(1, «nmber¦99»)
  «i-d¦i_d»: «uid¦uuid»()
  «both¦other»: uuid()
values:
  one: items + «two¦2»
  two: items + «one¦2»
  three: items + «four¦2»
  four: items + «three¦2»
  sum: «itms¦items» + «numbr¦number»
  text: «nme¦number» | «txt¦text»
story:
- {at: begin, when: «numbr¦items» > 0, code: order.placed, body: «plced¦placed»}
- {at: begin + «number¦items», code: «order.snt¦order.sent», body: sent, «extra¦when»: true}
bodies:
  placed:
    number: "{{ «nmbr¦number» }} {{ «kid¦kind» }}"
    when: {$when: items > «itms¦0»«¦, $value: 1»}
    each: {$each: items, $value: "{{ «q¦length»('a') }}"«¦, $as: each»}
    inner: {«$foo: 1, ¦»a: "{{ «itms¦items» }}"}
    part: {$part: «nopart¦piece»}
  sent:
    part: {$part: piece}
parts:
  piece: {a: "{{ «numbr¦number» }}"}
  unused: "{{ «1 +¦1» }}"
line: "{{ event.number | «nofilter¦text» }}"
fields:
  number: {type: «integr¦text», means: «''¦The number.», grade: «Z¦A», in: [placed]}
  when: {type: integer, means: «''¦One.», example: «text¦7», in: [«nobody¦placed»]}
  each: {type: text, means: «''¦None.», optional: true}
  «each.a¦part.a»: {type: integer, means: Beside the number.}
  part: {type: object, means: Parts.}
"""
"""A family of which each «wrong¦right» pair may be wrong or right."""


def problems(text: str) -> list[tuple[int, str]]:
    """Return the line of each mistake, and what was found there, without what stands around it."""
    try:
        read_family(parse_text(text, "order.yaml"), "order", document, tells_examples=True)
    except ScenarioError as error:
        return [(each.line, each.found.partition(" in '")[0]) for each in error.problems]
    return []


def said(text: str, *wrong: int) -> str:
    """Return a text in which some pairs are wrong, and all others right."""
    first, *others = text.split("«")
    made = [first]
    for number, each in enumerate(others):
        pair, _, rest = each.partition("»")
        made += [pair.split("¦")[0 if number in wrong else 1], rest]
    return "".join(made)


def test_the_file_without_its_mistakes_is_a_family() -> None:
    assert problems(said(TEXT)) == []


@pytest.mark.slow
@for_each("number", range(TEXT.count("«")))
def test_what_is_wrong_alone_is_reported_beside_all_other_mistakes(number: int) -> None:
    """Each pair is found in the first run; one of a circle is no mistake alone."""
    alone = problems(said(TEXT, number))
    every = problems(said(TEXT, *range(TEXT.count("«"))))
    assert [each for each in alone if each not in every] == []


TOLD = """\
label: «7¦Orders»
summary: An order was placed.
provider: {id: orders, label: Orders}
formats: {cloud_events: A}
codes:
  order.placed: {label: Placed, scenario: «7¦partial»}
  order.sent: {label: Sent}
draws:
  number: count(«2¦1», 1)
  long: seconds(«2¦1», 1)
values:
  one: 1 / «0¦1»
  two: one + 1
  three: 3 / «0¦1»
story:
- {at: begin, code: order.placed, body: placed}
- {at: begin + 1, code: order.sent, body: sent}
bodies:
  placed: {at: "{{ now«¦ | iso» }}", begin: "{{ begin«¦ | iso» }}", two: "{{ two }}"}
  sent: {at: "{{ now«¦ | iso» }}"}
line: "{{ «evnt¦event».number }}"
fields:
  at: {type: «txt¦text»}
"""
"""A family whose examples cannot be told if draws (2, 3), values (4, 5) or bodies are wrong."""


@for_each("wrong", [(), (2, 3), (4, 5), (6, 7, 8)])
def test_what_shows_only_in_telling_is_reported_beside_all_else(wrong: tuple[int, ...]) -> None:
    """Values are computed from draws, and bodies from both, so each of them is tried by itself."""
    every = problems(said(TOLD, 0, 1, *wrong, 9, 10))
    assert len(every) == 4 + len(wrong)
    assert [each for number in wrong for each in problems(said(TOLD, number))] == [
        each for each in every if each[0] not in (1, 6, 21, 23)
    ]
