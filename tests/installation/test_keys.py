"""The signing keys of an installation: made once, kept private, replaced by name."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from flowsim.core.signature import digest, header_names, key_path, sign, verify
from flowsim.errors import KeyFileError, SettingError
from flowsim.installation import keys, settings
from flowsim.installation.key_sources import find_key, own_key
from flowsim.receiver import key_host

from ..cases import for_each

Command = Callable[..., Result]

LOADS_WHEN_TOLD = """
import sys
from pathlib import Path
from flowsim.installation import keys
print("ready", flush=True)
sys.stdin.readline()
print([key.name for key in keys.load(Path(sys.argv[1]))])
"""


@pytest.fixture
def folder(own_home: Path) -> Path:
    """The folder of an installation without keys."""
    return own_home / "keys"


@pytest.fixture
def filled(own_keys: Path) -> Path:
    """The folder of an installation that has keys."""
    return own_keys / "keys"


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A user whose new files are open to all users."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def unprivileged_home() -> Iterator[Path]:
    """A folder of another user than root, since root may read and write everything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        with TemporaryDirectory(dir="/tmp") as folder:
            yield Path(folder)
    finally:
        if is_root:
            os.seteuid(0)


def pem_of(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# First use


def test_keys_are_made_at_first_use_and_kept(folder: Path) -> None:
    assert not folder.exists()
    made = keys.load(folder)
    assert keys.load(folder) == made
    assert files_in(folder) == {
        "signing-1.pem",
        "signing-2.pem",
        *(f"public/{key.name}.pem" for key in made),
    }


@pytest.mark.usefixtures("open_mask")
def test_private_keys_are_readable_by_their_owner_alone(folder: Path) -> None:
    keys.load(folder)
    keys.rotate(folder, 2)
    for number in (1, 2):
        assert mode_of(folder / f"signing-{number}.pem") == 0o600
    assert mode_of(folder) & 0o077 == 0


def test_a_private_key_that_others_can_read_is_made_private(
    filled: Path,
) -> None:
    """As a copy or a checkout may leave it; it is said once, since it is mended then."""
    keys.load(filled)
    path = filled / "signing-1.pem"
    path.chmod(0o644)
    command = [sys.executable, "-m", "flowsim", "keys", "show"]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert first.stderr == (
        f"warning: {path}: its mode let others read it, and is 600 now; "
        "if another user has read it: flowsim keys rotate\n"
    )
    assert (second.stdout, second.stderr) == (first.stdout, "")
    assert mode_of(path) == 0o600


def test_a_private_key_that_stays_readable_is_used_with_a_warning(
    unprivileged_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As a secret that is mounted may be: it belongs to another user."""
    if os.geteuid() == os.getuid():
        pytest.skip("only root can give a file to another user")
    folder = unprivileged_home / "keys"
    made, path = keys.load(folder), folder / "signing-2.pem"
    os.seteuid(0)
    os.chown(path, 0, 0)
    path.chmod(0o644)
    os.seteuid(65_534)
    assert keys.load(folder) == made
    assert caplog.messages == [
        f"warning: {path}: its mode lets others read it; set FLOWSIM_HOME where chmod 600 works"
    ]


def test_nothing_is_left_beside_the_keys(folder: Path) -> None:
    keys.load(folder)
    keys.rotate(folder, 1)
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]
    assert not [name for name in files_in(folder) if Path(name).name.startswith(".")]


def test_the_two_keys_are_rsa_2048_and_differ(folder: Path) -> None:
    one, two = keys.load(folder)
    assert one.name != two.name
    for key in (one, two):
        public = load_pem_public_key(key.public_pem)
        assert isinstance(public, rsa.RSAPublicKey)
        assert (public.key_size, public.public_numbers().e) == (2048, 65537)


def test_a_public_key_is_printed_as_the_key_host_prints_it(filled: Path) -> None:
    """SubjectPublicKeyInfo in lines of 64 characters, which a Java consumer insists on."""
    for key in keys.load(filled):
        first, *lines, last = key.public_pem.decode("ascii").splitlines()
        assert (first, last) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
        assert {len(line) for line in lines[:-1]} == {64}
        assert b"\r" not in key.public_pem


def test_names_are_ten_letters_or_digits_in_the_path_that_adobe_uses(filled: Path) -> None:
    for key in (*keys.load(filled), keys.rotate(filled, 1)):
        assert re.fullmatch(r"/prod/keys/pub-key-[0-9A-Za-z]{10}\.pem", key_path(key.name))


def test_a_key_does_not_show_its_private_part_when_printed(filled: Path) -> None:
    one, _ = keys.load(filled)
    assert repr(one) == f"SigningKey({one.name!r})"


def test_processes_that_make_keys_at_once_use_the_same_keys(folder: Path) -> None:
    """All are ready before any may begin."""
    command = [sys.executable, "-c", LOADS_WHEN_TOLD, str(folder)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert answers == {f"{[key.name for key in keys.load(folder)]}\n"}
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]


def test_an_empty_folder_is_filled(folder: Path) -> None:
    folder.mkdir(parents=True)
    keys.load(folder)
    assert (folder / "signing-2.pem").exists()


def test_each_home_has_keys_of_its_own(own_home: Path, tmp_path: Path) -> None:
    assert settings.keys_folder() == own_home / "keys"
    ours, others = keys.load(own_home / "keys"), keys.load(tmp_path / "other" / "keys")
    assert {key.name for key in ours}.isdisjoint(key.name for key in others)


# Rotation


@pytest.mark.parametrize("number", [1, 2])
def test_rotation_puts_a_key_with_a_new_name_in_one_place(filled: Path, number: int) -> None:
    before = keys.load(filled)
    fresh = keys.rotate(filled, number)
    after = keys.load(filled)
    assert after[number - 1] == fresh
    assert fresh.name not in {key.name for key in before}
    assert after[2 - number] == before[2 - number]


def test_an_old_public_key_is_still_served_after_rotation(filled: Path) -> None:
    before = keys.load(filled)
    after = keys.rotate(filled, 1), keys.rotate(filled, 2)
    client = key_host.create(lambda path: keys.public_pem(filled, path)).test_client()
    for key in (*before, *after):
        answer = client.get(key_path(key.name))
        assert (answer.status_code, answer.data) == (200, key.public_pem)


def test_a_delivery_from_before_a_rotation_can_still_be_verified(filled: Path) -> None:
    old, _ = keys.load(filled)
    path, signature = header_names(1)
    text = sign(digest(b"{}"), keys.parse_private(old.private_pem))
    keys.rotate(filled, 1)
    verify(b"{}", {path: key_path(old.name), signature: text}, own_key)


def test_rotation_at_first_use_makes_both_keys(folder: Path) -> None:
    fresh = keys.rotate(folder, 2)
    assert keys.load(folder)[1] == fresh


@pytest.mark.parametrize(
    "path",
    [
        "/prod/keys/pub-key-0000000000.pem",
        "/prod/keys/../signing-1.pem",
        "/prod/keys/pub-key-/../../signing-1.pem",
        "signing-1.pem",
        "",
    ],
)
def test_only_public_keys_are_served(filled: Path, path: str) -> None:
    keys.load(filled)
    with pytest.raises(LookupError):
        keys.public_pem(filled, path)


def test_the_commands_print_the_paths_and_the_keys(filled: Path, flowsim: Command) -> None:
    shown = flowsim("keys", "show").output.splitlines()
    before = keys.load(filled)
    assert [line.split()[:2] for line in shown] == [
        [str(number), key_path(key.name)] for number, key in enumerate(before, 1)
    ]
    assert all(Path(line.split(maxsplit=2)[2]).read_bytes() for line in shown)
    pems = flowsim("keys", "show", "--pem").output
    assert pems.encode() == before[0].public_pem + before[1].public_pem
    rotated = flowsim("keys", "rotate").output.splitlines()
    after = keys.load(filled)
    assert rotated == [f"{n} {key_path(key.name)}" for n, key in enumerate(after, 1)]
    assert {key.name for key in before}.isdisjoint(key.name for key in after)


# Damage


def damaged(kind: str, key: rsa.RSAPrivateKey) -> bytes:
    pem = pem_of(key)
    return {
        "empty": b"",
        "no key": b"hello\n",
        "not even text": bytes(range(256)),
        "half a key": pem[: len(pem) // 2],
        "without its last line": pem.rsplit(b"\n", 2)[0],
        "another kind of key": pem_of(ec.generate_private_key(ec.SECP256R1())),
        "behind a password": pem_of(key, BestAvailableEncryption(b"secret")),
        "a public key": key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "no key",
        "not even text",
        "half a key",
        "without its last line",
        "another kind of key",
        "behind a password",
        "a public key",
    ],
)
@pytest.mark.parametrize("number", [1, 2])
def test_a_damaged_key_file_is_reported_in_one_sentence_that_names_it(
    filled: Path, flowsim: Command, kind: str, number: int, rsa_key: rsa.RSAPrivateKey
) -> None:
    keys.load(filled)
    (filled / f"signing-{number}.pem").write_bytes(damaged(kind, rsa_key))
    with pytest.raises(KeyFileError) as caught:
        keys.load(filled)
    assert caught.value.path == filled / f"signing-{number}.pem"
    result = flowsim("keys", "show")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(
        rf"error: .+/signing-{number}.pem: .+; "
        rf"flowsim keys rotate {number} makes a new one in its place\n",
        result.stderr,
    )


@pytest.mark.parametrize("number", [1, 2])
def test_the_remedy_replaces_the_damaged_key_only(
    filled: Path, flowsim: Command, number: int
) -> None:
    before = keys.load(filled)
    path, other = filled / f"signing-{number}.pem", 2 - number

    def lose_public_key() -> None:
        (filled / "public" / f"{keys.load(filled)[number - 1].name}.pem").unlink()

    def damage_public_key() -> None:
        (filled / "public" / f"{keys.load(filled)[number - 1].name}.pem").write_bytes(b"no key")

    def put_a_pipe() -> None:
        path.unlink()
        os.mkfifo(path)

    damages = (lambda: path.write_bytes(b"no key"), path.unlink, lose_public_key)
    for damage in (*damages, damage_public_key, put_a_pipe):
        damage()
        message = flowsim("keys", "show").stderr
        assert message.endswith(f"; flowsim keys rotate {number} makes a new one in its place\n")
        assert flowsim("keys", "rotate", str(number)).exit_code == 0
        assert keys.load(filled)[other] == before[other]
        assert flowsim("replay", "partial").exit_code == 0


def test_damaged_keys_can_be_replaced_one_by_one_and_together(
    filled: Path, flowsim: Command
) -> None:
    for words in (("1", "2"), ("",)):
        keys.load(filled)
        for number in (1, 2):
            (filled / f"signing-{number}.pem").write_bytes(b"no key")
        for word in words:
            assert flowsim("keys", "rotate", *word).exit_code == 0
        assert len({each.name for each in keys.load(filled)}) == 2


def test_a_damaged_key_file_never_signs_what_cannot_be_verified(filled: Path) -> None:
    """A wrong letter leaves a PEM that can be read; it must not become a key with a new name."""
    one, _ = keys.load(filled)
    path = filled / "signing-1.pem"
    for position in range(130, len(one.private_pem) - 40, 29):
        letter = one.private_pem[position : position + 1]
        wrong = b"A" if letter != b"A" else b"B"
        if letter == b"\n":
            continue
        path.write_bytes(one.private_pem[:position] + wrong + one.private_pem[position + 1 :])
        try:
            key, _ = keys.load(filled)
        except KeyFileError:
            continue
        text = sign(digest(b"{}"), keys.parse_private(key.private_pem))
        path_name, signature = header_names(1)
        verify(b"{}", {path_name: key_path(key.name), signature: text}, own_key)


@pytest.mark.parametrize("number", [1, 2])
def test_a_directory_instead_of_a_key_is_reported_in_one_sentence(
    filled: Path, number: int
) -> None:
    keys.load(filled)
    path = filled / f"signing-{number}.pem"
    path.unlink()
    path.mkdir()
    with pytest.raises(
        KeyFileError, match="not a file; move it away; flowsim keys rotate"
    ) as caught:
        keys.load(filled)
    assert caught.value.path == path


def test_an_unreadable_key_is_reported_in_one_sentence(unprivileged_home: Path) -> None:
    folder = unprivileged_home / "keys"
    keys.load(folder)
    (folder / "signing-1.pem").chmod(0)
    with pytest.raises(KeyFileError, match="permission denied; set FLOWSIM_HOME") as caught:
        keys.load(folder)
    assert caught.value.path == folder / "signing-1.pem"


def test_a_home_that_may_not_be_written_is_reported_in_one_sentence(
    unprivileged_home: Path,
) -> None:
    unprivileged_home.chmod(0o500)
    with pytest.raises(KeyFileError, match="permission denied; set FLOWSIM_HOME"):
        keys.load(unprivileged_home / "flowsim" / "keys")
    unprivileged_home.chmod(0o700)


def test_a_lost_second_key_is_reported_in_one_sentence(filled: Path) -> None:
    keys.load(filled)
    (filled / "signing-2.pem").unlink()
    with pytest.raises(KeyFileError, match="is missing") as caught:
        keys.load(filled)
    assert caught.value.path == filled / "signing-2.pem"


def test_a_home_that_is_a_file_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flowsim: Command
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path / "file"))
    result = flowsim("show", "partial", "--as", "json")
    assert result.exit_code == 2
    assert re.fullmatch(r"error: .+file.*: .+; set FLOWSIM_HOME to .+\n", result.stderr)


# Where a consumer finds public keys


def test_keys_are_found_in_a_folder_of_files(filled: Path, tmp_path: Path) -> None:
    one, _ = keys.load(filled)
    (tmp_path / f"{one.name}.pem").write_bytes(one.public_pem)
    find = find_key(str(tmp_path))
    assert find(key_path(one.name)) == load_pem_public_key(one.public_pem)
    with pytest.raises(LookupError):
        find("/prod/keys/pub-key-0000000000.pem")


def test_a_key_in_another_encoding_is_named_at_once(filled: Path, tmp_path: Path) -> None:
    one, _ = keys.load(filled)
    file = tmp_path / f"{one.name}.pem"
    file.write_bytes(b"\xef\xbb\xbf" + one.public_pem)
    assert find_key(str(tmp_path))(key_path(one.name))
    file.write_bytes(one.public_pem.decode().encode("utf-16"))
    with pytest.raises(SettingError) as caught:
        find_key(str(tmp_path))
    assert str(caught.value).startswith(f"--keys {file}: line 1: text in UTF-16; expected text in")


def test_a_text_that_is_no_public_key_is_not_found(filled: Path, tmp_path: Path) -> None:
    one, _ = keys.load(filled)
    for text in (b"", b"<html>404</html>", one.private_pem):
        (tmp_path / f"{one.name}.pem").write_bytes(text)
        with pytest.raises(LookupError):
            find_key(str(tmp_path))(key_path(one.name))


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A key host that gives the same answer to all requests."""

    def serve() -> None:
        with contextlib.suppress(OSError):  # it is shut down
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def ok(*headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body


def test_a_key_is_fetched_from_a_key_host(filled: Path) -> None:
    one, _ = keys.load(filled)
    length = f"content-length: {len(one.public_pem)}"
    with answering(ok(length, body=one.public_pem)) as host:
        assert find_key(host)(key_path(one.name)) == load_pem_public_key(one.public_pem)


BROKEN = {
    "not found": b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
    "moved": b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    "nothing": b"",
    "no HTTP": b"hello\n",
    "no key": ok("content-length: 2", body=b"{}"),
    "cut off": ok("content-length: 1000", body=b"-----BEGIN"),
    "not compressed": ok("content-length: 2", "content-encoding: gzip", body=b"{}"),
    "no chunks": ok("transfer-encoding: chunked", body=b"zz\r\n"),
}


@for_each("answer", BROKEN.values())
def test_any_answer_of_a_key_host_gives_a_key_or_none(answer: bytes) -> None:
    with answering(answer) as host:
        find = find_key(host)
        with pytest.raises(LookupError):
            find("/prod/keys/pub-key-0000000000.pem")


def test_a_missing_key_host_has_no_key() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LookupError):
        find_key(f"http://127.0.0.1:{port}")("/prod/keys/pub-key-0000000000.pem")
