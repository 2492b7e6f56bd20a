"""From where to where the logs of a topic reach."""

from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from stores.kafka_bounds import LogBounds, log_bounds, questions


class KafkaLogReach:
    """Connects for each question."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def bounds(self, topic: str, partitions: Sequence[int]) -> Mapping[int, LogBounds]:
        """By partition.

        Raises:
            Unavailable: Kafka did not answer.

        """
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
        try:
            async with questions():
                await consumer.start()
            reached = {TopicPartition(topic, partition): 0 for partition in partitions}
            found = await log_bounds(consumer, self._bootstrap, reached)
        finally:
            await consumer.stop()
        return {place.partition: bounds for place, bounds in found.items()}
