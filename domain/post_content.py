"""What a post's producer says it is, cleaned of what nobody could use."""

from typing import Final

import msgspec

from domain.events import PostIngested, seconds
from domain.identifiers import is_region, normalize_hashtag
from domain.post_categories import post_categories
from domain.posts import Media, MediaKind, PostCategory

MAX_HASHTAGS: Final = 30
MAX_MEDIA: Final = 20
MAX_LANGUAGE_CHARS: Final = 12
_EXTENSIONS: Final = {
    MediaKind.IMAGE: ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg"),
    MediaKind.VIDEO: ("mp4", "webm", "mov", "m3u8", "mkv"),
    MediaKind.AUDIO: ("mp3", "ogg", "wav", "m4a", "flac", "aac"),
}
_KIND_OF: Final = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions
}


class PostContent(msgspec.Struct, frozen=True, kw_only=True):
    """What the producer says. ``categories`` is None where it says nothing about them."""

    author_id: str
    title: str | None
    text: str
    url: str | None
    language: str | None
    region: str | None
    created_at: float
    hashtags: tuple[str, ...]
    media: tuple[Media, ...]
    categories: tuple[PostCategory, ...] | None
    deleted: bool


def written_at(event: PostIngested, told_at: float) -> float:
    """When the post was made: not after it was told of, whatever its producer says."""
    return max(0.0, min(seconds(event.created_at), told_at))


def content_of(event: PostIngested, created_at: float) -> PostContent:
    """An event as content: odd tags, regions and languages are dropped, never the post."""
    tags = dict.fromkeys(normalize_hashtag(_clean(tag)) for tag in event.tags)
    content = PostContent(
        author_id=event.author_id,
        title=_clean(event.title) if event.title else None,
        text=_clean(event.content),
        url=_clean(event.url) if event.url else None,
        language=_language(event.language),
        region=event.region if event.region and is_region(event.region) else None,
        created_at=created_at,
        hashtags=tuple(tag for tag in tags if tag)[:MAX_HASHTAGS],
        media=tuple(_media(_clean(url)) for url in event.media_urls[:MAX_MEDIA]),
        categories=post_categories(event.categories),
        deleted=False,
    )
    return deleted(content) if event.deleted else content


def deleted(content: PostContent) -> PostContent:
    """What is left of a deleted post: whose it was, and what leads to the lists it was in."""
    return msgspec.structs.replace(content, title=None, text="", url=None, media=(), deleted=True)


def _clean(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL holds no NUL


def _language(text: str | None) -> str | None:
    """A tag such as ``en`` or ``pt-br`` in lower case."""
    if not text or len(text) > MAX_LANGUAGE_CHARS or not text.isascii():
        return None
    parts = text.replace("_", "-").lower().split("-")
    return "-".join(parts) if parts[0].isalpha() and all(map(str.isalnum, parts)) else None


def _media(url: str) -> Media:
    path = url.split("?", 1)[0].split("#", 1)[0]
    extension = path.rsplit(".", 1)[-1].lower()
    return Media(url, _KIND_OF.get(extension, MediaKind.LINK))
