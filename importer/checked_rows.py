"""The good rows of a file, one by one; bad ones are reported with their line and why."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from importer.files import ImportFile, Kind
from importer.reading import BadRow, Report, read_lines
from importer.rows import FollowRow, InteractionRow, ObservationRow, PostRow, Row, UserRow
from importer.tables import read_table

LATEST: Final = 4_102_444_800.0  # 2100-01-01: later times are mistakes
NUL: Final = b"\\u0000"  # as JSON writes it
INTERACTION_TYPES: Final = ("comment", "answer", "bookmark", "upvote", "downvote")


def read_rows(file: ImportFile, report: Report) -> Iterator[tuple[int, Row]]:
    """Numbered good rows; each bad one is reported with its line and why."""
    rows = _posts(file, report) if file.kind is Kind.POSTS else _table(file, report)
    for number, make in rows:
        try:
            row = make()
        except (BadRow, msgspec.DecodeError, UnicodeDecodeError) as failure:
            report(file.path, number, str(failure))
        else:
            yield number, row


def _posts(file: ImportFile, report: Report) -> Iterator[tuple[int, Callable[[], Row]]]:
    decoder = msgspec.json.Decoder(PostRow)
    for number, line in read_lines(file.path, report):
        if line.strip():
            yield number, lambda line=line: _checked(decoder.decode(line), line)


def _checked(row: PostRow, line: bytes) -> PostRow:
    if NUL in line:
        raise BadRow("has a NUL character, which no store keeps")
    if not row.id:
        raise BadRow("the id is empty")
    if not (row.title or "").strip() and not (row.text or "").strip():
        raise BadRow("has neither a title nor a text")
    if not row.author and not row.tags:
        raise BadRow("has neither an author nor a tag to name one by")
    _within_reason(row.created_at.timestamp())
    return row


def _table(file: ImportFile, report: Report) -> Iterator[tuple[int, Callable[[], Row]]]:
    make, columns = _TABLES[file.kind]
    for number, fields in read_table(file.path, columns, report):
        yield number, lambda fields=fields: make(fields)


def _user(fields: Mapping[str, str]) -> UserRow:
    return UserRow(
        user_id=_text(fields, "user_id"),
        name=fields.get("name", "").strip(),
        followers=_count(fields, "followers"),
    )


def _follow(fields: Mapping[str, str]) -> FollowRow:
    return FollowRow(
        _time(fields, "t"), _text(fields, "follower_id"), _text(fields, "followee_id")
    )


def _interaction(fields: Mapping[str, str]) -> InteractionRow:
    if fields["type"] not in INTERACTION_TYPES:
        raise BadRow(f"type is none of {', '.join(INTERACTION_TYPES)}")
    at = _time(fields, "t" if "t" in fields else "at")
    return InteractionRow(at, fields["user_id"], _text(fields, "post_id"), fields["type"])


def _observation(fields: Mapping[str, str]) -> ObservationRow:
    return ObservationRow(
        at=_time(fields, "t"),
        post_id=_text(fields, "post_id"),
        region=fields.get("region", ""),
        likes=_count(fields, "likes"),
        comments=_count(fields, "comments"),
        views=_count(fields, "views"),
    )


_TABLES: Final[Mapping[Kind, tuple[Callable[[Mapping[str, str]], Row], tuple[str, ...]]]] = {
    Kind.USERS: (_user, ("user_id",)),
    Kind.FOLLOWS: (_follow, ("t", "follower_id", "followee_id")),
    Kind.INTERACTIONS: (_interaction, ("user_id", "post_id", "type")),
    Kind.OBSERVATIONS: (_observation, ("t", "post_id")),
}


def _text(fields: Mapping[str, str], name: str) -> str:
    value = fields[name]
    if not value:
        raise BadRow(f"{name} is empty")
    return value


def _count(fields: Mapping[str, str], name: str) -> int | None:
    value = fields.get(name, "")
    if not value:
        return None
    try:
        number = int(value)
    except ValueError:
        raise BadRow(f"{name} is not a whole number") from None
    if abs(number) > 2**53:
        raise BadRow(f"{name} is too large")
    return number


def _time(fields: Mapping[str, str], name: str) -> float:
    """Epoch seconds, or a date or time of RFC 3339; UTC where no zone is given."""
    value = fields.get(name, "")
    try:
        if value.isascii() and value.replace(".", "", 1).isdigit():
            at = float(value)
        else:
            moment = datetime.fromisoformat(value)
            at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise BadRow(f"{name} is not a time") from None
    _within_reason(at)
    return at


def _within_reason(at: float) -> None:
    if not 0.0 <= at < LATEST:
        raise BadRow("the time lies outside 1970 to 2100")
