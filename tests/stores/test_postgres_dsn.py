"""An address of PostgreSQL is judged before anything is connected; a secret is never repeated."""

import pytest

from runtime.setting_values import SettingError
from stores.postgres_dsn import check_dsn
from stores.postgres_pool import open_pool

SETTING = "EXPLORE_POSTGRES_REPLICA_DSN"


@pytest.mark.parametrize(
    ("dsn", "complaint"),
    [
        ("postgresql://u:hush@h/x?sslmode=bogus", "(`sslmode` parameter must be one of: disable"),
        ("postgresql:///x?host=/y&port=abc", "cannot be read: use postgresql://"),
        (
            "postgresql://h/x?sslmode=verify-full&sslrootcert=/nowhere",
            "file that cannot be",
        ),
        ("postgresql://u:hu/sh@h/x", "cannot be read: use postgresql://"),
        ("postgresql:///x?host=a,b&port=1,2,3", "(could not match 3 port numbers to 2 hosts)"),
        ("postgresql://h/x?target_session_attrs=some", "(target_session_attrs is expected to be"),
    ],
)
async def test_a_broken_address_is_named_by_its_setting(dsn: str, complaint: str) -> None:
    with pytest.raises(SettingError) as caught:
        await open_pool(dsn, timeout=1.0, setting=SETTING)
    assert str(caught.value).startswith(f"{SETTING} ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:p@h:5432/x?sslmode=disable",
        "postgres://h1,h2:5433/x?target_session_attrs=primary",
        "postgresql:///x?host=/run/postgresql",
    ],
)
def test_what_can_be_tried_is_let_through(dsn: str) -> None:
    check_dsn(dsn, SETTING)
