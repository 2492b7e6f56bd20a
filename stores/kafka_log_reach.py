"""From where to where the logs of a topic reach."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from stores.kafka_bounds import LogBounds, log_bounds, questions
from stores.kafka_stops import stopped


class KafkaLogReach:
    """Connects for each question."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def bounds(self, topic: str, reached: Mapping[int, int]) -> Mapping[int, LogBounds]:
        """By partition; ``reached`` are offsets that somebody has read up to.

        Raises:
            Unavailable: Kafka did not answer.

        """
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
        try:
            async with questions():
                await consumer.start()
            places = {TopicPartition(topic, one): offset for one, offset in reached.items()}
            found = await log_bounds(consumer, self._bootstrap, places)
        finally:
            await stopped(consumer)
        return {place.partition: bounds for place, bounds in found.items()}
