"""All events as one HTML file: ``flowsim show --all --html FILE``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from markupsafe import escape

from flowsim.dashboard.events.events_file import event_file
from flowsim.families.registry import Families, shipped
from flowsim.families.sources import files_of, loaders_in
from flowsim.reports.event_guide import guides

LOADING = {"src", "srcset", "href", "action", "data", "poster", "background", "cite", "formaction"}
FAMILY = """\
label: Badges <b>& more</b>
summary: A badge was printed.
provider: {id: badges, label: Badges}
formats: {adobe_io: A}
codes:
  badge.printed: {label: "Badge <script>alert(1)</script>", summary: Printed., grade: gap}
says:
  name: {text: acme, about: Whose badge.}
story:
  - {at: begin, code: badge.printed, body: badge}
bodies:
  badge: {name: "{{ name }}", note: "</code><img src=http://evil.test/>"}
"""


@pytest.fixture(scope="module")
def whole() -> str:
    return event_file(shipped())


class Elements(HTMLParser):
    """Collects the names of elements, and the values of attributes that load something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names, self.loaded, self.ids = set[str](), list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.loaded += [value or "" for name, value in attrs if name in LOADING]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def test_the_file_refers_to_no_other_host(whole: str) -> None:
    page = Elements(whole)
    assert [each for each in page.loaded if not each.startswith("#")] == []
    assert not page.names & {"script", "link", "img", "iframe", "object", "embed", "base"}
    (style,) = re.findall(r"<style>(.*?)</style>", whole, re.DOTALL)
    urls = re.findall(r"url\(\s*[\"']?([^)\"']*)", style)
    assert {each[:5] for each in urls} <= {"data:"}
    assert "@import" not in style
    assert "default-src 'none'" in whole


def test_every_link_of_the_file_leads_to_a_place_in_it(whole: str) -> None:
    page = Elements(whole)
    assert {each.removeprefix("#") for each in page.loaded} <= {*page.ids}
    assert len(page.ids) == len({*page.ids})


def test_a_reader_comes_from_the_contents_to_each_code_by_way_of_its_family(whole: str) -> None:
    """A family of one code has no list: its code is the first thing below its text."""
    linked = {*Elements(whole).loaded}
    families = [each for each in shipped().readable()[0] if each.codes]
    assert {f"#family-{each.name}" for each in families} <= linked
    several = [code for each in families if len(each.codes) > 1 for code in each.codes]
    assert {f"#{code}" for code in several} <= linked


def test_the_file_has_every_code_field_and_both_formats(whole: str) -> None:
    every = guides(shipped())
    for guide in every:
        assert f'id="{guide.code.code}"' in whole
        assert f"flowsim replay {guide.code.code}" in whole
    for path in {escape(field.path) for guide in every for field in guide.fields}:
        assert f">{path}" in whole
    assert whole.count('<code>adobe_io</code> <span class="badge') == whole.count(
        '<code>cloud_events</code> <span class="badge'
    )


def test_the_file_shows_the_steps_around_the_threshold(whole: str) -> None:
    (table,) = re.findall(r'id="partial-ingestion">(.*?)</section>', whole, re.DOTALL)
    words = re.findall(r'class="badge result-\w+">([\w ]+)<', table)
    assert words == ["success", *["success with errors"] * 4, *["failed"] * 4]


def test_a_family_of_the_user_is_in_the_file_and_its_markup_is_text(tmp_path: Path) -> None:
    (tmp_path / "badge.yaml").write_text(FAMILY, "utf-8")
    loaders, _ = loaders_in(tmp_path, ())
    of_python = {
        each.name: partial(shipped().__getitem__, each.name) for each in shipped().in_python()
    }
    text = event_file(Families(of_python, dict).with_own(loaders, files_of(loaders)))
    page = Elements(text)
    assert "badge.printed" in page.ids
    assert not page.names & {"script", "img", "b"}
    assert "No source names cloud_events" in text


def test_show_writes_the_file_with_the_same_bytes_each_time(
    flowsim: Callable[..., Result], tmp_path: Path, whole: str
) -> None:
    path = tmp_path / "pages" / "events.html"
    result = flowsim("show", "--all", "--html", path)
    assert (result.exit_code, result.stdout) == (0, f"all events are in {path}\n")
    assert path.read_text("utf-8") == whole


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--all"], "add --html FILE"),
        (["--html", "a.html"], "add --all"),
        (["--all", "--html", "a.html", "partial"], "--all takes --html and --families only"),
        (["--all", "--html", "a.html", "--seed", "3"], "--all takes --html and --families only"),
        ([], "Missing argument 'SCENARIO...'"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    flowsim: Callable[..., Result], arguments: list[str], words: str
) -> None:
    result = flowsim("show", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_file_that_cannot_be_written_is_named(
    flowsim: Callable[..., Result], tmp_path: Path
) -> None:
    result = flowsim("show", "--all", "--html", tmp_path)
    assert result.exit_code == 2
    assert f"cannot write {tmp_path}" in result.stderr
