"""Keys go where Kafka's own clients put them."""

from random import Random

from aiokafka.partitioner import murmur2  # noqa: TID251 - the original

from stores.partitions import partitions_of


def test_every_length_of_key_goes_where_the_default_partitioner_puts_it() -> None:
    random = Random(3)
    keys = [random.randbytes(length) for length in (*range(66), *range(20))]
    for partitions in (1, 4, 64):
        expected = [(murmur2(key) & 0x7FFFFFFF) % partitions for key in keys]
        assert partitions_of(keys, partitions) == expected


def test_no_keys_have_no_partitions() -> None:
    assert partitions_of([], 8) == []
