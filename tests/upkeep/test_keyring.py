"""Keys under a passphrase: the right one gives them back, any other nothing."""

from pathlib import Path

import pytest

from firebreak.kernel.refusals import Refusal
from firebreak.kernel.vault import KEY_NAMES, create_keys
from firebreak.upkeep.keyring import open_keys, seal_keys

pytestmark = pytest.mark.one_database
GOOD = "海潭区 2022 六月五日"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys")
    path = tmp_path / "keys.sealed"
    path.write_bytes(seal_keys(tmp_path / "keys", GOOD))
    return path


def test_the_right_passphrase_gives_every_key_back(archive: Path, tmp_path: Path) -> None:
    open_keys(archive, GOOD, tmp_path / "again")
    for name in KEY_NAMES:
        assert (tmp_path / f"again/{name}.key").read_bytes() == (tmp_path / f"keys/{name}.key").read_bytes()
        assert (tmp_path / f"again/{name}.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spoil", ["passphrase", "byte", "cut"])
def test_anything_else_gives_nothing(archive: Path, tmp_path: Path, spoil: str) -> None:
    sealed = bytearray(archive.read_bytes())
    if spoil == "byte":
        sealed[-1] ^= 1
    archive.write_bytes(sealed[:40] if spoil == "cut" else sealed)
    with pytest.raises(Refusal, match="wrong-passphrase"):
        open_keys(archive, "something else" if spoil == "passphrase" else GOOD, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys")
    with pytest.raises(Refusal, match="weak-passphrase"):
        seal_keys(tmp_path / "keys", "short")
