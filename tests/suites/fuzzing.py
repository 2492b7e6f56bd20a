"""Schemathesis: some two thousand cases made from the schema. `make suites` runs it."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.suites.installed import HERE

pytestmark = pytest.mark.end_to_end

PROGRAM: Final = ROOT / ".venv" / "suites" / "bin" / "schemathesis"
EXAMPLES_PER_FIELD: Final = 80
VIEWERS: Final = 40
SECONDS: Final = 3_000.0
SEED: Final = 20_261_124


@pytest.mark.skipif(not PROGRAM.exists(), reason="schemathesis is not here: run `make suites`")
def test_cases_made_from_the_schema_find_no_fault(running: RunningDemo, tmp_path: Path) -> None:
    tokens = [running.token(f"fuzz-{number}", "admin") for number in range(VIEWERS)]
    done = subprocess.run(
        (
            str(PROGRAM),
            "--no-color",
            "run",
            f"http://127.0.0.1:{running.port}/graphql",
            "--checks=no_fault_of_ours",
            "--phases=fuzzing",
            f"--max-examples={EXAMPLES_PER_FIELD}",
            f"--seed={SEED}",
        ),
        cwd=tmp_path,
        env={
            **os.environ,
            "EXPLORE_TOKENS": " ".join(tokens),
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
            "PYTHONPATH": str(HERE),
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    generated = re.search(r"(\d+) generated", done.stdout)
    assert generated, done.stdout
    assert int(generated[1]) >= 2_000
    assert "skipped" not in done.stdout
