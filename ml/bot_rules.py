"""A bot score from readable rules about behavior, for as long as no operator has trained a model.

Each rule that holds is a reason with a weight; weights combine as independent doubts,
1 - (1 - a)(1 - b)..., so that no single habit condemns an account and several together do. The
limit of the policy is 0.9 and its band of doubt begins at 0.5.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.classification import AccountFacts, RecentPosts

VERSION: Final = "bot-rules-2"
HOUR: Final = 3_600.0
LEAST_POSTS: Final = 5
"""Fewer recent posts say nothing about habits."""
SHORTEST_SPAN: Final = 360.0
FEWEST_FOLLOWERS: Final = 10

Signal = Callable[[RecentPosts, AccountFacts], float | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds where the signal is known and above ``limit``."""

    reason: str
    signal: Signal
    limit: float
    weight: float


def _per_hour(recent: RecentPosts, _: AccountFacts) -> float:
    return recent.count * HOUR / max(recent.span, SHORTEST_SPAN)


def _repeated(recent: RecentPosts, _: AccountFacts) -> float:
    return recent.repeats / recent.count


def _linked(recent: RecentPosts, _: AccountFacts) -> float:
    return recent.links / recent.count


def _youth(_: RecentPosts, facts: AccountFacts) -> float | None:
    return None if facts.age is None else 1.0 / max(facts.age / HOUR, 1.0)


def _faceless(_: RecentPosts, facts: AccountFacts) -> float | None:
    return None if facts.has_avatar is None else float(not facts.has_avatar)


def _digits(_: RecentPosts, facts: AccountFacts) -> float | None:
    return sum(map(str.isdigit, facts.handle)) / len(facts.handle) if facts.handle else None


def _one_sided(_: RecentPosts, facts: AccountFacts) -> float | None:
    if facts.following is None or facts.followers is None:
        return None
    return facts.following / max(facts.followers, FEWEST_FOLLOWERS)


RULES: Final[Sequence[Rule]] = (
    Rule("more than 20 posts an hour", _per_hour, 20.0, 0.2),
    Rule("more than 60 posts an hour", _per_hour, 60.0, 0.3),
    Rule("most posts repeat another", _repeated, 0.5, 0.6),
    Rule("nearly all posts have links", _linked, 0.9, 0.3),
    Rule("younger than a day", _youth, 1 / 24, 0.2),
    Rule("no picture", _faceless, 0.5, 0.15),
    Rule("a handle mostly of digits", _digits, 0.5, 0.15),
    Rule("follows very many, followed by few", _one_sided, 20.0, 0.3),
)


def broken_rules(facts: AccountFacts) -> Sequence[Rule] | None:
    """The rules that hold; None where too little is known of the account's behavior."""
    recent = facts.recent
    if recent is None or recent.count < LEAST_POSTS:
        return None
    signals = [(rule, rule.signal(recent, facts)) for rule in RULES]
    return [rule for rule, signal in signals if signal is not None and signal > rule.limit]


def bot_score(facts: AccountFacts | None) -> float | None:
    """From 0 to below 1; None where too little is known."""
    broken = None if facts is None else broken_rules(facts)
    if broken is None:
        return None
    trust = 1.0
    for rule in broken:
        trust *= 1.0 - rule.weight
    return 1.0 - trust
