"""How much memory a process holds."""

import resource
from pathlib import Path


def resident(pid: int) -> int:
    """Bytes in memory; 0 where the system does not tell (no /proc) or the process is gone."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
