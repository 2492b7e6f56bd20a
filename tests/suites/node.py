"""Node with the suites' packages: commands that end by themselves, and what they say."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Node:
    """`packages` is a folder `node_modules`."""

    packages: Path

    def run(
        self, *command: str, cwd: Path, env: Mapping[str, str] | None = None, status: int = 0
    ) -> str:
        """What a command prints; it must end with that status."""
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.environment(env or {}),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self, more: Mapping[str, str]) -> Mapping[str, str]:
        path = os.pathsep.join([str(self.packages / ".bin"), os.environ.get("PATH", "")])
        return {
            **os.environ,
            "PATH": path,
            "NO_COLOR": "1",
            "npm_config_loglevel": "error",
            **more,
        }
