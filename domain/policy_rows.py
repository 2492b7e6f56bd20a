"""The policy as an operator writes it: a TOML text with one `[[rule]]` per row.

What a file must not say, whatever else it says: that lists show what nobody has judged, that
anybody but its author meets what was rejected or banned, or that a page asked for by name hides
posts by score, viewer or author.
"""

import math
from collections.abc import Sequence
from itertools import product
from typing import Final, Literal, TypeVar

import msgspec

from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.policy import (
    EVERYWHERE,
    LISTS,
    PAGES,
    Action,
    Band,
    InvalidPolicy,
    Label,
    Policy,
    Rule,
    Setting,
    Standing,
    Surface,
)

_PLACES: Final = {"everywhere": EVERYWHERE, "lists": LISTS, "pages": PAGES}
_SETTINGS: Final = {"opted out": Setting.OPTED_OUT, "opted in": Setting.OPTED_IN}
_AUTHORS: Final = {
    "stranger": Standing.STRANGER,
    "followed": Standing.FOLLOWED,
    "own": Standing.OWN,
}
Named = TypeVar("Named", Action, Surface)
_CLOSED: Final = (
    (ReviewStatus.UNCLASSIFIED, LISTS),
    (ReviewStatus.REJECTED, EVERYWHERE),
    (ReviewStatus.SHADOW_BANNED, EVERYWHERE),
)


class _Row(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Limits: ``above`` and ``below`` are not included, ``least`` and ``most`` are."""

    where: Literal["everywhere", "lists", "pages"] | list[str]
    then: str
    reason: SafetyReason = SafetyReason.POLICY
    status: list[ReviewStatus] | None = None
    score: Label | None = None
    above: float | None = None
    below: float | None = None
    least: float | None = None
    most: float | None = None
    viewer: Literal["opted out", "opted in"] | None = None
    author: list[Literal["stranger", "followed", "own"]] | None = None
    days: float | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rule: list[_Row]


def read_policy(text: str) -> Policy:
    """The policy of a file.

    Raises:
        InvalidPolicy: it is no such file, or says something that it must not.

    """
    try:
        rows = msgspec.toml.decode(text, type=_File).rule
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidPolicy(str(error)) from error
    rules: list[Rule] = []
    for number, row in enumerate(rows, 1):
        try:
            rules.append(_rule(row))
        except InvalidPolicy as error:
            raise InvalidPolicy(f"rule {number}: {error}") from error
    policy = Policy(rules)
    _check(policy)
    return policy


def _rule(row: _Row) -> Rule:
    return Rule(
        surfaces=_PLACES[row.where] if isinstance(row.where, str) else _surfaces(row.where),
        action=_named(Action, row.then),
        reason=row.reason,
        statuses=None if row.status is None else tuple(row.status),
        label=row.score,
        band=_band(row),
        setting=None if row.viewer is None else _SETTINGS[row.viewer],
        standings=None if row.author is None else tuple(_AUTHORS[one] for one in row.author),
        days=row.days,
    )


def _surfaces(names: Sequence[str]) -> tuple[Surface, ...]:
    if not names:
        raise InvalidPolicy("`where` names nothing")
    return tuple(_named(Surface, name) for name in names)


def _named(kind: type[Named], name: str) -> Named:
    try:
        return kind[name]
    except KeyError:
        raise InvalidPolicy(f"{name} is none of {', '.join(kind.__members__)}") from None


def _band(row: _Row) -> Band | None:
    lower = [limit for limit in (row.least, _after(row.above)) if limit is not None]
    upper = [limit for limit in (row.most, _before(row.below)) if limit is not None]
    if not lower and not upper:
        return None
    return Band(max(lower, default=0.0), min(upper, default=1.0))


def _after(limit: float | None) -> float | None:
    return None if limit is None else math.nextafter(limit, math.inf)


def _before(limit: float | None) -> float | None:
    return None if limit is None else math.nextafter(limit, -math.inf)


def _check(policy: Policy) -> None:
    for number, rule in enumerate(policy.rules, 1):
        by_status_alone = rule.label is None and rule.setting is None and rule.standings is None
        if set(rule.surfaces) & set(PAGES) and not (rule.action.shows or by_status_alone):
            raise InvalidPolicy(f"rule {number}: pages hide posts by their status alone")
    for status, surfaces in _CLOSED:
        for surface, setting, standing in product(surfaces, Setting, Standing):
            own_page = surface in PAGES and standing is Standing.OWN
            if status is ReviewStatus.SHADOW_BANNED and own_page:
                continue
            if policy.verdict(status, SafetyScores(), surface, setting, standing).action.shows:
                raise InvalidPolicy(f"{surface.name} would show what is {status}")
