"""Texts of the environment as checked values; every mistake names its setting and the remedy."""

import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar
from urllib.parse import urlsplit

from runtime.start import CannotStart

E = TypeVar("E", bound=StrEnum)
LARGEST_PORT = 65_535
LONGEST_WAIT = 600_000  # milliseconds
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingError(CannotStart):
    """A setting that is missing or cannot be read. Its value is not repeated: it may be secret."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name} {problem}", remedy)
        self.name = name


class Values:
    """Reads one environment; an empty text counts as not given."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def require(self, name: str) -> None:
        if not self.text(name):
            raise SettingError(name, "is not set", "it has no default, give it a value")

    def text(self, name: str, default: str = "") -> str:
        value = self._environment.get(name, "").strip() or default
        if not value.isprintable():
            raise SettingError(name, "has a control character", "give plain text on one line")
        return value

    def listed(self, name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in self.text(name).split(","))
        return tuple(part for part in parts if part)

    def choice(self, name: str, default: E) -> E:
        """One of the texts of the default's enumeration."""
        choices = type(default)
        value = self.text(name, default)
        try:
            return choices(value)
        except ValueError:
            allowed = " or ".join(f'"{choice}"' for choice in choices)
            raise SettingError(name, "is none of its values", f"use {allowed}") from None

    def whole(self, name: str, default: int, largest: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and int(value[:12]) <= largest):
            raise SettingError(name, "is no number in its range", f"use 0 to {largest}")
        return int(value)

    def port(self, name: str, default: int) -> int:
        return self.whole(name, default, LARGEST_PORT)

    def milliseconds(self, name: str, default: int) -> float:
        """In seconds."""
        return self.whole(name, default, LONGEST_WAIT) / 1_000

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and (parts.port is None or parts.port > 0)
            usable = usable and bool(parts.netloc or parts.query)  # a DSN may name a socket
        except ValueError:
            usable = False
        if not usable:
            raise SettingError(name, "is not a usable address", f"begin it with {schemes[0]}://")
        return value

    def file_or_url(self, name: str) -> str:
        """A path, or an address of http or https."""
        value = self.text(name)
        return self.url(name, ("https", "http")) if "://" in value else value

    def addresses(self, name: str) -> str:
        """`host:port`, several of them separated by commas."""
        for address in self.listed(name):
            host, _, port = address.rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port[:6]) <= LARGEST_PORT:
                raise SettingError(name, "is not a list of addresses", "use host:port,host:port")
        return ",".join(self.listed(name))

    def hosts(self, name: str) -> tuple[str, ...]:
        """Names or addresses in lower case, each with or without a port."""
        hosts = tuple(part.lower() for part in self.listed(name))
        if not all(map(_is_host, hosts)):
            remedy = "use names or addresses, such as img.example,127.0.0.1:8080"
            raise SettingError(name, "is not a list of hosts", remedy)
        return hosts

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        try:
            return tuple(ip_network(part) for part in self.listed(name))
        except ValueError:
            remedy = "use addresses or networks, such as 10.0.0.1,192.168.0.0/16"
            raise SettingError(name, "is not a list of addresses", remedy) from None

    def origins(self, name: str) -> tuple[str, ...]:
        for origin in self.listed(name):
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
                remedy = "use origins without a path, such as https://explore.example"
                raise SettingError(name, "is not a list of origins", remedy)
        return self.listed(name)

    def log_level(self, name: str) -> str:
        value = self.text(name, "info").lower()
        if value not in LOG_LEVELS:
            raise SettingError(name, "is no level", f"use one of {', '.join(LOG_LEVELS)}")
        return value


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"//{text}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    name = parts.hostname or ""
    if ":" in name:
        return text == f"[{name}]{port}"
    return HOST_NAME.fullmatch(name) is not None and text == f"{name}{port}"
