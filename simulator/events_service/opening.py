"""Opens the data folder of an events service and puts the service together."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ..core.system_reasons import folder_reason
from ..core.targets import Allowed
from ..delivery.http_connecting import Tls
from ..errors import StoreError
from ..installation import keys
from ..installation.own_files import lock
from ..runtime.chance import Chance, distinct_ids, draw_token
from ..runtime.clock import Clock, ManualClock, RunningClock, present, speed_of
from . import installation
from .challenges.proofs import Proofs
from .database.database import Database, Settings
from .deliveries.targets import AttemptLimit, Targets
from .providers.table import Providers
from .publishing.directory import Directory
from .publishing.publishing import Publishing
from .registrations.kept_notes import KeptNotes
from .registrations.notes import RegistrationNote
from .registrations.table import Registrations
from .service import NAMES, Service, ServiceOptions
from .tokens.actions import Tokens
from .tracing.debug_trace import Traces

FILE = "events.sqlite3"


@contextlib.contextmanager
def open_database(folder: Path | None) -> Iterator[Database]:
    """Yield the database of a data folder, or one in memory; no other process may have it.

    Raises ``StoreError`` if the folder cannot be used.
    """
    if folder is None:
        with contextlib.closing(Database(None)) as database:
            yield database
        return
    with _locked(folder), contextlib.closing(Database(folder / FILE)) as database:
        yield database


def open_service(
    database: Database,
    clock: Clock,
    options: ServiceOptions,
    keys_folder: Path,
    look_again: Callable[[], None] = lambda: None,
    tls: Tls = True,
    note: Callable[[RegistrationNote], None] = lambda _: None,
) -> Service:
    """Return the service of a database; the first start makes an installation in it.

    ``note`` gets each note of a registration after it is kept.
    """
    settings = Settings(database)
    options = replace(options, names=settings.get(NAMES) or options.names)
    directory = Directory(database)
    chance = _chance(database, settings)
    made = installation.load_or_make(database, settings, options.families, chance.of_story)
    pair = keys.load(keys_folder)
    note = KeptNotes(database).keeping(note)
    return Service(
        database=database,
        chance=chance,
        clock=clock,
        options=options,
        installation=made,
        pair=pair,
        public_pem=lambda path: keys.public_pem(keys_folder, path),
        settings=settings,
        providers=Providers(database),
        registrations=Registrations(database),
        traces=Traces(database),
        tokens=Tokens(database, clock, made),
        directory=directory,
        publishing=Publishing(database, directory, chance, clock, look_again, options.families),
        targets=Targets(Allowed.parse(options.targets)),
        proofs=Proofs(database, look_again, note),
        look_again=look_again,
        note=note,
        request_id=distinct_ids(),
        tls=tls,
        attempt_limit=AttemptLimit(clock),
    )


def make_clock(name: str, database: Database) -> Clock:
    """Return the clock called ``real``, ``manual`` or a speed such as ``60x``.

    It goes on from the moment at which the clock of the last run stopped. A real clock begins at
    the present, if that is later. Raises ``ValueError`` for any other name.
    """
    stood = Settings(database).clock()
    if name == "manual":
        return ManualClock(stood or present())
    speed = speed_of(name)
    if speed is None:
        raise ValueError(name)
    if speed == 1.0:
        return RunningClock(max(stood or present(), present()))
    return RunningClock(stood or present(), speed)


def _chance(database: Database, settings: Settings) -> Chance:
    seed = settings.get("seed")
    if seed is None:
        seed = draw_token()
        with database.transaction() as connection:
            settings.put(connection, "seed", seed)
    return Chance(seed, seed)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock the data folder for this process."""
    with contextlib.ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            is_ours = _lock(folder, held)
        except OSError as error:
            raise StoreError(
                f"{folder}: {folder_reason(error)}; name a folder of yours with --data"
            ) from None
        if not is_ours:
            raise StoreError(
                f"{folder} is in use by another flowsim; end it, or name another folder with --data"
            )
        yield


def _lock(folder: Path, held: contextlib.ExitStack) -> bool:
    """Lock a folder until ``held`` is closed; return false if another process has locked it.

    The folder itself is locked, since a file in it may be removed. The file ``lock`` is locked
    too: earlier versions lock nothing else, nor does Windows, and some file systems for networks
    lock files only.
    """

    def opened(path: Path, flags: int) -> int:
        descriptor = os.open(path, flags, 0o600)
        held.callback(os.close, descriptor)
        return descriptor

    file = opened(folder / "lock", os.O_RDWR | os.O_CREAT)
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            if not lock(opened(folder, os.O_RDONLY)):
                return False
    try:
        return lock(file)
    except OSError as error:
        raise StoreError(
            f"{folder}: its file system has no locks ({error.strerror or error}); "
            "name a folder of a local disk with --data"
        ) from None
