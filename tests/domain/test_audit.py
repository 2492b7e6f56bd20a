"""A chain of decisions holds, and every kind of tampering with it is named."""

from collections.abc import Sequence
from dataclasses import replace

from domain.audit import FIRST, ChainCheck, ChainHead, Link, link_hash


def chain(length: int) -> list[Link]:
    links: list[Link] = []
    for position in range(1, length + 1):
        link = Link(
            position=position,
            id=position * 10,
            post_id=f"p{position}",
            at=1_700_000_000_000_000 + position,
            actor="mo",
            decision="REJECT",
            reason="späm",
            note=None,
            previous=links[-1].hash if links else FIRST,
            hash=b"",
        )
        links.append(replace(link, hash=link_hash(link)))
    return links


def problems(
    links: Sequence[Link], *, head: ChainHead | None = None, known: bytes | None = None
) -> list[str]:
    whole = chain(4)
    check = ChainCheck(known)
    found = [*check.follow(links)]
    found += check.end(head or ChainHead(4, whole[-1].hash))
    return [one.text for one in found]


def test_what_was_recorded_holds() -> None:
    assert problems(chain(4)) == []
    assert problems(chain(4), known=chain(2)[-1].hash) == []
    assert problems([], head=ChainHead(0, FIRST), known=FIRST) == []


def test_a_changed_field_is_named_by_its_row() -> None:
    for change in ({"actor": "max"}, {"at": 1}, {"reason": None}, {"note": ""}, {"post_id": "p"}):
        links = chain(4)
        links[1] = replace(links[1], **change)
        name = f"(row 20, post {links[1].post_id})"
        assert problems(links) == [f"position 2 {name}: its content is not what was recorded"]


def test_a_row_made_to_fit_itself_breaks_the_next_one() -> None:
    links = chain(4)
    forged = replace(links[1], decision="APPROVE")
    links[1] = replace(forged, hash=link_hash(forged))
    assert problems(links) == [
        "position 3 (row 30, post p3): it does not follow from the row before"
    ]


def test_missing_rows_are_named() -> None:
    links = chain(4)
    assert problems([links[0], links[2], links[3]]) == [
        "position 2: the row is missing",
        "position 3 (row 30, post p3): it does not follow from the row before",
    ]
    assert problems(links[:2]) == ["position 3: the rows up to position 4 are missing"]
    assert problems([]) == ["position 1: the rows up to position 4 are missing"]


def test_a_chain_made_anew_is_told_by_a_head_known_from_before() -> None:
    links = chain(4)
    assert problems(links, known=b"\1" * 32) == [
        "position 4: the head known from before is no link: all was rewritten"
    ]
    assert problems(links, head=ChainHead(3, links[2].hash)) == [
        "position 4: the chain's own row names another end"
    ]


def test_without_its_own_row_the_end_is_unknown() -> None:
    check = ChainCheck()
    assert list(check.follow(chain(1))) == []
    assert [one.problem for one in check.end(None)] == ["the chain's own row is gone"]
