"""`python -m demo` from outside, with real engines and without the product's processes."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from demo import ports
from demo.engines.unprivileged import as_nobody
from tests.demo.family import alive, descendants, wait_until

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65_534
READY = re.compile(r"explore is ready on http://127\.0\.0\.1:(\d+)")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
pytestmark = [pytest.mark.integration, linux_only]


@dataclass(frozen=True)
class Demo:
    """A running demo. `family` are the processes it had when it was ready."""

    process: subprocess.Popen[str]
    port: int
    family: set[int]

    def stop(self, number: signal.Signals) -> int:
        """End it, and see that nothing of it is left."""
        self.process.send_signal(number)
        status = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        wait_until(lambda: not alive(self.family))
        return status


def environment(**more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("EXPLORE_")}
    return {**ours, "PYTHONPATH": str(ROOT), **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.demo.engines_only", *arguments]


def ask(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def started(
    folder: Path, *arguments: str, prefix: tuple[str, ...] = ()
) -> Generator[Demo, None, None]:
    """Run the demo in the folder until it is ready; kill what is left of it afterwards."""
    with subprocess.Popen(
        [*prefix, *command(*arguments)],
        cwd=folder,
        env=environment(HOME=str(folder)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, "")
            ready = next(found for line in lines if (found := READY.fullmatch(line.rstrip())))
            yield Demo(process, int(ready[1]), descendants(process.pid))
        finally:
            process.kill()


def redis(url: str) -> Redis:
    return Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] - untyped options


def process_of(client: Redis) -> int:
    server = client.info("server")  # pyright: ignore[reportUnknownMemberType] - untyped options
    return server["process_id"]


@pytest.fixture
def port() -> str:
    return str(ports.random_free((0,), ()))


def settings_of(folder: Path, port: int) -> dict[str, str]:
    answer = ask(folder, "env", "--port", str(port))
    assert answer.returncode == 0, answer.stderr
    exports = [line.removeprefix("export ").partition("=") for line in answer.stdout.splitlines()]
    return {name: "".join(shlex.split(value)) for name, _, value in exports}


def test_it_keeps_its_data_and_its_ports(tmp_path: Path, port: str) -> None:
    with started(tmp_path, "--port", port) as demo:
        first = settings_of(tmp_path, demo.port)
        with redis(first["EXPLORE_REDIS_URL"]) as client:
            assert client.get("explore:log:epoch") == b"1"
            client.set("kept", "yes")
        assert demo.stop(signal.SIGTERM) == 0
    with started(tmp_path, "--port", port) as demo:
        second = settings_of(tmp_path, demo.port)
        with redis(second["EXPLORE_REDIS_URL"]) as client:
            assert client.get("kept") == b"yes"
            assert client.get("explore:log:epoch") == b"2"  # the broker's log is a new one
        assert demo.stop(signal.SIGINT) == 0
    assert first == second
    assert first["EXPLORE_HTTP_PORT"] == port
    assert sorted(first) == [
        "EXPLORE_CONSUMER_MEMBERSHIP",
        "EXPLORE_DEMO_SIGNING_KEY",
        "EXPLORE_DRAIN_MS",
        "EXPLORE_ENVIRONMENT",
        "EXPLORE_HTTP_HOST",
        "EXPLORE_HTTP_PORT",
        "EXPLORE_JWKS",
        "EXPLORE_JWT_AUDIENCE",
        "EXPLORE_JWT_ISSUER",
        "EXPLORE_KAFKA_BOOTSTRAP",
        "EXPLORE_OPENSEARCH_URL",
        "EXPLORE_POSTGRES_DSN",
        "EXPLORE_REDIS_URL",
        "EXPLORE_SEARCH_CAPACITY",
        "EXPLORE_SEARCH_TIMEOUT_MS",
        "EXPLORE_SECRET",
        "EXPLORE_STATIC_LISTS",
    ]
    answer = ask(tmp_path, "env", "--port", port)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"no demo is running on port {port}: ")


def test_a_killed_demo_leaves_no_process_and_starts_again(tmp_path: Path, port: str) -> None:
    with started(tmp_path, "--port", port) as demo:
        assert len(demo.family) >= 4
        assert demo.stop(signal.SIGKILL) == -signal.SIGKILL
    with started(tmp_path, "--port", port) as demo:
        assert demo.stop(signal.SIGTERM) == 0


def test_an_engine_that_dies_is_started_again_with_its_data(tmp_path: Path) -> None:
    with started(tmp_path, "--ephemeral") as demo:
        url = settings_of(tmp_path, demo.port)["EXPLORE_REDIS_URL"]
        with redis(url) as client:
            client.set("kept", "yes")
            client.waitaof(1, 0, 5000)  # pyright: ignore[reportUnknownMemberType] - untyped options
            old = process_of(client)
            os.kill(old, signal.SIGKILL)

            def answers() -> bool:
                try:
                    return client.get("kept") == b"yes"
                except RedisError:
                    return False

            wait_until(answers)
            assert process_of(client) != old
        assert demo.stop(signal.SIGTERM) == 0


def test_an_ephemeral_demo_leaves_no_file(tmp_path: Path) -> None:
    with started(tmp_path, "--ephemeral") as demo:
        state = Path(settings_of(tmp_path, demo.port)["EXPLORE_JWKS"]).parent
        assert state.exists()
        assert demo.stop(signal.SIGTERM) == 0
    assert not state.exists()
    assert not (tmp_path / ".explore").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_it_runs_as_an_ordinary_user(tmp_path: Path) -> None:
    os.chown(tmp_path, NOBODY, NOBODY)
    # Its right to pass closed folders is for the interpreter and pytest's folder.
    with started(tmp_path, prefix=as_nobody(signal.SIGTERM).prefix) as demo:
        owners = {path.stat().st_uid for path in (tmp_path / ".explore").rglob("*")}
        assert owners == {NOBODY}
        assert demo.stop(signal.SIGTERM) == 0


def test_it_goes_on_when_nobody_reads_what_it_says(tmp_path: Path) -> None:
    with started(tmp_path, "--ephemeral") as demo:
        assert demo.process.stdout is not None
        demo.process.stdout.close()
        assert demo.stop(signal.SIGTERM) == 0


def test_a_second_demo_on_the_same_folder_is_refused(tmp_path: Path, port: str) -> None:
    with started(tmp_path, "--port", port) as demo:
        answer = ask(tmp_path, "--port", port)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert answer.stderr == (
            "the state folder .explore belongs to a demo that is running: "
            "stop that one first, or choose another folder with --state DIR\n"
        )
        elsewhere = str(ports.random_free((0,), ()))
        with started(tmp_path, "--port", elsewhere, "--state", "other") as other:
            answer = ask(tmp_path, "env")
            assert answer.stderr.startswith("several demos are running: choose one with --port ")
            assert other.stop(signal.SIGTERM) == 0
        assert demo.stop(signal.SIGTERM) == 0


@pytest.fixture
def occupied() -> Generator[int, None, None]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named_with_its_setting(tmp_path: Path, occupied: int) -> None:
    for answer in (
        ask(tmp_path, "--port", str(occupied)),
        ask(tmp_path, EXPLORE_HTTP_PORT=str(occupied)),
    ):
        assert answer.returncode == 2
        assert answer.stderr == (
            f"port {occupied} is in use (EXPLORE_HTTP_PORT): "
            "stop what listens there, or choose another with --port N\n"
        )


def test_a_broken_setting_is_named(tmp_path: Path) -> None:
    answer = ask(tmp_path, EXPLORE_HTTP_PORT="many")
    assert answer.returncode == 2
    assert answer.stderr == "EXPLORE_HTTP_PORT is no number in its range: use 0 to 65535\n"


def test_data_that_is_not_there_is_named(tmp_path: Path) -> None:
    answer = ask(tmp_path, "--data", "nowhere")
    assert answer.returncode == 2
    assert answer.stderr == "--data nowhere is no folder: name the folder with the data\n"


def test_given_engines_that_are_dead_are_named_before_any_starts(tmp_path: Path) -> None:
    nobody = "127.0.0.1:1"
    answer = ask(
        tmp_path,
        EXPLORE_POSTGRES_DSN=f"postgresql://explore@{nobody}/explore",
        EXPLORE_KAFKA_BOOTSTRAP=nobody,
        EXPLORE_OPENSEARCH_URL=f"http://{nobody}",
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == (
        "PostgreSQL (ConnectionRefusedError), Kafka (KafkaConnectionError) and "
        "OpenSearch (ConnectionError) do not answer: start them, or correct "
        "EXPLORE_POSTGRES_DSN, EXPLORE_KAFKA_BOOTSTRAP and EXPLORE_OPENSEARCH_URL\n"
    )


def test_a_folder_with_the_demo_world_takes_no_imported_data(tmp_path: Path) -> None:
    with started(tmp_path, "--port", str(ports.random_free((0,), ())), "--state", "s") as demo:
        assert demo.stop(signal.SIGTERM) == 0
    answer = ask(tmp_path, "--data", ".", "--state", "s")
    assert answer.returncode == 2
    assert answer.stderr.endswith(
        "/s holds the demo world: choose another folder with --state DIR\n"
    )


def test_kinds_of_engines_and_rates_are_told(tmp_path: Path) -> None:
    assert "(choose from 'embedded', 'real')" in ask(tmp_path, "--engines", "foo").stderr
    assert "a rate is a number from 0.1 to 1000" in ask(tmp_path, "--rate", "0").stderr


def test_a_token_is_printed_for_the_running_demo(tmp_path: Path) -> None:
    with started(tmp_path, "--ephemeral") as demo:
        answer = ask(tmp_path, "token", "--port", str(demo.port), "--viewer", "mira")
        assert answer.returncode == 0
        assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", answer.stdout, re.ASCII)
        assert demo.stop(signal.SIGTERM) == 0


def test_a_viewer_that_is_no_id_is_refused(tmp_path: Path) -> None:
    answer = ask(tmp_path, "token", "--viewer", "a b")
    assert answer.returncode == 2
    assert "an id has 1 to 64 characters of A-Z a-z 0-9 : _ . -" in answer.stderr
