"""Which status codes and media types an answer has: the two editions of GraphQL over HTTP.

The published edition (September 2026) says 422 for what cannot be executed and 294 for partial
data; the older text, which test suites and many clients encode, says 400 and 200, and 200 for
everything under `application/json`.
"""

from dataclasses import dataclass
from typing import Final

from runtime.settings import HttpProfile

GRAPHQL_JSON: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
OFFERED: Final = (JSON, GRAPHQL_JSON, EVENT_STREAM)
MAX_ACCEPT: Final = 1_000  # characters looked at


@dataclass(frozen=True, slots=True)
class StatusProfile:
    invalid: int  # a well-formed request that cannot be executed
    partial: int  # data with errors
    json_is_always_200: bool  # under application/json, once the request itself was understood


LEGACY: Final = StatusProfile(invalid=400, partial=200, json_is_always_200=True)
SEPTEMBER_2026: Final = StatusProfile(invalid=422, partial=294, json_is_always_200=False)


def status_profile(profile: HttpProfile) -> StatusProfile:
    return LEGACY if profile is HttpProfile.LEGACY else SEPTEMBER_2026


def preferred_media_type(accept: str | None) -> str | None:
    """The best of our types for an `Accept` header; None where none is acceptable."""
    if not accept or not accept.strip():
        return JSON
    best, best_quality = None, 0.0
    for part in accept[:MAX_ACCEPT].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        offered = JSON if name in ("*/*", "application/*") else name
        quality = _quality(parameters)
        if offered in OFFERED and quality > best_quality:
            best, best_quality = offered, quality
    return best


def _quality(parameters: list[str]) -> float:
    given = [parameter[2:] for parameter in parameters if parameter.startswith("q=")]
    try:
        return float(given[0]) if given else 1.0
    except ValueError:
        return 0.0
