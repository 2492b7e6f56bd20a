"""Ids that keep the rule stay as they are; others get one that does, always the same."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identifiers import is_identifier
from importer.identifiers import handle_of, plain_name, source_of, usable_id


def test_a_bad_id_becomes_source_x_and_sixteen_digits_of_its_hash() -> None:
    raw = "tw:Daily News Egypt"
    assert usable_id(raw) == f"tw:x.{sha256(raw.encode()).hexdigest()[:16]}"
    assert usable_id("hn:boris1") == "hn:boris1"
    assert usable_id("no source") == f"import:x.{sha256(b'no source').hexdigest()[:16]}"


@settings(deadline=None)  # the first text pays for imports
@given(st.text())
def test_every_text_gets_an_id_that_keeps_the_rule(raw: str) -> None:
    assert is_identifier(usable_id(raw))


@pytest.mark.parametrize(
    ("raw", "source", "name"),
    [
        ("hn:boris1", "hn", "boris1"),
        ("se:beer:7", "se", "beer:7"),
        ("tw:Daily News", "tw", "Daily News"),
        ("plain", "", "plain"),
        ("tw:", "tw", "tw:"),
        ("not a source: x", "", "not a source: x"),
    ],
)
def test_a_name_is_what_follows_the_source(raw: str, source: str, name: str) -> None:
    assert source_of(raw) == source
    assert plain_name(raw) == name


def test_handles_differ_even_without_regard_to_case() -> None:
    taken: set[str] = set()
    digest = sha256(b"sn:k00b").hexdigest()[:6]
    assert handle_of("sn:K00b", taken) == "sn.K00b"
    assert handle_of("sn:k00b", taken) == f"sn.k00b.{digest}"
