"""Events as the bytes of Kafka records, both ways: JSON with camelCase names.

Unknown fields are ignored and of duplicate ones the last holds; what is missing or ill-typed makes
a record unreadable. ``1.0`` is a whole number: there are languages that have no other.
"""

import math
import re
from collections.abc import Iterable
from typing import Final, NamedTuple, cast

import msgspec

from domain.errors import DomainError
from domain.events import Event, EventTime, seconds
from domain.topics import TOPICS, Topic

MOST_EXACT: Final = 2.0**53
_FRACTION: Final = re.compile(rb"[0-9](?:\.|e)", re.IGNORECASE)
_TIME_FIELDS: Final = ("timestamp", "created_at")


class Unreadable(DomainError):
    """Bytes that are no event of their topic, now or ever; the text holds no values."""


class Encoded(NamedTuple):
    topic: str
    key: bytes
    value: bytes


class EventCodec:
    """Knows the topics that carry events."""

    def __init__(self, topics: Iterable[Topic] = TOPICS) -> None:
        carrying = [topic for topic in topics if topic.event is not None]
        self._decoders = {
            topic.name: msgspec.json.Decoder(topic.event) for topic in carrying if topic.event
        }
        self._topics = {topic.event: topic for topic in carrying if topic.event}
        self._encode = msgspec.json.Encoder().encode

    def knows(self, topic: str) -> bool:
        """Whether the topic carries events."""
        return topic in self._decoders

    def encode(self, event: Event) -> Encoded:
        """The record that carries an event, with its topic and key."""
        topic = self._topics[type(event)]
        key = str(getattr(event, topic.key_field or ""))
        return Encoded(topic.name, key.encode(), self._encode(event))

    def decode(self, topic: str, value: bytes | None) -> Event:
        """The event of a record.

        Raises:
            Unreadable: it is none, and never will be.

        """
        if value is None:
            raise Unreadable("no value")
        try:
            event = self._event(topic, value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable(_place(error)) from None
        for name in _TIME_FIELDS:
            time = getattr(event, name, None)
            if time is not None:
                _check_time(name, time)
        return event

    def _event(self, topic: str, value: bytes) -> Event:
        decoder = self._decoders[topic]
        try:
            return decoder.decode(value)
        except msgspec.ValidationError as error:
            if not _FRACTION.search(value):
                raise
            try:
                return msgspec.convert(_whole(msgspec.json.decode(value)), decoder.type)
            except msgspec.DecodeError:
                raise error from None


def _whole(value: object) -> object:
    """What was decoded, with whole numbers where they are written as fractions."""
    match value:
        case float() if value.is_integer() and abs(value) < MOST_EXACT:
            return int(value)
        case list():
            return [_whole(one) for one in cast("list[object]", value)]
        case dict():
            return {key: _whole(one) for key, one in cast("dict[str, object]", value).items()}
        case _:
            return value


def _check_time(name: str, time: EventTime) -> None:
    try:
        usable = math.isfinite(seconds(time))
    except (OverflowError, ValueError):
        usable = False
    if not usable:
        raise Unreadable(f"{name} is out of range")


def _place(error: Exception) -> str:
    """Where it is wrong; the rest of such texts may repeat what people wrote."""
    _, found, path = str(error).rpartition(" - at ")
    return path.strip("`") if found else "not JSON of this topic"
