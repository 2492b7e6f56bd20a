from collections.abc import Mapping, Sequence
from typing import TypedDict

from aiokafka import AIOKafkaClient, TopicPartition

class DescribedPartition(TypedDict):
    partition: int
    error_code: int

class DescribedTopic(TypedDict):
    topic: str
    error_code: int
    partitions: list[DescribedPartition]

class NewTopic:
    def __init__(
        self,
        name: str,
        num_partitions: int,
        replication_factor: int,
        topic_configs: Mapping[str, str] | None = ...,
    ) -> None: ...

class CreateTopicsResponse:
    topic_errors: list[tuple[str, int, str | None]]

class AIOKafkaAdminClient:
    _client: AIOKafkaClient
    def __init__(self, *, bootstrap_servers: str, request_timeout_ms: int = ...) -> None: ...
    async def start(self) -> None: ...
    async def close(self) -> None: ...
    async def create_topics(
        self, new_topics: Sequence[NewTopic], timeout_ms: int | None = ...
    ) -> CreateTopicsResponse: ...
    async def describe_topics(self, topics: Sequence[str]) -> list[DescribedTopic]: ...
    async def list_consumer_group_offsets(
        self,
        group_id: str,
        group_coordinator_id: int | None = ...,
        partitions: Sequence[TopicPartition] | None = ...,
    ) -> dict[TopicPartition, tuple[int, str]]: ...
