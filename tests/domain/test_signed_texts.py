"""Cursors and tokens: no forgery, no reuse elsewhere, rotation of secrets."""

import random
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from domain.cursors import KeysetCursors, SessionCursor, SessionCursors, scope_of
from domain.errors import MalformedCursor, TokenExpired, TokenInvalid
from domain.signatures import Signer
from domain.tokens import Impression, ImpressionTokens

OLD, NEW = "o" * 32, "n" * 32
SESSION = "00112233445566778899aabbccddeeff"
CURSOR = SessionCursor(SESSION, 20)
SCOPE = scope_of("explore", {"region": "US", "first": 20}, "user-1")
NOW = 1_800_000_000.0
IMPRESSION = Impression("user-1", "post-1", "request-1", 3, "explore", NOW)

cursors = SessionCursors([NEW])
tokens = ImpressionTokens([NEW])


def mutations(text: str) -> list[str]:
    """Every flipped bit of what is signed, and ten thousand random edits of the text."""
    raw = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    mutated: list[str] = []
    for bit in range(8 * len(raw)):
        raw[bit // 8] ^= 1 << bit % 8
        mutated.append(urlsafe_b64encode(raw).rstrip(b"=").decode())
        raw[bit // 8] ^= 1 << bit % 8
    draw = random.Random(5)
    alphabet = string.printable + "é\0\udc80漢"
    for _ in range(10_000):
        chars = list(text)
        at = draw.randrange(len(chars))
        match draw.randrange(4):
            case 0:
                chars[at] = draw.choice(alphabet)
            case 1:
                chars.insert(at, draw.choice(alphabet))
            case 2:
                del chars[at]
            case _:
                other = draw.randrange(len(chars))
                chars[at], chars[other] = chars[other], chars[at]
        mutated.append("".join(chars))
    mutated += ["", "=", text + "==", "A" * len(text), "A" * 3_000_000]
    return [other for other in mutated if other != text]


def refused(text: str, scope: bytes = SCOPE, codec: SessionCursors = cursors) -> bool:
    try:
        codec.decode(text, scope)
    except MalformedCursor:
        return True
    return False


def test_cursors_come_back() -> None:
    for offset in (0, 1, 20, 2**32 - 1):
        cursor = SessionCursor(SESSION, offset)
        text = cursors.encode(cursor, SCOPE)
        assert cursors.decode(text, SCOPE) == cursor
        assert cursors.session_of(text) == SESSION
    assert len(cursors.encode(CURSOR, SCOPE)) == 59


def test_no_mutation_of_a_cursor_is_accepted() -> None:
    text = cursors.encode(CURSOR, SCOPE)
    accepted = [other for other in mutations(text) if not refused(other)]
    assert accepted == []
    assert cursors.session_of("A" * 59) is None


@pytest.mark.parametrize(
    "scope",
    [
        scope_of("trending", {"region": "US"}, "user-1"),
        scope_of("explore", {"region": "DE"}, "user-1"),
        scope_of("explore", {"region": None}, "user-1"),
        scope_of("explore", {"region": "US"}, "user-2"),
        scope_of("explore", {"region": "US"}, None),
    ],
)
def test_a_cursor_is_bound_to_operation_arguments_and_viewer(scope: bytes) -> None:
    assert refused(cursors.encode(CURSOR, SCOPE), scope)


def test_the_page_size_may_change() -> None:
    assert scope_of("explore", {"first": 5, "after": "x", "region": "US"}, "user-1") == SCOPE


def test_secrets_rotate() -> None:
    before = SessionCursors([OLD]).encode(CURSOR, SCOPE)
    assert refused(before)
    assert SessionCursors([NEW, OLD]).decode(before, SCOPE) == CURSOR
    assert SessionCursors([NEW, OLD]).encode(CURSOR, SCOPE) == cursors.encode(CURSOR, SCOPE)
    for wrong in ([], [""], [NEW, ""]):
        with pytest.raises(ValueError, match="secret"):
            Signer(wrong, "anything")


def test_keyset_cursors_carry_a_key_and_nothing_else() -> None:
    keyset = KeysetCursors([NEW])
    text = keyset.encode((NOW, "post-1"), SCOPE)
    assert keyset.decode(text, SCOPE, tuple[float, str]) == (NOW, "post-1")
    with pytest.raises(MalformedCursor):
        keyset.decode(text, scope_of("other", {}, None), tuple[float, str])
    with pytest.raises(MalformedCursor):
        keyset.decode(text, SCOPE, tuple[int, int, int])
    with pytest.raises(MalformedCursor):
        keyset.decode(cursors.encode(CURSOR, SCOPE), SCOPE, tuple[float, str])
    assert refused(text)


def test_tokens_come_back_to_their_own_viewer_for_24_hours() -> None:
    token = tokens.issue(IMPRESSION)
    assert tokens.read(token, viewer="user-1", post="post-1", now=NOW + 86_400.0) == IMPRESSION
    assert len(token) < 100
    with pytest.raises(TokenExpired):
        tokens.read(token, viewer="user-1", post="post-1", now=NOW + 86_401.0)
    for viewer, post in (("user-2", "post-1"), (None, "post-1"), ("user-1", "post-2")):
        with pytest.raises(TokenInvalid):
            tokens.read(token, viewer=viewer, post=post, now=NOW)
    with pytest.raises(TokenInvalid):
        tokens.read(token, viewer="user-1", post="post-1", now=NOW - 61.0)


def test_no_mutation_of_a_token_is_accepted() -> None:
    accepted: list[str] = []
    for other in mutations(tokens.issue(IMPRESSION)):
        try:
            tokens.read(other, viewer="user-1", post="post-1", now=NOW)
        except TokenInvalid:
            continue
        accepted.append(other)
    assert accepted == []


def test_a_cursor_is_no_token_though_the_secret_is_the_same() -> None:
    for text in (cursors.encode(CURSOR, SCOPE), KeysetCursors([NEW]).encode((1,), SCOPE)):
        with pytest.raises(TokenInvalid):
            tokens.read(text, viewer="user-1", post="post-1", now=NOW)
    foreign = Signer([NEW], "explore.impression").sign(b"\x01")
    with pytest.raises(TokenInvalid):
        tokens.read(foreign, viewer="user-1", post="post-1", now=NOW)
