"""Addresses of PostgreSQL, read before they are used: a pool reads its own at the first call."""

import ssl

import asyncpg
from asyncpg.connect_utils import (
    _parse_connect_dsn_and_args,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - the only way to read one without connecting
)

from runtime.setting_values import SettingError

FORM = "use postgresql://user:password@host/name"


def check_dsn(dsn: str, setting: str) -> None:
    """Return if a connection could be tried.

    Raises:
        SettingError: the address cannot be read; it names the setting that gave it.

    """
    try:
        _parse_connect_dsn_and_args(
            dsn=dsn,
            host=None,
            port=None,
            user=None,
            password=None,
            passfile=None,
            database=None,
            ssl=None,
            service=None,
            servicefile=None,
            direct_tls=None,
            server_settings=None,
            target_session_attrs=None,
            krbsrvname=None,
            gsslib=None,
        )
    except asyncpg.ClientConfigurationError as error:
        reason = str(error).partition("\n")[0]
        raise SettingError(setting, f"cannot be used ({reason})", FORM) from None
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or type(error).__name__
        raise SettingError(setting, f"names a file that cannot be used ({reason})", FORM) from None
    except ValueError:  # its text may repeat a part of the password
        raise SettingError(setting, "cannot be read", FORM) from None
