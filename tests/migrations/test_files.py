"""Migration files have a number each and are named by what they do."""

from pathlib import Path

import pytest

from migrations.files import read_migrations
from runtime.start import CannotStart


def test_versions_count_up() -> None:
    migrations = read_migrations()
    versions = [migration.version for migration in migrations]
    assert versions[:6] == [1, 2, 3, 4, 5, 6]
    assert versions == sorted(set(versions))
    assert len({migration.checksum for migration in migrations}) == len(migrations)


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("0001_a.sql", "0001_b.sql"), "a number twice"),
        (("1_a.sql",), "1_a.sql is no migration's name"),
    ],
)
def test_odd_folders_are_refused(tmp_path: Path, names: tuple[str, ...], problem: str) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(CannotStart, match=problem):
        read_migrations(tmp_path)
