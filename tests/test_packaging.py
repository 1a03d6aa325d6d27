"""The built wheel, as a consumer meets it."""

from __future__ import annotations

import contextlib
import email
import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from flowsim import __version__

from .checkout import CHECKOUT, copy_checkout
from .docs.pages import page
from .other_plugins import ALONE

BESIDE = ("cli.py", "docs", "MANIFEST.in", "CHANGELOG.md", "CONTRIBUTING.md")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and with the wheel that was built from it.

    They are built from a copy, so that nothing is left in the checkout.
    """
    copy = copy_checkout(tmp_path_factory.mktemp("checkout"), *BESIDE)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist"]
    told = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return copy / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"aep_flowsim-{__version__}.dist-info/METADATA")
    return email.message_from_bytes(text)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and this one's libraries beside it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = [
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--no-compile",
    ]
    told = subprocess.run(
        [sys.executable, *install, str(wheel)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture
def consumer(tmp_path: Path) -> Path:
    """A project that has a package and a module of the names that this checkout uses."""
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "__init__.py").write_text("MINE = True\n")
    (tmp_path / "cli.py").write_text("MINE = True\n")
    return tmp_path


def run(environment: Path, consumer: Path, *command: str) -> str:
    """Run a program of the environment in the consumer's folder and return what it prints."""
    program, *arguments = command
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = subprocess.run(
        [str(environment / "bin" / program), *arguments],
        cwd=consumer,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, ""), told.stderr
    return told.stdout


@pytest.mark.slow
def test_the_wheel_brings_one_name_into_an_environment(names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"flowsim", f"aep_flowsim-{__version__}.dist-info"}
    assert [name for name in names if Path(name).name == "cli.py"] == []


@pytest.mark.slow
def test_every_module_and_every_data_file_is_in_the_wheel(names: list[str]) -> None:
    def files(folder: str, *patterns: str) -> set[str]:
        root = CHECKOUT / folder
        found = (path for pattern in patterns for path in root.rglob(pattern))
        return {path.relative_to(root).as_posix() for path in found}

    modules = {
        f"flowsim/{name}"
        for name in files(
            "simulator",
            "*.py",
            "*.toml",
            "*.sql",
            "*.cjs",
            "*.html",
            "*.yaml",
            "*.json",
            "py.typed",
        )
    }
    modules |= {f"flowsim/dashboard/{name}" for name in files("simulator/dashboard", "assets/*")}
    data = {f"flowsim/scenarios/{name}" for name in files("scenarios", "*.yaml", "*.json")}
    assert {name for name in names if name.startswith("flowsim/")} == modules | data
    assert "flowsim/scenarios/partial.yaml" in data


def test_files_that_the_readme_links_to_are_in_the_source_archive(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    linked = {link.partition("#")[0] for link in page("README.md").links if "://" not in link}
    assert linked
    assert linked - held == set()


def test_the_metadata_describes_the_package(metadata: Message) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("aep-flowsim", __version__)
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Description-Content-Type"] == "text/markdown"
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert metadata.get_payload(decode=True).decode().strip() == readme.strip()  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def pinned() -> dict[str, SpecifierSet]:
    """What ``constraints.txt`` says of each package."""
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(str(pin.specifier).startswith("==") and not pin.url for pin in pins)
    return {canonicalize_name(pin.name): pin.specifier for pin in pins}


def test_every_dependency_is_pinned_and_no_pin_names_a_place(
    metadata: Message, pinned: dict[str, SpecifierSet]
) -> None:
    for text in metadata.get_all("Requires-Dist", []):
        needed = Requirement(text)
        (pin,) = pinned[canonicalize_name(needed.name)]
        assert needed.specifier.contains(pin.version), text


@pytest.mark.parametrize(
    "system",
    [
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    ],
    ids=lambda system: system["sys_platform"],
)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_dependencies_of_dependencies_are_pinned_too(
    pinned: dict[str, SpecifierSet], system: dict[str, str], python: str
) -> None:
    here = system | {"python_version": python, "python_full_version": f"{python}.0"}
    needed = {canonicalize_name(each.name) for each in needs("aep-flowsim[test]", here)}
    assert needed - {*pinned} == set()


def needs(text: str, here: dict[str, str]) -> list[Requirement]:
    """Return all that something needs somewhere; what is not installed here needs no more."""
    found = [Requirement(text)]
    for each in found:
        known = {str(other) for other in found}
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            inner = map(Requirement, importlib.metadata.requires(each.name) or ())
            chosen = (one for one in inner if is_chosen(one, each.extras, here))
            found += [one for one in chosen if str(one) not in known]
    return found[1:]


def is_chosen(needed: Requirement, extras: set[str], here: dict[str, str]) -> bool:
    marker = needed.marker
    return not marker or any(marker.evaluate(here | {"extra": each}) for each in ("", *extras))


@pytest.mark.slow
def test_the_installed_command_replays_a_shipped_scenario_in_another_folder(
    environment: Path, consumer: Path
) -> None:
    output = run(environment, consumer, "flowsim", "replay", "partial")
    assert output.endswith("ok: every event met its expectation\n")
    assert {path.name for path in consumer.iterdir()} == {"simulator", "cli.py"}


@pytest.mark.slow
def test_a_consumer_keeps_its_own_simulator_and_cli(environment: Path, consumer: Path) -> None:
    """What is imported as flowsim is the installed package, not this checkout."""
    program = (
        "import cli, flowsim, flowsim.scenario.files as files, simulator\n"
        "assert cli.MINE and simulator.MINE\n"
        "print(flowsim.__file__, *{path.parent for path in files.shipped().values()}, sep='\\n')"
    )
    for place in run(environment, consumer, "python", "-c", program).splitlines():
        assert Path(place).is_relative_to(environment)


@pytest.mark.slow
def test_the_command_can_be_run_as_a_module(environment: Path, consumer: Path) -> None:
    told = run(environment, consumer, "python", "-m", "flowsim", "--version")
    assert told == f"flowsim, version {__version__}\n"


@pytest.mark.skipif(not (CHECKOUT / ".git").exists(), reason="not a checkout")
def test_files_that_git_ignores_are_not_in_the_source_archive() -> None:
    command = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert listed.stdout == ""


@pytest.mark.slow
def test_the_installation_has_the_pytest_plugin(environment: Path, consumer: Path) -> None:
    (consumer / "test_mine.py").write_text(
        "import flowsim as package, sys\n"
        "def app(environ, start_response):\n"
        "    start_response('200 OK', [])\n"
        "    return []\n"
        "def test_mine(flowsim):\n"
        "    assert package.__file__.startswith(sys.prefix)\n"
        "    flowsim.replay('partial', app).assert_delivered()\n"
    )
    options = "-q", "-W", "error", "--strict-markers", *ALONE.split()
    told = run(environment, consumer, "python", "-m", "pytest", *options)
    assert told.splitlines()[-1].startswith("1 passed in ")
