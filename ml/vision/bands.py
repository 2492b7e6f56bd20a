"""From what open_nsfw says to the policy's scale.

Its authors: below 0.2 a picture is most likely harmless, above 0.8 most likely not, between them
nobody knows. The policy sends 0.5 to 0.8 to people. So the undecided stretch is laid upon that
band, in straight lines that keep the order; above 0.8 nothing changes.
"""

from typing import Final

from domain.moderation import REVIEW_BAND

UNDECIDED: Final = (0.2, 0.8)


def on_policy_scale(raw: float) -> float:
    """From 0 to 1; the higher, the more likely NSFW."""
    low, high = UNDECIDED
    doubt, certainty = REVIEW_BAND
    if raw < low:
        return doubt * raw / low
    if raw <= high:
        return doubt + (certainty - doubt) * (raw - low) / (high - low)
    return certainty + (1.0 - certainty) * (raw - high) / (1.0 - high)
