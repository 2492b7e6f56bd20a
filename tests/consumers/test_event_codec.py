"""Events as bytes: every topic both ways, and what is unreadable."""

from datetime import UTC, datetime

import pytest

from domain.events import (
    Action,
    Attribution,
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    HashtagTrending,
    ModerationResult,
    NotInterestedReason,
    PostIngested,
    PostViral,
    UserBlocked,
    UserFollowed,
    UserInteraction,
    UserUpdated,
    seconds,
)
from domain.topics import (
    ENGAGEMENT_UPDATED,
    HASHTAG_TRENDING,
    MODERATION_RESULT,
    POST_INGESTED,
    TOPICS,
    USER_UPDATED,
)
from stores.event_codec import EventCodec, Unreadable

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EVENTS: list[Event] = [
    PostIngested(
        post_id="p1",
        author_id="ann",
        content="Grüße\u0000 🐈",
        created_at=1_790_000_000_123,
        title="t",
        tags=["#Cats"],
        media_urls=["https://x.example/1.png"],
        language="de",
        region="DE",
        url="https://x.example",
        nsfw=False,
        categories=[CategoryGuess(slug="pets", confidence=0.25)],
        deleted=True,
    ),
    EngagementUpdated(
        post_id="p1",
        type=EngagementType.LIKE,
        delta=-1,
        timestamp=1_790_000_000_123.5,
        user_id="u:1",
        event_id=">i:3:17",
        region="DE",
    ),
    UserInteraction(
        event_id="e1",
        user_id="u1",
        action=Action.NOT_INTERESTED,
        timestamp=NOON,
        post_id="p1",
        duration_ms=5_001,
        because=NotInterestedReason.TOPIC,
        attribution=Attribution(request_id="r", position=3, surface="explore", served_at=NOON),
    ),
    UserUpdated(user_id="ann", handle="Ann", display_name="Ann", follower_count=3),
    UserFollowed(user_id="u1", target_id="ann", active=True, timestamp=1),
    UserBlocked(user_id="u1", target_id="ann", active=False, timestamp=1),
    ModerationResult(
        post_id="p1",
        decision=Decision.SHADOW_BAN,
        source="human:mo",
        timestamp=NOON,
        spam_score=0.5,
        models={"spam": "v1"},
    ),
    HashtagTrending(
        hashtag="cats",
        post_count=3,
        people=4,
        velocity=4.0,
        lift=2.5,
        window_start=NOON,
        window_end=NOON,
    ),
    PostViral(post_id="p1", score=51.5, window="HOUR", crossed_at=NOON),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_the_way_through_kafka(event: Event) -> None:
    codec = EventCodec()
    topic, key, value = codec.encode(event)
    assert codec.decode(topic, value) == event
    names = {known.name: known.key_field for known in TOPICS}
    assert key.decode() == getattr(event, names[topic] or "")


def test_every_topic_with_events_is_covered() -> None:
    covered = {type(event) for event in EVENTS}
    assert covered == {topic.event for topic in TOPICS if topic.event is not None}


def test_names_are_camel_case_and_defaults_are_left_out() -> None:
    event = EngagementUpdated(post_id="p", type=EngagementType.VIEW, delta=1, timestamp=5)
    encoded = EventCodec().encode(event)
    assert encoded == (
        ENGAGEMENT_UPDATED.name,
        b"p",
        b'{"postId":"p","type":"VIEW","delta":1,"timestamp":5}',
    )


def engagement(**changes: str) -> bytes:
    fields = {"postId": '"p"', "type": '"LIKE"', "delta": "1", "timestamp": "5"} | changes
    return ("{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}").encode()


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("1790000000123", 1_790_000_000.123),
        ("1790000000123.5", 1_790_000_000.1235),
        ('"2026-05-01T12:00:00Z"', NOON.timestamp()),
        ('"2026-05-01T14:00:00.5+02:00"', NOON.timestamp() + 0.5),
    ],
)
def test_times_are_epoch_milliseconds_or_rfc_3339(stated: str, expected: float) -> None:
    event = EventCodec().decode(ENGAGEMENT_UPDATED.name, engagement(timestamp=stated))
    assert isinstance(event, EngagementUpdated)
    assert seconds(event.timestamp) == expected


@pytest.mark.parametrize("delta", ["3.0", "3e0", "0.3e1"])
def test_a_whole_number_may_be_written_as_a_fraction(delta: str) -> None:
    event = EventCodec().decode(ENGAGEMENT_UPDATED.name, engagement(delta=delta))
    assert isinstance(event, EngagementUpdated)
    assert (event.delta, type(event.delta)) == (3, int)


@pytest.mark.parametrize("delta", ["1e30", "1e999", "-0.5", "3.00001"])
def test_what_is_not_whole_or_not_exact_is_unreadable(delta: str) -> None:
    with pytest.raises(Unreadable, match=r"\$\.delta"):
        EventCodec().decode(ENGAGEMENT_UPDATED.name, engagement(delta=delta))


def test_what_is_optional_may_be_null() -> None:
    codec = EventCodec()
    told = b'{"postId":"p","authorId":"a","content":"","createdAt":1,"deleted":null,"nsfw":null}'
    post = codec.decode(POST_INGESTED.name, told)
    assert isinstance(post, PostIngested)
    assert not post.deleted
    told = b'{"userId":"u","handle":"h","displayName":"d","deleted":null,"followerCount":2.0}'
    user = codec.decode(USER_UPDATED.name, told)
    assert isinstance(user, UserUpdated)
    assert (user.deleted, user.follower_count) == (None, 2)


@pytest.mark.parametrize("models", ['["spam-1"]', '"spam-1"', '{"spam":{"version":1.5}}', "null"])
def test_models_may_have_any_shape(models: str) -> None:
    told = '{"postId":"p","decision":"NONE","source":"s","timestamp":5,"models":%s}'
    found = EventCodec().decode(MODERATION_RESULT.name, (told % models).encode())
    assert isinstance(found, ModerationResult)


def test_unknown_fields_are_ignored_and_of_duplicates_the_last_holds() -> None:
    value = b'{"x":[{}],"postId":"a","postId":"b","type":"LIKE","delta":1,"timestamp":5,'
    value += b'"delta":-1}'
    event = EventCodec().decode(ENGAGEMENT_UPDATED.name, value)
    assert isinstance(event, EngagementUpdated)
    assert (event.post_id, event.delta) == ("b", -1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"[" * 200_000,
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        engagement(postId="7"),
        engagement(postId='""'),
        engagement(postId='"a b"'),
        engagement(postId='"a\\n"'),
        engagement(postId='"' + "a" * 65 + '"'),
        engagement(postId='"\\ud800"'),
        engagement(type='"NOPE"'),
        engagement(delta="1.5"),
        engagement(delta="true"),
        engagement(delta='"1"'),
        engagement(timestamp='"2026-05-01T12:00:00"'),
        engagement(timestamp='"yesterday"'),
        engagement(timestamp="1e999"),
        engagement(timestamp="9" * 400),
        engagement(timestamp="null"),
        engagement(userId='"u/1"'),
        b'{"postId":"p","type":"LIKE","delta":1}',
    ],
)
def test_what_is_missing_or_ill_typed_is_unreadable(value: bytes | None) -> None:
    with pytest.raises(Unreadable):
        EventCodec().decode(ENGAGEMENT_UPDATED.name, value)


def test_a_category_is_told_with_its_confidence() -> None:
    codec = EventCodec()
    told = '{"postId":"p","decision":"NONE","source":"s","timestamp":5,"categories":[%s]}'
    with pytest.raises(Unreadable, match=r"\$\.categories"):
        codec.decode(MODERATION_RESULT.name, (told % '{"slug":"pets"}').encode())
    certain = told % '{"slug":"pets","confidence":1.0}'
    event = codec.decode(MODERATION_RESULT.name, certain.encode())
    assert codec.encode(event)[2] == certain.encode()


def test_the_reason_repeats_nothing_of_what_people_wrote() -> None:
    with pytest.raises(Unreadable) as caught:
        EventCodec().decode(ENGAGEMENT_UPDATED.name, engagement(type='"my secret"'))
    assert str(caught.value) == "$.type"


def test_a_text_beyond_its_bound_is_unreadable() -> None:
    long = b'{"postId":"p","authorId":"a","createdAt":1,"content":"' + b"x" * 1_000_001 + b'"}'
    with pytest.raises(Unreadable, match=r"\$\.content"):
        EventCodec().decode(POST_INGESTED.name, long)


def test_each_topic_carries_its_own_events() -> None:
    codec = EventCodec()
    with pytest.raises(Unreadable):
        codec.decode(HASHTAG_TRENDING.name, engagement())
