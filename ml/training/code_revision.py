"""Which code trains: the commit of the checkout that it runs from."""

import subprocess
from pathlib import Path
from typing import Final

SECONDS: Final = 5.0
UNKNOWN: Final = "unknown"


def code_revision() -> str:
    """The commit's abbreviated hash; ``unknown`` outside a checkout."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607 - wherever git is
            cwd=Path(__file__).parent,
            capture_output=True,
            check=True,
            text=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return asked.stdout.strip()
