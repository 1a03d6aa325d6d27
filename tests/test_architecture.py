"""Who may import whom, and what the core may not do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "simulator"
SHELVES = {"families", "faults", "shapes", "catalogues", "reports", "stores"}
SHELVES |= {"checks", "verdicts"}
DOORS = {"commands", "web", "pytest_plugin"}

MAY_IMPORT = {
    "printable": "",
    "errors": "printable",
    "core": "errors printable",
    # Shelves
    "faults": "core",
    "families": "core faults",
    "shapes": "core",
    "catalogues": "core",
    "reports": "core defaults errors printable signing",
    # The world
    "chance": "",
    "defaults": "",
    "version": "",
    "locks": "",
    "clock": "",
    "settings": "errors",
    "event_loop": "",
    "system_limits": "errors",
    "stores": "core errors",
    "own_files": "errors locks",
    "signing": "core errors own_files settings bounded_requests",
    "certificates": "core errors own_files settings",
    "reading": "core errors printable",
    "clients": "core errors clock settings event_loop certificates",
    "credentials": "core errors locks settings own_files",
    "bounded_requests": "clock",
    "service_client": "core errors clock credentials bounded_requests",
    # What puts things together
    "cast": "core chance catalogues",
    "bootstrap": "core errors printable chance clock cast reading families shapes catalogues "
    "faults",
    "captured_story": "core chance clock reading",
    "delivery": "core errors clock defaults system_limits certificates signing faults bootstrap "
    "captured_story",
    "request_folder": "core errors own_files",
    "sides": "core errors reading bootstrap",
    "local_hosts": "core signing delivery web",
    "replay": "core errors clock defaults settings event_loop system_limits signing "
    "captured_story delivery local_hosts reports certificates",
    "checking": "core errors clock chance defaults settings system_limits event_loop signing "
    "certificates bootstrap clients delivery faults local_hosts checks",
    "service": "core errors locks chance clock system_limits signing families stores event_loop "
    "delivery bootstrap reading printable version",
    "local_service": "core errors clock settings system_limits signing certificates clients "
    "service web",
    "testing": "core errors printable clock defaults event_loop bounded_requests signing families "
    "reading bootstrap captured_story delivery local_hosts reports certificates checking service "
    "local_service web",
    # Doors
    "pytest_plugin": "errors settings clients testing",
    "web": "version core errors clock system_limits reading service",
    "commands": "version core errors printable clock defaults settings system_limits signing "
    "certificates reading bootstrap replay catalogues families faults delivery reports web "
    "event_loop credentials service_client local_hosts local_service service clients checking "
    "checks verdicts captured_story request_folder sides line_writer",
    "__init__": "version",
    "entry": "commands",
    "__main__": "entry",
}
"""Room → rooms it knows. A room is a folder of the package, or a file at its top."""

IN_CORE = {
    "json_texts": "",
    "stations": "json_texts",
    "filters": "stations json_texts",
    "journal": "stations",
    "captures": "stations json_texts",
    "comparing": "json_texts",
    "platform": "",
    "management": "stations filters json_texts",
}
"""Folder of the core → folders it knows; the files at its top are the stations."""

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
"""Every file as ``core.event`` or ``core.__init__``, parsed."""


def room(module: str) -> str:
    return module.partition(".")[0]


def nodes(tree: ast.AST, *, at_run_time: bool) -> Iterator[ast.AST]:
    """Yield all nodes; those for type checkers only are left out ``at_run_time``."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not (at_run_time and for_types):
            yield from nodes(child, at_run_time=at_run_time)


def targets(module: str, node: ast.ImportFrom) -> Iterator[str]:
    """Yield the modules of this package that an import statement needs."""
    here = [*module.split(".")[: -node.level], *(node.module or "").split(".")]
    for alias in node.names:
        parts = [*here, alias.name]
        choices = parts, [*parts, "__init__"], here, [*here, "__init__"]
        yield next(filter(MODULES.__contains__, (".".join(filter(None, each)) for each in choices)))


def needs(module: str, *, at_run_time: bool = False) -> set[str]:
    """Return the modules of this package that a module imports, wherever in its file."""
    found = set()
    for node in nodes(MODULES[module], at_run_time=at_run_time):
        if isinstance(node, ast.ImportFrom) and node.level:
            found |= set(targets(module, node))
    return found - {module}


@cache
def libraries(tree: ast.AST) -> set[str]:
    """Return the first names of what is imported from outside the package."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names


@cache
def calls(tree: ast.AST) -> set[str]:
    """Return the last names of everything that is called, ``now`` for ``datetime.now()``."""
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {ast.unparse(each).split(".")[-1] for each in called}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_rooms_that_its_room_may_know(module: str) -> None:
    """A new room needs a line in the table: that is the moment to think about it."""
    allowed = {room(module), *MAY_IMPORT[room(module)].split()}
    assert {other for other in needs(module) if room(other) not in allowed} == set()


def test_the_table_has_no_room_that_is_not_there_and_no_right_that_nobody_uses() -> None:
    used = {name: set[str]() for name in map(room, MODULES)}
    for module in MODULES:
        used[room(module)] |= {*map(room, needs(module))} - {room(module)}
    assert used == {name: set(others.split()) for name, others in MAY_IMPORT.items()}


def test_no_shelf_knows_another_and_no_door_another() -> None:
    for rooms in (SHELVES, DOORS - {"commands"}):
        for name in rooms:
            assert not rooms & {*MAY_IMPORT[name].split()}, name
    assert "commands" not in MAY_IMPORT["web"].split()


APART = {"shapes", "catalogues", "reports"}
"""Shelves whose files share nothing but ``base``, and files whose names begin with ``_``."""


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in APART])
def test_no_file_of_a_shelf_knows_a_brother(module: str) -> None:
    """The shelf itself, which finds its files by their names, knows none of them either."""
    brothers = {other for other in needs(module) if room(other) == room(module)}
    shared = {other for other in brothers if other.split(".")[-1].startswith("_")}
    assert brothers - shared <= {f"{room(module)}.base"}


FORMATS = [name for name in MODULES if name.startswith("reports.formats.")]


@pytest.mark.parametrize("module", FORMATS)
def test_a_report_format_knows_no_other_format(module: str) -> None:
    """What several of them need lies beside their folder: each can be taken away alone."""
    assert needs(module) & {*FORMATS} == set()


TWICE = {
    "Answer": "http_client service_client web",
    "Attempt": "core testing",
    "Cast": "cast core",
    "Chance": "chance core",
    "Connection": "http_client web",
    "Course": "checking testing",
    "Kind": "core faults",
    "Manner": "dispatcher service web",
    "Notification": "core testing",
    "Options": "checking local_service replay",
    "Room": "transports web",
    "Script": "bootstrap checking",
    "Source": "catalogues web",
    "Threads": "signing web",
    "Validation": "core stores",
    "_Part": "core service",
    "_Response": "bounded_requests transports",
}
"""Class name → rooms that have one each. The table is to be emptied: no line may be added."""


def test_no_class_name_twice_in_different_rooms() -> None:
    rooms: dict[str, set[str]] = {}
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                rooms.setdefault(node.name, set()).add(room(module))
    found = {name: each for name, each in rooms.items() if len(each) > 1}
    assert {name for name, each in found.items() if each - {*TWICE.get(name, "").split()}} == set()


def test_no_import_goes_round_in_a_circle_at_run_time() -> None:
    graph = {module: needs(module, at_run_time=True) for module in MODULES}
    assert len([*TopologicalSorter(graph).static_order()]) == len(MODULES)


def test_rooms_know_each_other_in_one_direction_only() -> None:
    graph = {name: others.split() for name, others in MAY_IMPORT.items()}
    assert {*TopologicalSorter(graph).static_order()} == set(MAY_IMPORT)


CORE = {module: tree for module, tree in MODULES.items() if room(module) == "core"}
WORLD = {"asyncio", "os", "pathlib", "random", "requests", "secrets", "shutil", "signal", "socket"}
WORLD |= {"subprocess", "tempfile", "threading", "time", "sys", "aiohttp", "flask", "faker"}
ACTS = {"now", "utcnow", "today", "time", "sleep", "open", "print", "input", "urandom", "uuid1"}


@pytest.mark.parametrize("module", CORE)
def test_the_core_asks_neither_clock_nor_chance_nor_disk_nor_network(module: str) -> None:
    assert libraries(CORE[module]) & WORLD == set()
    assert calls(CORE[module]) & (ACTS | {"read_text", "read_bytes", "write_text"}) == set()


def folder(module: str) -> str:
    return module.split(".")[1] if module.count(".") == 2 else "stations"


def test_folders_of_the_core_know_each_other_in_one_direction_only() -> None:
    used = {name: set[str]() for name in IN_CORE}
    for module in CORE:
        others = {folder(other) for other in needs(module) if other in CORE}
        used[folder(module)] |= others - {folder(module)}
    assert used == {name: set(others.split()) for name, others in IN_CORE.items()}
    assert {*TopologicalSorter(used).static_order()} == set(IN_CORE)


def files_that(use: set[str], call: set[str]) -> set[str]:
    return {name for name, tree in MODULES.items() if libraries(tree) & use or calls(tree) & call}


def test_only_the_clock_knows_the_time() -> None:
    assert files_that({"time"}, {"now", "utcnow", "today"}) <= {"clock", *story_time()}


def story_time() -> set[str]:
    """Return the files that ask a clock of ours, handed to them, for story time."""
    return {"delivery.dispatcher", *(name for name in MODULES if room(name) in ("service", "web"))}


def test_only_chance_draws() -> None:
    assert files_that({"secrets", "random"}, {"urandom", "uuid1", "getrandom"}) == {"chance"}


def test_commands_write_in_one_way_only() -> None:
    """What they forget to make printable cannot harm a terminal then."""
    commands = {name for name in MODULES if room(name) == "commands"}
    assert files_that(set(), {"echo", "secho", "print"}) & commands == {"commands._output"}


def test_each_library_has_one_room() -> None:
    """Whoever wonders where HTTP or YAML is spoken needs one look."""
    rooms = {
        "aiohappyeyeballs": {"delivery"},
        "cheroot": {"web"},
        "faker": {"cast"},
        "flask": {"web"},
        "httptools": {"delivery"},
        "jinja2": {"verdicts"},
        "orjson": {"core"},
        "platformdirs": {"settings"},
        "requests": {"bounded_requests", "signing", "service_client"},
        "trustme": {"certificates"},
        "rich": {"reports"},
        "ruamel": {"reading"},
        "uvloop": {"event_loop"},
    }
    found = {name: {*map(room, files_that({name}, set()))} for name in rooms}
    assert found == rooms


def test_every_import_of_the_package_is_relative() -> None:
    everything = chain.from_iterable(map(libraries, MODULES.values()))
    assert {*everything} & {"flowsim", "simulator"} == set()
