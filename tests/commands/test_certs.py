"""``flowsim certs``: where clients find the authority to trust."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from cryptography import x509

Flowsim = Callable[..., Result]


def test_the_authority_is_made_at_first_use_and_its_path_printed(
    flowsim: Flowsim, own_home: Path
) -> None:
    result = flowsim("certs")
    assert (result.exit_code, result.stderr) == (0, "")
    path = own_home / "authority" / "authority.pem"
    assert result.stdout == f"{path}\n"
    x509.load_pem_x509_certificate(path.read_bytes())
    assert flowsim("certs").stdout == result.stdout


def test_json_names_javas_trust_store_too(flowsim: Flowsim, own_home: Path) -> None:
    paths = json.loads(flowsim("certs", "--json").stdout)
    assert paths == {
        "authority": str(own_home / "authority" / "authority.pem"),
        "trust_store": str(own_home / "authority" / "authority.p12"),
        "trust_store_password": "changeit",
    }
    assert Path(paths["trust_store"]).exists()


def test_a_folder_that_cannot_be_written_is_reported_in_one_sentence(
    flowsim: Flowsim, own_home: Path
) -> None:
    own_home.write_text("a file, not a folder")
    result = flowsim("certs")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "set FLOWSIM_HOME to a folder of yours" in result.stderr
