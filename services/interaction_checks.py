"""Interactions as callers say them, checked and made precise, or refused with what to mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.events import Action
from domain.identifiers import Kind, decode_global_id, normalize_hashtag
from domain.viewer import TargetKind
from services.inputs import Interaction
from services.outcomes import UserError, UserErrorCode, mistake

DAY: Final = 86_400.0
LONGEST_MS: Final = 86_400_000
TIMED: Final = (Action.VIEW, Action.DWELL)
OF_CREATORS: Final = (Action.PROFILE_VISIT, Action.FOLLOW, Action.UNFOLLOW)
OF_HASHTAGS: Final = (Action.HASHTAG_FOLLOW, Action.HASHTAG_UNFOLLOW)


@dataclass(frozen=True, slots=True)
class Deed:
    """An interaction with a target that is well-formed; whether it is there comes later."""

    action: Action
    kind: TargetKind
    target: str
    at: float
    duration_ms: int | None
    token: str | None


def check(interaction: Interaction, now: float) -> Deed | UserError:
    """The interaction as a deed, or the first mistake in it."""
    target = _target(interaction)
    if isinstance(target, UserError):
        return target
    kind, name = target
    mistake = (
        _check_action(interaction.action, kind)
        or _check_duration(interaction)
        or _check_time(interaction.occurred_at, now)
    )
    if mistake is not None:
        return mistake
    return Deed(
        action=interaction.action,
        kind=kind,
        target=name,
        at=now if interaction.occurred_at is None else interaction.occurred_at,
        duration_ms=interaction.duration_ms,
        token=interaction.token,
    )


def not_found(kind: TargetKind) -> UserError:
    """That what the caller names is not there."""
    path = _PATHS[kind]
    return mistake(UserErrorCode.NOT_FOUND, f"There is no such {kind.value}.", "target", path)


_PATHS: Final[Mapping[TargetKind, str]] = {
    TargetKind.POST: "postId",
    TargetKind.CREATOR: "creatorId",
    TargetKind.HASHTAG: "hashtag",
    TargetKind.CATEGORY: "category",
}


def _target(interaction: Interaction) -> tuple[TargetKind, str] | UserError:
    target = interaction.target
    if target.post_global_id is not None:
        return _named(target.post_global_id, Kind.POST, TargetKind.POST)
    if target.creator_global_id is not None:
        return _named(target.creator_global_id, Kind.CREATOR, TargetKind.CREATOR)
    name = normalize_hashtag(target.hashtag or "")
    return (TargetKind.HASHTAG, name) if name else not_found(TargetKind.HASHTAG)


def _named(global_id: str, kind: Kind, target: TargetKind) -> tuple[TargetKind, str] | UserError:
    decoded = decode_global_id(global_id)
    if decoded is None or decoded.kind is not kind:
        return not_found(target)
    return target, decoded.value


def _check_action(action: Action, kind: TargetKind) -> UserError | None:
    if action in OF_CREATORS:
        fitting = TargetKind.CREATOR
    elif action in OF_HASHTAGS:
        fitting = TargetKind.HASHTAG
    else:
        fitting = TargetKind.POST
    if kind is fitting:
        return None
    message = f"{action.value} is done to a {fitting.value}, not to a {kind.value}."
    return mistake(UserErrorCode.INVALID_VALUE, message, "action")


def _check_duration(interaction: Interaction) -> UserError | None:
    duration = interaction.duration_ms
    if duration is None:
        return None
    if interaction.action not in TIMED:
        message = "`durationMs` goes with VIEW and DWELL only."
        return mistake(UserErrorCode.INVALID_VALUE, message, "durationMs")
    if not 0 <= duration <= LONGEST_MS:
        message = f"`durationMs` must be 0 to {LONGEST_MS:,}."
        return mistake(UserErrorCode.OUT_OF_RANGE, message, "durationMs")
    return None


def _check_time(occurred_at: float | None, now: float) -> UserError | None:
    if occurred_at is None or now - DAY <= occurred_at <= now:
        return None
    message = "`occurredAt` must not lie in the future, nor more than 24 hours back."
    return mistake(UserErrorCode.OUT_OF_RANGE, message, "occurredAt")
