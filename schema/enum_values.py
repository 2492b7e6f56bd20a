"""What each enum value means, in a client's words."""

from typing import Final

MEDIA_KIND: Final = {
    "IMAGE": "A still picture.",
    "VIDEO": "A moving picture.",
    "AUDIO": "Sound alone.",
    "LINK": "A page elsewhere.",
}
CANDIDATE_SOURCE: Final = {
    "TRENDING": "Rising worldwide.",
    "REGIONAL": "Rising in the caller's region.",
    "PERSONALIZED": "In topics that the caller came to like.",
    "CREATOR_AFFINITY": "By creators whom the caller follows or likes.",
    "CO_ENGAGED": "Liked by people who liked the same as the caller.",
    "CATEGORY": "In topics that the caller chose, or of the category asked for.",
    "SEARCH": "Found by a search.",
    "FRESH": "New, and not yet judged by many.",
    "SERENDIPITY": "Outside of what the caller usually sees.",
    "EDITORIAL": "Picked by editors.",
    "SNAPSHOT": "From the last saved list, while live sources are away.",
    "STATIC": "From the list kept for when everything else is away.",
}
REASON_CODE: Final = {
    "TRENDING_NOW": "It is rising worldwide.",
    "TRENDING_IN_REGION": "It is rising in the caller's region.",
    "TOPIC_YOU_LIKE": "It is about a topic that the caller likes.",
    "CREATOR_YOU_LIKE": "It is by a creator whom the caller likes.",
    "SIMILAR_TO_LIKED": "It resembles posts that the caller liked.",
    "CHOSEN_TOPIC": "It is about a topic that the caller chose.",
    "NEW_AND_PROMISING": "It is new, and early reactions are good.",
    "SOMETHING_DIFFERENT": "It is unlike what the caller usually sees.",
    "EDITORS_PICK": "Editors picked it.",
    "POPULAR": "Many people like it.",
}
FRESHNESS: Final = {
    "LIVE": "From lists at most 30 seconds old.",
    "STALE": "From older lists that the service still held.",
    "SNAPSHOT": "From the last saved lists.",
    "STATIC": "From the list kept for when everything else is away.",
}
TRENDING_WINDOW: Final = {
    "HOUR": "The last hour.",
    "DAY": "The last day.",
    "WEEK": "The last week.",
}
SEARCH_TYPE: Final = {
    "POSTS": "Posts, by title, text and hashtags.",
    "CREATORS": "Creators, by handle and display name.",
    "HASHTAGS": "Hashtags, by name.",
}
PROFILE_MATURITY: Final = {
    "COLD": "Next to nothing: fewer than 5 interactions.",
    "WARMING": "Something: 5 to 49 interactions.",
    "ESTABLISHED": "Enough to lead: 50 interactions or more.",
}
INTEREST_STATE: Final = {
    "LEARNED": "From what the viewer did.",
    "CHOSEN": "Chosen as a starting topic.",
    "PINNED": "Pinned by the viewer; it does not fade.",
    "MUTED": "Muted by the viewer; it is not shown.",
}
USER_ERROR_CODE: Final = {
    "NOT_FOUND": "What an id or a name stands for is not there for this caller.",
    "INVALID_VALUE": "A value is malformed or makes no sense here.",
    "OUT_OF_RANGE": "A number, a time or a length is beyond its bounds.",
    "TOKEN_INVALID": "The impression token is not for this caller and post.",
    "TOKEN_EXPIRED": "The impression token is over.",
    "TOO_MANY": "A bound on how many there may be is reached.",
    "CONFLICT": "Something else changed at the same time; try again.",
    "NOT_ALLOWED": "The caller may not do this.",
}
INTERACTION_ACTION: Final = {
    "VIEW": "Had a post on screen; more than 5 seconds count as DWELL too.",
    "DWELL": "Spent time with a post.",
    "LIKE": "Liked a post.",
    "UNLIKE": "Took a like back.",
    "COMMENT": "Commented on a post.",
    "SHARE": "Shared a post.",
    "SAVE": "Saved a post.",
    "UNSAVE": "Took a post from the saved ones.",
    "PROFILE_VISIT": "Looked at a creator's page.",
    "FOLLOW": "Followed a creator.",
    "UNFOLLOW": "Stopped following a creator.",
    "HASHTAG_FOLLOW": "Followed a hashtag.",
    "HASHTAG_UNFOLLOW": "Stopped following a hashtag.",
    "NOT_INTERESTED": "Does not want to see a post.",
}
INTEREST_CHANGE: Final = {
    "PIN": "Keep it, whatever the caller does.",
    "MUTE": "Show nothing of it.",
    "FORGET": "Drop what was learned or said about it.",
}
NOT_INTERESTED_REASON: Final = {
    "POST": "This post alone.",
    "CREATOR": "Its creator.",
    "TOPIC": "Its topic.",
    "HASHTAGS": "Its hashtags.",
    "SEEN_BEFORE": "The caller has seen it before.",
}
REVIEW_STATUS: Final = {
    "UNCLASSIFIED": "Nobody has judged it yet; it is not recommended.",
    "AUTO_APPROVED": "Classifiers found nothing wrong.",
    "PENDING_REVIEW": "Classifiers are unsure; it waits for a person.",
    "ESCALATED": "A moderator passed it on.",
    "APPROVED": "A person approved it.",
    "REJECTED": "Nobody may see it.",
    "SHADOW_BANNED": "Only its author sees it.",
}
SAFETY_REASON: Final = {
    "SPAM": "Looks like spam.",
    "NSFW": "Not for every eye or place.",
    "TOXICITY": "Insults or threatens.",
    "BOT": "Looks like the work of a machine posing as a person.",
    "LOW_QUALITY": "Of little use to a reader.",
    "REPORTED": "Reported by viewers.",
    "POLICY": "Against the rules for another reason.",
    "UNCLASSIFIED": "Not judged yet.",
}
REVIEW_DECISION: Final = {
    "APPROVE": "It may be shown and recommended, whatever classifiers say.",
    "REJECT": "Nobody may see it.",
    "SHADOW_BAN": "Only its author sees it.",
    "ESCALATE": "Somebody else has to decide.",
    "CLEAR": "Takes the human decision back.",
}
