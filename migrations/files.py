"""The migrations that this version of the code knows, read from their files."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from runtime.start import CannotStart

FOLDER: Final = Path(__file__).parent / "versions"
ROLES: Final = Path(__file__).parent / "roles.sql"
NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql", re.ASCII)


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """All migrations in order.

    Raises:
        CannotStart: a file's name is not of the form, or two have one number.

    """
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = NAME.fullmatch(path.name)
        if match is None:
            raise CannotStart(
                f"{path.name} is no migration's name", "name it NNNN_what_it_does.sql"
            )
        found.append(Migration(int(match[1]), match[2], path.read_text("utf-8")))
    if len({migration.version for migration in found}) != len(found):
        raise CannotStart(f"{folder.name} has a number twice", "number the newer file anew")
    return tuple(found)
