"""Changes of content settings, checked."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from domain.identifiers import is_region
from domain.viewer import MAX_MUTED_KEYWORDS, ContentSettings
from services.inputs import SettingsChange, Unset
from services.outcomes import UserError, UserErrorCode, mistake

MAX_LANGUAGES: Final = 20
LONGEST_KEYWORD: Final = 100
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def check(change: SettingsChange) -> tuple[UserError, ...]:
    """All mistakes in a change."""
    errors = [*_languages(change.languages or ()), *_keywords(change.muted_keywords or ())]
    region = change.region
    if isinstance(region, str) and not is_region(region):
        message = "`region` must be two capital letters, such as DE."
        errors.append(mistake(UserErrorCode.INVALID_VALUE, message, "region"))
    return tuple(errors)


def apply(settings: ContentSettings, change: SettingsChange) -> ContentSettings:
    """The settings after a change without mistakes."""
    if change.show_sensitive is not None:
        settings = replace(settings, show_sensitive=change.show_sensitive)
    if change.languages is not None:
        languages = tuple(dict.fromkeys(tag.lower() for tag in change.languages))
        settings = replace(settings, languages=languages)
    if not isinstance(change.region, Unset):
        settings = replace(settings, region=change.region)
    if change.muted_keywords is not None:
        words = (" ".join(word.split()).casefold() for word in change.muted_keywords)
        settings = replace(settings, muted_keywords=tuple(dict.fromkeys(words)))
    return settings


def _languages(languages: Sequence[str]) -> list[UserError]:
    if len(languages) > MAX_LANGUAGES:
        message = f"At most {MAX_LANGUAGES} languages can be set."
        return [mistake(UserErrorCode.TOO_MANY, message, "languages")]
    return [
        mistake(
            UserErrorCode.INVALID_VALUE,
            "A language is a tag such as en or pt-BR.",
            "languages",
            str(place),
        )
        for place, language in enumerate(languages)
        if not _LANGUAGE.fullmatch(language)
    ]


def _keywords(keywords: Sequence[str]) -> list[UserError]:
    if len(keywords) > MAX_MUTED_KEYWORDS:
        message = f"At most {MAX_MUTED_KEYWORDS} keywords can be muted."
        return [mistake(UserErrorCode.TOO_MANY, message, "mutedKeywords")]
    return [
        mistake(
            UserErrorCode.INVALID_VALUE,
            f"A muted keyword is 1 to {LONGEST_KEYWORD} characters.",
            "mutedKeywords",
            str(place),
        )
        for place, keyword in enumerate(keywords)
        if not 1 <= len(keyword.strip()) <= LONGEST_KEYWORD
    ]
