"""What the user asked the demo for on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.engines.selection import Kind

STATE_FOLDERS: Final = {Kind.EMBEDDED: Path(".explore"), Kind.REAL: Path(".explore-real")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`port` is the API's; `state` None: the usual folder of that kind of engines."""

    data: Path | None = None
    port: int | None = None
    state: Path | None = None
    ephemeral: bool = False
    simulator: bool = True
    engines: Kind = Kind.EMBEDDED

    def state_folder(self) -> Path:
        return self.state or STATE_FOLDERS[self.engines]
