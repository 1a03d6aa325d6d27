"""The list of scenarios: shipped ones, and files that a user edits."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.dashboard import service_dashboard
from flowsim.dashboard.scenarios import listing
from flowsim.events_service import application as events_service
from flowsim.events_service.service import Service
from flowsim.scenario.files import shipped
from flowsim.scenario.folder import LARGEST

from ..reading import Element, parsed
from .conftest import Show

STORY = "description: {}\nseed: 7\nevents:\n  - {{flow_run: {{}}}}\n"
JSON = {"accept": "application/json"}


def cards(page: Element) -> dict[str, Element]:
    """Return the scenarios of a list by name."""
    return {each.one("h3").text: each for each in page.all("li", class_="card")}


def write(folder: Path, name: str, text: str = STORY.format("Mine")) -> None:
    (folder / name).write_text(text, "utf-8")


def test_every_shipped_scenario_is_listed_with_its_facts(show: Show) -> None:
    found = cards(show("/scenarios"))
    assert {*found} == {*shipped()}
    assert [*found][:3] == ["success", "partial", "failure-copy"]
    assert "30 of 1,000 rows are rejected" in found["partial"].text
    assert "1 event · Flow runs of sources" in found["partial"].text
    assert re.search(r"Expected: \d+ rejected", found["faults-rejected"].text)
    assert "Faults: " in found["faults-rejected"].text


def test_own_files_stand_before_shipped_ones_and_follow_each_edit(show: Show, folder: Path) -> None:
    """Two contents of the same length, written one after the other, are told apart."""
    write(folder, "orders.yaml", STORY.format("first"))
    write(folder, "notes.txt")
    write(folder, ".hidden.yaml")
    (folder / "folder.yaml").mkdir()
    found = cards(show("/scenarios"))
    assert next(iter(found)) == "orders.yaml"
    assert "first" in found["orders.yaml"].text
    before = (folder / "orders.yaml").stat()
    write(folder, "orders.yaml", STORY.format("later"))
    os.utime(folder / "orders.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "later" in cards(show("/scenarios"))["orders.yaml"].text
    assert {"notes.txt", ".hidden.yaml", "folder.yaml"}.isdisjoint(found)


def test_a_broken_file_stops_no_other(show: Show, folder: Path, tmp_path: Path) -> None:
    """Mistakes, no UTF-8, too many bytes, a link out of the folder, a pipe: each says so."""
    write(folder, "good.yaml")
    write(folder, "mistakes.yaml", "seed: x\nevents:\n  - {flow_rum: {}}\n")
    write(folder, "syntax.yaml", "events: [")
    (folder / "latin.yaml").write_bytes("description: é".encode("latin-1"))
    (folder / "large.yaml").write_text("#" * (LARGEST + 1))
    write(tmp_path, "outside.yaml")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "broken-link.yaml").symlink_to("nowhere.yaml")
    (folder / "round.yaml").symlink_to("round.yaml")
    os.mkfifo(folder / "pipe.yaml")
    found = cards(show("/scenarios"))
    assert "Expected: 1 delivered" in found["good.yaml"].text
    assert "2 mistakes" in found["mistakes.yaml"].text
    assert "1 mistake" in found["syntax.yaml"].text
    assert "byte 0xe9" in found["latin.yaml"].text
    assert "above 256 KiB" in found["large.yaml"].text
    assert "outside of the folder" in found["link.yaml"].text
    assert {"broken-link.yaml", "round.yaml"} <= {*found}
    assert "no regular file" in found["pipe.yaml"].text
    for name in ("latin.yaml", "large.yaml", "link.yaml", "pipe.yaml", "round.yaml"):
        assert "cannot be read" in found[name].text
        assert show(f"/scenarios/{name}").all("div", class_="error")


def test_a_link_inside_of_the_folder_is_followed(show: Show, folder: Path) -> None:
    write(folder, "real.yaml")
    (folder / "alias.yml").symlink_to("real.yaml")
    assert "Expected: 1 delivered" in cards(show("/scenarios"))["alias.yml"].text


def test_a_search_looks_into_names_and_contents(show: Show, folder: Path) -> None:
    write(folder, "orders.yaml", STORY.format("the Needle"))
    write(folder, "needle.yaml")
    write(folder, "other.yaml")
    assert [*cards(show("/scenarios?text=needle"))] == ["needle.yaml", "orders.yaml"]
    assert [*cards(show("/scenarios?text=sftp+server"))] == ["failure-copy"]
    assert "No file of the folder" in show("/scenarios?text=nothing+like+this").text


def test_hundreds_of_files_come_page_by_page(client: FlaskClient, folder: Path) -> None:
    names = [f"s{number:03}.yaml" for number in range(2 * listing.PAGE + 5)]
    for name in names:
        write(folder, name)
    found, after = list[str](), ""
    while after is not None:
        page = client.get(f"/scenarios?after={after}", headers=JSON).json
        assert len(page["own"]) <= listing.PAGE
        found += [each["name"] for each in page["own"]]
        after = page["after"]
    assert found == names


def test_many_large_files_are_parsed_over_several_looks(client: FlaskClient, folder: Path) -> None:
    """One look parses a bounded amount; what it leaves out is named, and is next."""
    size = listing.MOST_PARSED // 4
    for number in range(6):
        write(folder, f"{number}.yaml", STORY.format("x") + f"# {number}" + "#" * size)
    first, second = (client.get("/scenarios", headers=JSON).json["own"] for _ in range(2))
    assert [each["is_unseen"] for each in first] == [False] * 4 + [True] * 2
    assert not any(each["is_unseen"] for each in second)


def test_a_folder_that_vanishes_is_named_beside_the_shipped_ones(show: Show, folder: Path) -> None:
    folder.rmdir()
    page = show("/scenarios")
    assert "no such folder" in page.one("p", class_="error").text
    assert {*cards(page)} == {*shipped()}


def test_without_a_folder_the_page_says_how_to_name_one(service: Service) -> None:
    app = events_service.create(service, pages=service_dashboard.pages(service))
    page = parsed(app.test_client().get("/scenarios").text)
    assert "flowsim up --scenarios DIR" in page.text
    assert app.test_client().get("/scenarios/mine.yaml").status_code == 404


def test_names_that_are_no_utf_8_are_left_out_and_named(show: Show, folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.yaml")).write_text("a")
    page = show("/scenarios")
    assert "1 file has a name that is not UTF-8" in page.text
    assert {*cards(page)} == {*shipped()}


NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=30
).filter(lambda text: not text.startswith("."))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(NAMES, st.text(max_size=40))
def test_any_file_name_and_content_is_shown_and_never_markup(
    client: FlaskClient, folder: Path, name: str, content: str
) -> None:
    path = folder / f"{name}.yaml"
    if len(os.fsencode(path.name)) > 255:
        return
    path.write_bytes(f"description: <img src=x>{content}".encode("utf-8", "replace"))
    page = parsed(client.get("/scenarios").text)
    (link,) = [each for each in page.all("a") if each.attributes["href"].endswith(".yaml")]
    assert unquote(link.attributes["href"]) == f"/scenarios/{path.name}"
    answer = client.get(link.attributes["href"])
    assert answer.status_code == 200
    assert not parsed(answer.text).all("img")
    path.unlink()
