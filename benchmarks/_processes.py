"""What other processes have computed and hold, as Linux tells."""

import os
from pathlib import Path
from typing import Final

KILOBYTES: Final = 1_024
TICKS: Final = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: int) -> float:
    """Seconds that a process has computed so far, in all its threads."""
    stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


def megabytes(process: int, figure: str, file: str = "status") -> float:
    """A figure of a file of /proc in MB: VmRSS or VmHWM of ``status``, Pss of ``smaps_rollup``."""
    for line in Path(f"/proc/{process}/{file}").read_text().splitlines():
        if line.startswith(f"{figure}:"):
            return int(line.split()[1]) / KILOBYTES
    raise SystemExit(f"/proc/{process}/{file} does not tell {figure}: this benchmark needs Linux")


def load() -> str:
    """How busy the machine is, for figures that depend on it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
