"""What a state folder is filled with: made-up and real posts would stand in the same lists."""

from pathlib import Path
from typing import Final

from runtime.start import CannotStart

FILE: Final = "content"
DEMO_WORLD: Final = "the demo world"
IMPORTED: Final = "imported data"


class OtherContent(CannotStart):
    def __init__(self, state: Path, held: str) -> None:
        super().__init__(
            f"the state folder {state} holds {held}", "choose another folder with --state DIR"
        )


def check_content(state: Path, data: Path | None) -> None:
    """Return if the folder is empty or holds what shall be in it.

    Raises:
        OtherContent: it does not.

    """
    note = state / FILE
    held = note.read_text("utf-8") if note.exists() else _wanted(data)
    if held != _wanted(data):
        raise OtherContent(state, held)


def note_content(state: Path, data: Path | None) -> None:
    (state / FILE).write_text(_wanted(data), "utf-8")


def _wanted(data: Path | None) -> str:
    return IMPORTED if data else DEMO_WORLD
