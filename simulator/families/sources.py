"""Where families come from: this folder, and folders of the user.

From folders of the user only YAML files are read. Those of packages are in ``installed``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path, PureWindowsPath
from typing import Any

from ..core.printable import printable
from ..core.system_reasons import reason_of
from ..errors import Problem, ScenarioError, SettingError, UnreadFileError
from ..files.document import Document
from ..files.text_files import ENDINGS, is_at, text_of
from .base import Family
from .names import refuse_name

MOST_CHARACTERS = 2**20
"""The largest family file, in characters."""

MOST_NODES = 100_000
"""The most keys and values of a family file, aliases expanded; YAML takes long for more."""

Load = Callable[[], Family]

_FOLDER = Path(__file__).parent
_FILES = _FOLDER / "adobe"
_KEYS = frozenset(("provider", "codes", "story", "bodies"))
"""Keys that a family file must have, and no scenario has."""

_WANTED = "a family with the keys provider, codes, story and bodies"


@cache
def python_names() -> tuple[str, ...]:
    """Return the names of the families in Python that are shipped with flowsim."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/family.py")))


def shipped_loaders() -> dict[str, Load]:
    """Return the families that are shipped with flowsim: name → what reads it, sorted."""
    loaders = {name: partial(_python_family, name) for name in python_names()}
    loaders |= {path.stem: partial(_shipped_family, path) for path in _FILES.glob("*.yaml")}
    return dict(sorted(loaders.items()))


@cache
def shipped_codes() -> Mapping[str, str]:
    """Return the event codes of shipped families: code → name, before a YAML file is compiled."""
    found: dict[str, str] = {}
    for name, load in reversed(shipped_loaders().items()):
        path = _FILES / f"{name}.yaml"
        codes = load().codes if name in python_names() else _shipped_document(path).value["codes"]
        found |= dict.fromkeys(codes, name)
    return found


def distinct(folders: Iterable[Path]) -> list[Path]:
    """Return folders without those that were named before, in whatever spelling."""
    found: dict[str, Path] = {}
    for folder in folders:
        found.setdefault(_real_path(folder), folder)
    return [*found.values()]


def _real_path(folder: Path) -> str:
    try:
        return os.path.realpath(folder)
    except ValueError:  # the name has a zero byte; it is refused when files are looked for
        return str(folder)


def version_of(folder: Path) -> frozenset[tuple[object, ...]]:
    """Return what differs as soon as a YAML file of a folder is another: name, times and size.

    Raises as ``loaders_in`` does.
    """
    known = ((path, path.stat()) for path in _paths_in(folder) if path.exists())
    return frozenset(
        (path, at.st_ino, at.st_mtime_ns, at.st_ctime_ns, at.st_size) for path, at in known
    )


def _paths_in(folder: Path) -> list[Path]:
    if not is_at(folder, Path.is_dir):
        found = "a file" if is_at(folder, Path.exists) else "no such folder"
        raise SettingError(f"{folder}: {found}; expected a folder of family files")
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    except OSError as error:
        raise SettingError(f"{folder}: {reason_of(error)}; expected family files") from None
    if not paths:
        raise SettingError(f"{folder}: no file *.yaml; expected a folder of family files")
    return paths


def loaders_in(
    folder: Path, taken: Collection[str]
) -> tuple[dict[str, partial[Family]], list[str]]:
    """Return the families in YAML files of a folder, and why other files are none.

    Families are name → what reads it, sorted. A file is none if its name cannot be used. Raises
    ``SettingError`` if there is no YAML file.
    """
    loaders: dict[str, partial[Family]] = {}
    reasons = []
    for path in _paths_in(folder):
        try:
            refuse_name(str(path), path.stem, {*taken, *loaders})
        except SettingError as error:
            reasons.append(str(error))
        else:
            loaders[path.stem] = partial(family_in, path)
    return loaders, reasons


def files_of(loaders: Mapping[str, partial[Family]]) -> dict[str, str]:
    """Return the files of families that ``loaders_in`` or ``loaders_of`` has returned, by name."""
    return {name: str(load.args[0]) for name, load in loaders.items()}


def texts_of(files: Iterable[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return file and text of each family file, and why other files cannot be read.

    Files and texts are as ``loaders_of`` takes them. A file that cannot be read stops no other.
    """
    texts, reasons = [], []
    for file in files:
        try:
            texts.append(_text(Path(file)))
        except (ScenarioError, UnreadFileError) as error:
            reasons.append(str(error))
    return texts, reasons


def _text(path: Path) -> tuple[str, str]:
    """Return the name of a file and its text; a pipe or a device would keep the reader waiting."""
    if is_at(path, Path.exists) and not (is_at(path, Path.is_file) or is_at(path, Path.is_dir)):
        raise UnreadFileError(path, "neither a file nor a folder", _WANTED)
    return text_of(path, _WANTED)


def loaders_of(
    texts: Iterable[tuple[str, str]], taken: Collection[str]
) -> dict[str, partial[Family]]:
    """Return the families in texts of YAML files: name → what reads it.

    Each text has the name that its file has for its sender, on any system. Raises ``SettingError``
    if that name cannot be used.
    """
    loaders: dict[str, partial[Family]] = {}
    for file, text in texts:
        name = PureWindowsPath(file).stem  # such a path understands slashes too
        refuse_name(file, name, {*taken, *loaders})
        loaders[name] = partial(family_of, printable(file), text, name)
    return loaders


def _python_family(name: str) -> Family:
    family: Family = import_module(f".{name}.family", __package__).FAMILY
    return family


@cache
def _shipped_family(path: Path) -> Family:
    from .data.reading import read_family

    return read_family(_shipped_document(path), path.stem, _shared)


@cache
def _document(path: Path) -> Document:
    from ..files.yaml_documents import parse_text

    return parse_text(path.read_text("utf-8"), path.name, _WANTED)


def is_file(load: Load) -> bool:
    """Tell whether a family is read from a YAML file, and not written in Python."""
    reads = (_shipped_family, family_in, family_of)
    return isinstance(load, partial) and load.func in reads


def is_family(content: object) -> bool:
    """Tell whether the content of a file is a family's, correct or not, and no scenario's."""
    if not isinstance(content, dict):
        return False
    known = content.keys() & _KEYS
    return known >= {"provider", "codes"} or bool(known and "events" not in content)


def is_shipped(path: Path) -> bool:
    """Tell whether a path leads to the file of a family that is shipped with flowsim."""
    own = _FILES / path.name
    return path.suffix == ".yaml" and own.is_file() and path.resolve() == own.resolve()


def family_in(path: Path) -> Family:
    """Return the family in a YAML file; raises ``ScenarioError``, also if it cannot be read."""
    try:
        return family_of(*_text(path), path.stem)
    except UnreadFileError as error:  # the families of other files can still be used
        raise ScenarioError([error.problem]) from None


def family_of(file: str, text: str, name: str) -> Family:
    """Return the family in the text of a YAML file; raises ``ScenarioError``."""
    from ..files.yaml_documents import parse_text
    from .data.reading import read_family

    if len(text) > MOST_CHARACTERS:
        expected = f"at most {MOST_CHARACTERS:,}"
        raise ScenarioError([Problem(file, 1, 1, "", f"{len(text):,} characters", expected)])
    document = parse_text(text, file, _WANTED, MOST_NODES)
    return read_family(document, name, _shared, tells_examples=True)


@cache
def _shared(name: str) -> Document:
    """Return a file with parts that several families share; raises ``LookupError``."""
    return _shipped_document({path.stem: path for path in (_FILES / "shared").glob("*.yaml")}[name])


def _shipped_document(path: Path) -> Document:
    from ..installation.kept import kept

    name = path.relative_to(_FILES).with_suffix("").as_posix().replace("/", "-")
    content: Any = kept("families", name, path.read_text("utf-8"), partial(_content, path.name))
    return Document(path.name, content, with_places=partial(_document, path))


def _content(file: str, text: str) -> Any:
    from ..files.yaml_documents import parse_text

    return parse_text(text, file, _WANTED).value
