"""Who may import whom, and what the core may not do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

from .cases import for_each

PACKAGE = Path(__file__).parents[1] / "simulator"

MAY_IMPORT = {
    "errors": "",
    "core": "errors",
    "runtime": "errors",
    "files": "errors core",
    "web": "errors core runtime",
    "installation": "errors core runtime files",
    "faults": "core",
    "families": "errors core runtime files installation faults",
    "scenario": "errors core files families",
    "story": "errors core runtime files faults families scenario",
    "captures": "errors core runtime files installation families scenario story",
    "delivery": "errors core runtime installation faults story captures",
    "receiver": "errors core runtime web installation delivery",
    "adobe_clients": "errors core runtime installation",
    "checks": "errors core runtime files installation faults families scenario story delivery "
    "receiver adobe_clients",
    "reports": "errors core runtime files installation families story captures delivery checks",
    "asyncapi": "core runtime files families reports",
    "replay": "errors core runtime installation captures delivery reports receiver",
    "events_service": "errors core runtime files web installation faults families scenario "
    "story delivery receiver adobe_clients",
    "dashboard": "errors core runtime files web installation faults families scenario story "
    "captures delivery receiver checks reports events_service",
    "testing": "errors core runtime files web installation families scenario story captures "
    "delivery reports receiver checks events_service",
    "__init__": "errors core runtime story checks testing",
    "commands": "errors core runtime files web installation families scenario story captures "
    "delivery reports asyncapi receiver adobe_clients replay checks events_service dashboard",
    "pytest_plugin": "errors installation adobe_clients checks testing",
    "entry": "commands",
    "__main__": "entry",
}
"""Room → rooms that it knows, from the lowest to the highest: each knows only rooms above it here.

A room is a folder of the package, or a file at its top. What stands apart from the plan that
comes to mind first: reports know checks, since they print findings, and checks know no report. They
know families and stories, since a guide to events shows fields and an example. Captures know
families, since captured events are compared with them, and families are made from captures.
"""

EXCEPTIONS = {
    ("errors", "core.printable"): "messages quote what users wrote, made harmless to a terminal; "
    "the module imports nothing",
}
"""Module and a module of a higher room that it imports → why it may."""

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
"""Every file as ``core.event`` or ``core.__init__``."""


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module and what its file holds."""
    return ((name, parsed(name)) for name in MODULES)


def room(module: str) -> str:
    return module.partition(".")[0]


def nodes(tree: ast.AST, *, at_run_time: bool) -> Iterator[ast.AST]:
    """Yield all statements; those for type checkers only are left out ``at_run_time``."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            continue
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


@cache
def needs(module: str, *, at_run_time: bool = False) -> frozenset[str]:
    """Return the modules of this package that a module imports, wherever in its file."""
    found = set[str]()
    for node in nodes(parsed(module), at_run_time=at_run_time):
        if isinstance(node, ast.ImportFrom) and node.level:
            found |= set(targets(module, node))
    return frozenset(found - {module})


@cache
def told_by(tree: ast.AST) -> list[ast.Import | ast.ImportFrom | ast.Call]:
    """Return all imports and calls: to walk through every file takes long."""
    kinds = ast.Import | ast.ImportFrom | ast.Call
    return [each for each in ast.walk(tree) if isinstance(each, kinds)]


@cache
def libraries(tree: ast.AST) -> set[str]:
    """Return the first names of what is imported from outside the package."""
    names: set[str] = set()
    for node in told_by(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names


@cache
def calls(tree: ast.AST) -> set[str]:
    """Return the last names of everything that is called, ``now`` for ``datetime.now()``."""
    called = (node.func for node in told_by(tree) if isinstance(node, ast.Call))
    return {ast.unparse(each).split(".")[-1] for each in called}


def test_a_module_imports_only_from_rooms_that_its_room_may_know() -> None:
    """A new room needs a line in the table: that is the moment to think about it."""
    allowed = {name: {name, *may.split()} for name, may in MAY_IMPORT.items()}
    found = {
        (module, other)
        for module in MODULES
        for other in needs(module)
        if room(other) not in allowed[room(module)]
    }
    assert found - EXCEPTIONS.keys() == set()


def test_the_table_has_no_room_and_no_right_without_use() -> None:
    used = {name: set[str]() for name in map(room, MODULES)}
    for module in MODULES:
        others = {other for other in needs(module) if (module, other) not in EXCEPTIONS}
        used[room(module)] |= {*map(room, others)} - {room(module)}
    assert used == {name: set(others.split()) for name, others in MAY_IMPORT.items()}
    assert all(other in needs(module) for module, other in EXCEPTIONS)


def test_each_room_knows_only_rooms_that_stand_above_it_in_the_table() -> None:
    order = [*MAY_IMPORT]
    for position, others in enumerate(MAY_IMPORT.values()):
        assert {*others.split()} <= {*order[:position]}


def test_few_modules_lie_loose_beside_the_rooms() -> None:
    loose = {name for name in MODULES if "." not in name}
    assert loose == {"__init__", "__main__", "entry", "errors", "pytest_plugin"}


def test_each_folder_says_in_its_first_lines_what_lives_there() -> None:
    packages = {name: tree for name, tree in trees() if name.endswith(".__init__")}
    assert [name for name, tree in packages.items() if not ast.get_docstring(tree)] == []


FORMATS = [name for name in MODULES if name.startswith("reports.formats.")]


@for_each("module", FORMATS)
def test_a_report_format_knows_no_other_format(module: str) -> None:
    """Code for several formats is outside their folder, so each format can be removed alone."""
    assert needs(module) & {*FORMATS} == set()


def test_no_class_name_twice_in_different_rooms() -> None:
    rooms: dict[str, set[str]] = {}
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                rooms.setdefault(node.name, set()).add(room(module))
    found = {name: each for name, each in rooms.items() if len(each) > 1}
    assert found == {}


def test_no_import_goes_round_in_a_circle_at_run_time() -> None:
    graph = {module: needs(module, at_run_time=True) for module in MODULES}
    assert len([*TopologicalSorter(graph).static_order()]) == len(MODULES)


CORE = [module for module in MODULES if room(module) == "core"]
WORLD = {"asyncio", "os", "pathlib", "random", "requests", "secrets", "shutil", "signal", "socket"}
WORLD |= {"subprocess", "tempfile", "threading", "time", "sys", "aiohttp", "flask", "faker"}
ACTS = {"now", "utcnow", "today", "time", "sleep", "open", "print", "input", "urandom", "uuid1"}


def test_the_core_asks_neither_clock_nor_chance_nor_disk_nor_network() -> None:
    acts = ACTS | {"read_text", "read_bytes", "write_text"}
    found = {
        name: libraries(tree) & WORLD | calls(tree) & acts
        for name in CORE
        for tree in [parsed(name)]
    }
    assert {name: each for name, each in found.items() if each} == {}


def files_that(use: set[str], call: set[str]) -> set[str]:
    return {name for name, tree in trees() if libraries(tree) & use or calls(tree) & call}


def test_only_the_clock_reads_the_time_of_the_system() -> None:
    assert files_that({"time"}, {"now", "utcnow", "today"}) <= {"runtime.clock", *story_time()}


STORY_TIME = ("events_service", "receiver", "web", "dashboard")


def story_time() -> set[str]:
    """Return the files that ask a clock of ours, handed to them, for story time."""
    return {"delivery.dispatcher", *(name for name in MODULES if room(name) in STORY_TIME)}


def test_only_chance_draws() -> None:
    assert files_that({"secrets", "random"}, {"urandom", "uuid1", "getrandom"}) == {
        "runtime.chance"
    }


def test_commands_write_in_one_way_only() -> None:
    """So a value that they forget to make printable cannot harm a terminal."""
    commands = {name for name in MODULES if room(name) == "commands"}
    assert files_that(set(), {"echo", "secho", "print"}) & commands == {"commands._output"}


def test_each_library_has_one_room() -> None:
    """One look shows where HTTP or YAML is spoken; Flask is in the rooms that serve."""
    rooms = {
        "aiohappyeyeballs": {"delivery"},
        "cheroot": {"web"},
        "faker": {"families"},
        "flask": {"web", "receiver", "events_service", "dashboard"},
        "httptools": {"delivery"},
        "jinja2": {"dashboard", "families", "reports"},
        "orjson": {"core"},
        "platformdirs": {"installation"},
        "requests": {"runtime", "events_service"},
        "trustme": {"installation"},
        "rich": {"reports"},
        "ruamel": {"files"},
        "uvloop": {"runtime"},
    }
    found = {name: {*map(room, files_that({name}, set()))} for name in rooms}
    assert found == rooms


def test_every_import_of_the_package_is_relative() -> None:
    everything = chain.from_iterable((libraries(tree) for _, tree in trees()))
    assert {*everything} & {"flowsim", "simulator"} == set()
