"""DateTime and URL: what is printed, what is taken, what is refused."""

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from schema.scalars import parse_instant, parse_url, print_instant, web_url
from tests.graphql.scripted import execute


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1970-01-01T00:00:00Z"),
        (1_795_000_000.0, "2026-11-18T11:06:40Z"),
        (1_795_000_000.25, "2026-11-18T11:06:40.250Z"),
        (1_795_000_000.9996, "2026-11-18T11:06:41Z"),
        (-1.5, "1969-12-31T23:59:58.500Z"),
    ],
)
def test_an_instant_is_printed_in_utc(seconds: float, text: str) -> None:
    assert print_instant(seconds) == text


@given(st.integers(min_value=-62_135_596_800_000, max_value=253_402_300_799_999))
def test_what_is_printed_reads_as_the_same_millisecond(milliseconds: int) -> None:
    assert round(parse_instant(print_instant(milliseconds / 1_000)) * 1_000) == milliseconds


@pytest.mark.parametrize(
    "text", ["2026-11-18T12:06:40+01:00", "2026-11-18t11:06:40z", "2026-11-18T11:06:40.000000Z"]
)
def test_all_ways_to_write_an_instant_are_taken(text: str) -> None:
    assert parse_instant(text) == 1_795_000_000.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-18",
        "2026-11-18T11:06:40",
        "2026-02-30T00:00:00Z",
        "2026-11-18T25:00:00Z",
        "2026-11-18T11:06:40+99:00",
        "2026-11-18T11:06:40Z\n",
        "٢٠٢٦-11-18T11:06:40Z",
        1_795_000_000,
        None,
    ],
)
def test_what_is_no_instant_is_refused(text: object) -> None:
    with pytest.raises(GraphQLError):
        parse_instant(text)


@pytest.mark.parametrize("text", ["https://a.example/x?y=1#z", "http://[::1]:8000/", "HTTP://A.B"])
def test_a_web_address_is_taken(text: str) -> None:
    assert parse_url(text) == text
    assert web_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "//a.example",
        "https:///x",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://a.example/a b",
        "https://a.example/\n",
        "https://[::1",
        "https://a.example/" + "x" * 2_048,
        7,
    ],
)
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(GraphQLError, match="Not an absolute https or http URL"):
        parse_url(text)


@pytest.mark.parametrize("value", ['"yesterday"', "7", '"2026-13-01T00:00:00Z"'])
async def test_a_malformed_instant_reaches_no_use_case(value: str) -> None:
    answer = await execute(
        f'{{ search(query: "x", filter: {{since: {value}}}) {{ totalCount }} }}'
    )
    assert answer.data is None
    assert len(answer.errors) == 1
    assert answer.calls == []
