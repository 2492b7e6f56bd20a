"""Rows become the events that their services would have published, and totals come out right."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from domain.events import (
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    ModerationResult,
    PostIngested,
    UserFollowed,
    UserUpdated,
)
from importer.events import Storyteller
from importer.files import digest_of, find_files
from importer.survey import take_survey
from importer.timeline import Calendar, facts
from tests.importer.folders import post_line, write_lines

LIKE, COMMENT, VIEW, SAVE = (
    EngagementType.LIKE,
    EngagementType.COMMENT,
    EngagementType.VIEW,
    EngagementType.SAVE,
)
CREATED = "2024-05-01T12:00:00Z"
AT = 1_714_564_800_000  # CREATED in epoch milliseconds
Step = tuple[str, EngagementType, int, str | None, str | None, float]


def _refuse(path: Path, line: int, why: str) -> None:
    pytest.fail(f"{path}:{line}: {why}")


def _story(folder: Path, *, classify: bool = False) -> list[Event]:
    files = find_files(folder)
    survey = take_survey(files, _refuse)
    teller = Storyteller(survey, digest_of(files), classify=classify)
    calendar = Calendar(None, survey.newest)
    told = [event for fact in facts(files, survey, calendar) for event in teller.tell(fact)]
    return [*teller.nameless(), *told]


def _steps(events: Sequence[Event]) -> list[Step]:
    return [
        (e.post_id, e.type, e.delta, e.user_id, e.region, e.timestamp)  # pyright: ignore[reportReturnType] - we write numbers
        for e in events
        if isinstance(e, EngagementUpdated)
    ]


def test_a_post_is_told_with_what_the_source_says_of_its_safety(tmp_path: Path) -> None:
    line = post_line(
        "rd:1",
        CREATED,
        author=None,
        title="A title",
        text="Words",
        tags=["Python", "#PYTHON", "two words", "\uff46\uff55\uff4c\uff4c"],
        category="news_politics",
        regions=["??", "DE", "US"],
        lang="en",
        url="https://example.org/a",
        nsfw=True,
    )
    write_lines(tmp_path, "reddit.posts.jsonl.gz", [line])
    creator, post, judged = _story(tmp_path)
    assert creator == UserUpdated(user_id="rd:Python", handle="rd.Python", display_name="Python")
    assert post == PostIngested(
        post_id="rd:1",
        author_id="rd:Python",
        title="A title",
        content="Words",
        tags=["python", "two words", "full"],
        language="en",
        region="DE",
        url="https://example.org/a",
        nsfw=True,
        categories=[CategoryGuess("news-politics", 1.0)],
        created_at=AT,
    )
    assert judged == ModerationResult(
        post_id="rd:1",
        decision=Decision.APPROVE,
        source="import",
        nsfw_score=1.0,
        timestamp=AT,
    )


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"url": "item?id=1"}, "url", None),
        ({"url": "javascript:alert(1)"}, "url", None),
        ({"url": "http://[broken"}, "url", None),
        ({"category": "None"}, "categories", None),
        (
            {"category": "People & Blogs"},
            "categories",
            [CategoryGuess("people-blogs", confidence=1.0)],
        ),
        ({"title": None, "text": "Words"}, "title", None),
        ({"text": None}, "content", ""),
        ({"regions": ["de"]}, "region", None),
    ],
)
def test_what_a_post_cannot_use_is_left_out(
    tmp_path: Path, fields: dict[str, object], name: str, value: object
) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("t:1", CREATED, **fields)])
    (post,) = [event for event in _story(tmp_path) if isinstance(event, PostIngested)]
    assert getattr(post, name) == value


def test_our_classifiers_may_judge_instead_of_the_source(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("t:1", CREATED, nsfw=True)])
    (*_, post) = _story(tmp_path, classify=True)
    assert isinstance(post, PostIngested)
    assert post.nsfw is None
    assert not [e for e in _story(tmp_path, classify=True) if isinstance(e, ModerationResult)]


def test_an_unknown_flag_is_no_score(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("t:1", CREATED, nsfw=None)])
    (judged,) = [event for event in _story(tmp_path) if isinstance(event, ModerationResult)]
    assert (judged.nsfw_score, judged.spam_score) == (None, None)
    assert judged.decision is Decision.APPROVE


def test_users_have_their_names_and_unusable_ids_keep_them_for_display(tmp_path: Path) -> None:
    digest = sha256(b"tw:Daily News").hexdigest()[:16]
    other = sha256(b"tw:No Row").hexdigest()[:16]
    write_lines(
        tmp_path,
        "users.csv.gz",
        ["user_id,name,followers", "tw:Daily News,Daily News,7", "hn:b,,"],
    )
    write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [
            post_line("tw:1", CREATED, author="tw:Daily News"),
            post_line("tw:2", CREATED, author="tw:No Row"),
        ],
    )
    events = _story(tmp_path)
    assert [event for event in events if isinstance(event, UserUpdated)] == [
        UserUpdated(user_id=f"tw:x.{other}", handle=f"tw.x.{other}", display_name="No Row"),
        UserUpdated(
            user_id=f"tw:x.{digest}",
            handle=f"tw.x.{digest}",
            display_name="Daily News",
            follower_count=7,
        ),
        UserUpdated(user_id="hn:b", handle="hn.b", display_name="b"),
    ]
    authors = [event.author_id for event in events if isinstance(event, PostIngested)]
    assert authors == [f"tw:x.{digest}", f"tw:x.{other}"]


def test_observations_are_steps_between_rows_in_their_region(tmp_path: Path) -> None:
    write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [post_line("yt:1", CREATED, likes=30, comments=4, views=900)],
    )
    write_lines(
        tmp_path,
        "observations.csv.gz",
        [
            "t,region,post_id,rank,views,likes,comments",
            "1714570000,DE,yt:1,1,500,10,4",
            "1714570000,xx,yt:1,1,500,12,",
            "1714580000,FR,yt:1,1,700,9,4",
        ],
    )
    assert _steps(_story(tmp_path)) == [
        ("yt:1", LIKE, 21, None, None, AT + 3_600_000),  # 30 less the 9 that were observed
        ("yt:1", VIEW, 200, None, None, AT + 3_600_000),
        ("yt:1", LIKE, 10, None, "DE", 1_714_570_000_000),
        ("yt:1", COMMENT, 4, None, "DE", 1_714_570_000_000),
        ("yt:1", VIEW, 500, None, "DE", 1_714_570_000_000),
        ("yt:1", LIKE, 2, None, None, 1_714_570_000_000),
        ("yt:1", LIKE, -3, None, "FR", 1_714_580_000_000),
        ("yt:1", VIEW, 200, None, "FR", 1_714_580_000_000),
    ]


def test_interactions_are_reactions_of_their_people_and_votes_are_steps(tmp_path: Path) -> None:
    write_lines(
        tmp_path, "posts.jsonl.gz", [post_line("se:1", CREATED, likes=1, comments=5, views=80)]
    )
    write_lines(
        tmp_path,
        "interactions.csv.gz",
        [
            "at,user_id,post_id,type",
            "2024-05-01T12:30:00Z,se:ann,se:1,answer",
            "2024-05-01T12:40:00Z,se:ann,se:1,comment",
            "2024-05-01T12:50:00Z,se:bob,se:1,bookmark",
            "2024-05-02,,se:1,upvote",
            "2024-05-02,,se:1,upvote",
            "2024-05-02,,se:1,downvote",
            "2024-05-02,se:ann,se:nowhere,comment",
        ],
    )
    day = 1_714_608_000_000
    events = _story(tmp_path)
    assert _steps(events) == [
        ("se:1", COMMENT, 1, "se:ann", None, AT + 1_800_000),
        ("se:1", COMMENT, 1, "se:ann", None, AT + 2_400_000),
        ("se:1", SAVE, 1, "se:bob", None, AT + 3_000_000),
        ("se:1", COMMENT, 3, None, None, AT + 3_600_000),  # 5 less the two that have a time
        ("se:1", VIEW, 80, None, None, AT + 3_600_000),
        ("se:1", LIKE, 1, None, None, day),
        ("se:1", LIKE, 1, None, None, day),
        ("se:1", LIKE, -1, None, None, day),
    ]
    ids = [event.event_id for event in events if isinstance(event, EngagementUpdated)]
    assert len(set(ids)) == len(ids)
    assert all(id_ and len(id_) <= 100 for id_ in ids)


def test_final_counts_are_one_step_an_hour_after_the_post(tmp_path: Path) -> None:
    write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [
            post_line("ig:1", CREATED, likes=7),
            post_line("ig:2", "2024-05-01T12:15:00Z", likes=-2, comments=0),
        ],
    )
    # The second post is the source's newest fact: nothing is told after it.
    assert _steps(_story(tmp_path)) == [("ig:1", LIKE, 7, None, None, AT + 900_000)]


def test_derived_follows_are_follows(tmp_path: Path) -> None:
    write_lines(
        tmp_path, "follows_derived.csv.gz", ["t,follower_id,followee_id", "1714570000,sn:a,sn:b c"]
    )
    target = f"sn:x.{sha256(b'sn:b c').hexdigest()[:16]}"
    assert _story(tmp_path) == [
        UserFollowed(user_id="sn:a", target_id=target, active=True, timestamp=1_714_570_000_000)
    ]
