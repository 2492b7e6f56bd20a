"""What every test can use: the engines, and a closed network for those that need none."""

pytest_plugins = (
    "tests.closed_sockets",
    "tests.demo_fixture",
    "tests.engines_fixture",
    "tests.leaks_fixture",
    "tests.postgres_fixture",
    "tests.redis_fixture",
    "tests.tracing_fixture",
)
