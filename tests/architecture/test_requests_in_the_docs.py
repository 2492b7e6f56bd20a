"""Every request that the documentation tells readers to send is one that the service takes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest
from graphql import build_schema, parse, validate

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BODY: Final = re.compile(r"-d '([^']*)'")


class Body(msgspec.Struct):
    query: str


def bodies() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, found in enumerate(BODY.findall(page.read_text()), 1):
            yield f"{page.name}:{number}", found


@pytest.mark.parametrize(("place", "body"), list(bodies()))
def test_a_request_is_json_and_fits_the_schema(place: str, body: str) -> None:
    schema = build_schema((ROOT / "schema/schema.graphql").read_text())
    query = msgspec.json.decode(body, type=Body).query
    assert validate(schema, parse(query)) == [], place


def test_there_are_requests_to_look_at() -> None:
    assert len(list(bodies())) >= 3
