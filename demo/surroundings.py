"""The settings of a demo's processes, apart from its engines."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from demo import ports
from demo.options import Options
from demo.private_files import write_privately
from demo.signing_key import ensure_key
from runtime.setting_values import SettingError
from runtime.settings import ENGINES, load_settings
from runtime.start import CannotStart
from server import binding
from server.binding import bind
from server.signing_keys import check_file

PREFIX: Final = "EXPLORE_"
ISSUER: Final = "explore-demo"
AUDIENCE: Final = "explore"
SECRET_FILE: Final = "secret"  # noqa: S105 - a file's name
# Nobody sends requests for a while after the end, as balancers do.
OWN_DEFAULTS: Final = {"EXPLORE_ENVIRONMENT": "development", "EXPLORE_DRAIN_MS": "0"}
MOST_DRAIN: Final = 1.0  # seconds; all of a demo has to stop within ten
STATIC_LISTS: Final = "static-lists.msgpack"


class PortInUse(CannotStart):
    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} is in use (EXPLORE_HTTP_PORT)",
            "stop what listens there, or choose another with --port N",
        )


def given_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's own settings, checked.

    Raises:
        SettingError: one is broken, or asks for what a demo cannot do.

    """
    given = {
        name: value for name, value in environment.items() if name.startswith(PREFIX) and value
    }
    settings = load_settings(
        {"EXPLORE_ENVIRONMENT": "development", "EXPLORE_DRAIN_MS": "0"} | given
    )
    check_file(settings.jwks)
    if settings.drain > MOST_DRAIN:
        remedy = f"use at most {MOST_DRAIN * 1_000:g} here, or leave it out"
        raise SettingError("EXPLORE_DRAIN_MS", "is longer than a demo may take to stop", remedy)
    return given


def api_address(options: Options, given: Mapping[str, str]) -> tuple[str, int]:
    """Host and port of the API: of the command line, else of the setting, else 8000.

    Raises:
        PortInUse: something listens there.
        CannotStart: it cannot be listened on for another reason.

    """
    settings = load_settings({**OWN_DEFAULTS, **given})
    port = options.port or settings.http_port
    any_port = options.ephemeral and options.port is None and "EXPLORE_HTTP_PORT" not in given
    if any_port or not port:
        port = ports.random_free((0,), ())
    try:
        bind(settings.http_host, port).close()
    except binding.PortInUse:
        raise PortInUse(port) from None
    return settings.http_host, port


def own_settings(
    host: str, port: int, given: Mapping[str, str], state: Path
) -> tuple[dict[str, str], Path | None]:
    """All settings but the engines', and the key that signs tokens; None: it is not ours."""
    own = {
        **OWN_DEFAULTS,
        "EXPLORE_HTTP_HOST": host,
        "EXPLORE_HTTP_PORT": str(port),
        "EXPLORE_SECRET": _secret(state),
        "EXPLORE_JWT_ISSUER": ISSUER,
        "EXPLORE_JWT_AUDIENCE": AUDIENCE,
        "EXPLORE_STATIC_LISTS": str(state / STATIC_LISTS),
    }
    key = None
    if "EXPLORE_JWKS" not in given:
        key, jwks = ensure_key(state)
        own["EXPLORE_JWKS"] = str(jwks)
        own["EXPLORE_DEMO_SIGNING_KEY"] = str(key)
    others = {name: value for name, value in given.items() if name not in ENGINES}
    return own | others | {"EXPLORE_HTTP_PORT": str(port)}, key


def _secret(state: Path) -> str:
    """Kept, so that cursors and impression tokens survive a restart."""
    file = state / SECRET_FILE
    if not file.exists():
        write_privately(file, secrets.token_hex(32).encode())
    return file.read_text()
