"""The policy as a file: the shipped one is the default, and a broken one says where and why."""

from pathlib import Path

import pytest

from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.policy import Action, InvalidPolicy, Surface
from domain.policy_rows import read_policy
from domain.policy_table import RULES

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "policy.toml"
CLOSED = """
[[rule]]
where = "lists"
status = ["UNCLASSIFIED"]
then = "DROP"
[[rule]]
where = "everywhere"
status = ["REJECTED", "SHADOW_BANNED"]
then = "DROP"
"""


def test_the_shipped_file_is_the_default() -> None:
    assert read_policy(SHIPPED.read_text("utf-8")).rules == RULES


def test_a_limit_of_ones_own() -> None:
    policy = read_policy(
        CLOSED + '[[rule]]\nwhere = ["SEARCH"]\nscore = "bot"\nabove = 0.3\nthen = "LIMIT"\n'
        'reason = "BOT"\n'
    )
    auto, doubted = ReviewStatus.AUTO_APPROVED, SafetyScores(bot=0.4)
    verdict = policy.verdict(auto, doubted, Surface.SEARCH)
    assert (verdict.action, verdict.reason) == (Action.LIMIT, SafetyReason.BOT)
    assert policy.verdict(auto, doubted, Surface.TRENDING).action is Action.ALLOW
    assert policy.verdict(auto, SafetyScores(bot=0.3), Surface.SEARCH).action is Action.ALLOW


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "missing required field `rule`"),
        ("rule = [", "Invalid"),
        ("rule = []", "RECOMMENDATION would show what is UNCLASSIFIED"),
        (CLOSED.replace('"REJECTED", ', ""), "RECOMMENDATION would show what is REJECTED"),
        (CLOSED + '[[rule]]\nwhere = "pages"\nthen = "HIDE"', "rule 3: HIDE is none of ALLOW, "),
        (CLOSED + '[[rule]]\nwhere = ["HOME"]\nthen = "DROP"', "rule 3: HOME is none of RECO"),
        (CLOSED + '[[rule]]\nwhere = []\nthen = "DROP"', "rule 3: `where` names nothing"),
        (
            CLOSED + '[[rule]]\nwhere = "lists"\nscore = "spam"\nthen = "DROP"',
            "rule 3: a rule needs both a label and a band",
        ),
        (
            CLOSED + '[[rule]]\nwhere = "lists"\nscore = "spam"\nabove = 1.5\nthen = "DROP"',
            "rule 3: a band must lie in",
        ),
        (
            CLOSED + '[[rule]]\nwhere = "lists"\nauthor = ["own"]\nthen = "ALLOW"',
            "rule 3: lists are made of strangers' posts",
        ),
        (
            CLOSED + '[[rule]]\nwhere = "everywhere"\nscore = "spam"\nabove = 0.9\nthen = "DROP"',
            "rule 3: pages hide posts by their status alone",
        ),
        (CLOSED + '[[rule]]\nwhere = "lists"\nthen = "DROP"\nscroe = "spam"', "`scroe`"),
    ],
)
def test_what_a_file_must_not_say(text: str, cause: str) -> None:
    with pytest.raises(InvalidPolicy) as caught:
        read_policy(text)
    assert cause in str(caught.value)
