"""Migration files are numbered without gap and named by what they do."""

from pathlib import Path

import pytest

from migrations.files import read_migrations
from runtime.start import CannotStart


def test_versions_count_up_from_one() -> None:
    migrations = read_migrations()
    assert [migration.version for migration in migrations] == [1, 2, 3, 4, 5, 6]
    assert len({migration.checksum for migration in migrations}) == 6


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("0001_a.sql", "0003_b.sql"), "gap or a number twice"),
        (("0001_a.sql", "0001_b.sql"), "gap or a number twice"),
        (("1_a.sql",), "1_a.sql is no migration's name"),
    ],
)
def test_odd_folders_are_refused(tmp_path: Path, names: tuple[str, ...], problem: str) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(CannotStart, match=problem):
        read_migrations(tmp_path)
