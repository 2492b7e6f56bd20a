"""The policy that is in force: the original brief's thresholds (section 9) as rows.

Lists are closed to what is not known to be harmless; pages that people ask for by name are open.
"""

from typing import Final

from domain.moderation import (
    BOT_LIMIT,
    NSFW_LIMIT,
    QUALITY_LIMIT,
    REVIEW_BAND,
    SPAM_LIMIT,
    TOXICITY_LIMIT,
    ReviewStatus,
    SafetyReason,
)
from domain.policy import (
    EVERYWHERE,
    LISTS,
    PAGES,
    Action,
    Band,
    Label,
    Policy,
    Rule,
    Setting,
    Standing,
)

SHADOW_BAN_DAYS: Final = 90.0
OTHERS: Final = (Standing.STRANGER, Standing.FOLLOWED)
OWN: Final = (Standing.OWN,)
_REJECTED: Final = (ReviewStatus.REJECTED,)
_BANNED: Final = (ReviewStatus.SHADOW_BANNED,)
_APPROVED: Final = (ReviewStatus.APPROVED,)
_WAITING: Final = (ReviewStatus.PENDING_REVIEW, ReviewStatus.ESCALATED)
_TOO_HIGH: Final = (
    (Label.SPAM, Band.above(SPAM_LIMIT), SafetyReason.SPAM),
    (Label.TOXICITY, Band.above(TOXICITY_LIMIT), SafetyReason.TOXICITY),
    (Label.BOT, Band.above(BOT_LIMIT), SafetyReason.BOT),
)
_DOUBTFUL: Final = (
    (Label.SPAM, Band(*REVIEW_BAND), SafetyReason.SPAM),
    (Label.NSFW, Band(*REVIEW_BAND), SafetyReason.NSFW),
    (Label.TOXICITY, Band(*REVIEW_BAND), SafetyReason.TOXICITY),
    (Label.BOT, Band(REVIEW_BAND[0], BOT_LIMIT), SafetyReason.BOT),
)
_SENSITIVE: Final = Band.above(NSFW_LIMIT)

RULES: Final = (
    # What people decided comes before every score.
    Rule(surfaces=EVERYWHERE, statuses=_REJECTED, action=Action.DROP),
    Rule(surfaces=PAGES, statuses=_BANNED, standings=OWN, action=Action.ALLOW),
    Rule(surfaces=EVERYWHERE, statuses=_BANNED, action=Action.DROP, days=SHADOW_BAN_DAYS),
    # Authors read what they wrote as it is.
    Rule(surfaces=PAGES, standings=OWN, action=Action.ALLOW),
    # Lists wait for a classifier, and for a person where that one is unsure.
    Rule(
        surfaces=LISTS,
        statuses=(ReviewStatus.UNCLASSIFIED,),
        action=Action.DROP,
        reason=SafetyReason.UNCLASSIFIED,
    ),
    Rule(surfaces=LISTS, statuses=_WAITING, action=Action.REVIEW),
    # Approved by a person, spam is spam no more; a limit keeps it from filling a page.
    *(
        Rule(
            surfaces=LISTS,
            statuses=(ReviewStatus.AUTO_APPROVED,),
            label=label,
            band=band,
            action=Action.DROP,
            reason=reason,
        )
        for label, band, reason in _TOO_HIGH
    ),
    # Sensitive is not harmful: whoever asked for it sees it as it is, but no page full of it.
    Rule(
        surfaces=LISTS,
        label=Label.NSFW,
        band=_SENSITIVE,
        setting=Setting.OPTED_OUT,
        action=Action.DROP,
        reason=SafetyReason.NSFW,
    ),
    Rule(
        surfaces=LISTS,
        label=Label.NSFW,
        band=_SENSITIVE,
        setting=Setting.OPTED_IN,
        action=Action.LIMIT,
        reason=SafetyReason.NSFW,
    ),
    Rule(
        surfaces=PAGES,
        label=Label.NSFW,
        band=_SENSITIVE,
        setting=Setting.OPTED_OUT,
        standings=OTHERS,
        action=Action.INTERSTITIAL,
        reason=SafetyReason.NSFW,
    ),
    *(
        Rule(surfaces=LISTS, label=label, band=band, action=Action.LIMIT, reason=reason)
        for label, band, reason in (*_TOO_HIGH, *_DOUBTFUL)
    ),
    # A page asked for by name is open, to followers without a word.
    Rule(surfaces=PAGES, statuses=_APPROVED, action=Action.ALLOW),
    Rule(
        surfaces=PAGES,
        label=Label.TOXICITY,
        band=Band.above(TOXICITY_LIMIT),
        standings=(Standing.STRANGER,),
        action=Action.INTERSTITIAL,
        reason=SafetyReason.TOXICITY,
    ),
    Rule(
        surfaces=LISTS,
        label=Label.QUALITY,
        band=Band.below(QUALITY_LIMIT),
        action=Action.LIMIT,
        reason=SafetyReason.LOW_QUALITY,
    ),
)

POLICY: Final = Policy(RULES)
