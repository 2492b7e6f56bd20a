"""What the user asked the demo for on the command line."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from demo.engines.selection import Kind
from demo.rate import DEFAULT_RATE

STATE_FOLDERS: Final = {Kind.EMBEDDED: Path(".explore"), Kind.REAL: Path(".explore-real")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`port` is the API's; `state` None: the usual folder; `rate`: simulated events a second."""

    data: Path | None = None
    port: int | None = None
    state: Path | None = None
    ephemeral: bool = False
    simulator: bool = True
    rate: float = DEFAULT_RATE
    engines: Kind = Kind.EMBEDDED

    def state_folder(self) -> Path:
        """Of that kind of engines, and for imported data one of their own."""
        if self.state or self.data is None:
            return self.state or STATE_FOLDERS[self.engines]
        name = sha256(str(self.data.resolve()).encode()).hexdigest()[:8]
        return STATE_FOLDERS[self.engines] / "imports" / name
