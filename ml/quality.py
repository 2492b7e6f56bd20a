"""A quality score from 0 to 1: what a post promises and how it is written, 1 being good.

The clickbait model counts most; form (shouting, stretched punctuation, hardly any words) takes off
the rest. It orders posts and hides none.
"""

import re
from typing import Final

CLICKBAIT_SHARE: Final = 0.7
SHOUTING_SHARE: Final = 0.3
STRETCHED_SHARE: Final = 0.2
WORDLESS_SHARE: Final = 0.3
LEAST_LETTERS: Final = 10
FORM_CHARS: Final = 1_000
_STRETCHED: Final = re.compile(r"[!?]{3,}|(.)\1{5,}")


def quality_score(clickbait: float, text: str) -> float:
    """``clickbait`` is that model's score for the post."""
    return (1.0 - CLICKBAIT_SHARE * clickbait) * form_score(text)


def form_score(text: str) -> float:
    """1 for text in good form, lower for each fault; the first 1,000 characters count."""
    start = text[:FORM_CHARS]
    letters = [char for char in start if char.isalpha()]
    score = 1.0
    if len(letters) < LEAST_LETTERS:
        score -= WORDLESS_SHARE
    elif 2 * sum(map(str.isupper, letters)) > len(letters):
        score -= SHOUTING_SHARE
    if _STRETCHED.search(start):
        score -= STRETCHED_SHARE
    return score
