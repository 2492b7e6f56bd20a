"""The two custom scalars, over the values that the code uses: epoch seconds and texts."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", float)
"""Epoch seconds, UTC."""
URL = NewType("URL", str)

MAX_INT: Final = 2**31 - 1
MAX_URL_CHARS: Final = 2_048
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_WEB_URL = re.compile(  # one pattern and no parsing: a page has some fifty of them
    r"https?://([^\s/?#@\[\]]+@)?(\[[0-9a-f:.]+\]|[^\s/?#@\[\]:]+)(:\d{1,5})?([/?#]\S*)?",
    re.ASCII | re.IGNORECASE,
)


def scalars() -> Mapping[object, ScalarDefinition]:
    """What `StrawberryConfig.scalar_map` takes."""
    return {
        DateTime: strawberry.scalar(
            name="DateTime",
            description="An RFC 3339 instant in UTC, for example `2026-11-22T12:00:00Z`.",
            specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
            serialize=print_instant,
            parse_value=parse_instant,
        ),
        URL: strawberry.scalar(
            name="URL",
            description="An absolute https or http URL.",
            specified_by_url="https://url.spec.whatwg.org/",
            serialize=str,
            parse_value=parse_url,
        ),
    }


def print_instant(seconds: float) -> str:
    """RFC 3339 in UTC; milliseconds only where there are some."""
    milliseconds = round(seconds * 1_000)
    moment = datetime.fromtimestamp(milliseconds // 1_000, UTC).replace(tzinfo=None)
    fraction = f".{milliseconds % 1_000:03d}" if milliseconds % 1_000 else ""
    return f"{moment.isoformat(timespec='seconds')}{fraction}Z"


def parse_instant(text: object) -> float:
    """Epoch seconds of an RFC 3339 text with an offset.

    Raises:
        GraphQLError: the text is not one, or names no day or time of the calendar.

    """
    if isinstance(text, str) and _INSTANT.fullmatch(text) is not None:
        with suppress(ValueError):  # the thirtieth of February
            return datetime.fromisoformat(text.upper()).timestamp()
    # The library's own error: any other one would be taken for a fault of ours.
    msg = "Not an RFC 3339 instant such as 2026-11-22T12:00:00Z."
    raise GraphQLError(msg)


def parse_url(text: object) -> str:
    """The text itself, if it is an absolute URL of the web.

    Raises:
        GraphQLError: it is not one.

    """
    if not isinstance(text, str) or not _is_web_url(text):
        msg = "Not an absolute https or http URL."
        raise GraphQLError(msg)
    return text


def web_url(text: str | None) -> URL | None:
    """What upstream gave as a URL, if a page can link to it safely; None for anything else."""
    return URL(text) if text is not None and _is_web_url(text) else None


def bounded_int(number: int) -> int:
    """A count that `Int` can carry: beyond 2**31 - 1 the list that holds it would become null."""
    return min(number, MAX_INT)


def _is_web_url(text: str) -> bool:
    return (
        len(text) <= MAX_URL_CHARS and text.isprintable() and _WEB_URL.fullmatch(text) is not None
    )
