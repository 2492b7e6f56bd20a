"""What the Dockerfile copies is all that production needs."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx
import pytest

from demo import ports
from tests.engines_fixture import Engines
from tests.server.token_factory import AUDIENCE, ISSUER, key_set

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with the image's files and nothing else of the repository."""
    folder = tmp_path / "image"
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:] for line in lines if line.startswith("COPY ")]
    assert copied
    for source, target in copied:
        if (ROOT / source).is_dir():
            shutil.copytree(
                ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__")
            )
    return folder


@pytest.mark.integration
def test_the_api_serves_pages_and_operations_from_the_image(
    image: Path, engines: Engines, migrated_database: str
) -> None:
    port = ports.random_free((0,), ())
    keys = image / "keys.json"
    keys.write_bytes(key_set())
    process = subprocess.Popen(
        (sys.executable, "-m", "server"),
        cwd=image,
        env=_environment(engines, image)
        | {
            "EXPLORE_POSTGRES_DSN": migrated_database,
            "EXPLORE_HTTP_HOST": "127.0.0.1",
            "EXPLORE_HTTP_PORT": str(port),
            "EXPLORE_SECRET": "s" * 32,
            "EXPLORE_JWKS": str(keys),
            "EXPLORE_JWT_ISSUER": ISSUER,
            "EXPLORE_JWT_AUDIENCE": AUDIENCE,
        },
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10.0) as client:
            _until_it_has_started(client, process)
            assert "text/html" in client.get("/").headers["content-type"]
            assert "type Query" in client.get("/schema.graphql").text
            answer = client.post("/graphql", json={"query": "{ __typename }"}).json()
            assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_REQUIRED"
    finally:
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0


@pytest.mark.parametrize("command", ["consumers", "migrations", "importer"])
def test_the_other_commands_explain_themselves(image: Path, command: str) -> None:
    done = subprocess.run(
        (sys.executable, "-m", command, "--help"),
        cwd=image,
        env=_clean(image),
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"python -m {command}" in done.stdout


def _until_it_has_started(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        with suppress(httpx.TransportError):
            if client.get("/startupz").status_code == 200:
                return
        time.sleep(0.1)


def _environment(engines: Engines, image: Path) -> dict[str, str]:
    return _clean(image) | engines.environment()


def _clean(image: Path) -> dict[str, str]:
    """The path leads to the image alone, not to this repository."""
    clean = {name: value for name, value in os.environ.items() if "EXPLORE_" not in name}
    return clean | {"PYTHONPATH": str(image)}
