"""The part of the composition root that is about people who are to be forgotten."""

from secrets import token_hex

from consumers.alone import Alone
from consumers.batches import Handler
from consumers.erased_people import ErasedPeople
from consumers.erasing import Erasing
from consumers.forgetful import Forgetful
from consumers.handlers.erase import Erase
from consumers.periodic import Periodic
from consumers.registry import Built
from consumers.resources import Resources
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_erasures import PostgresErasures
from stores.postgres_personal_data import PostgresPersonalData
from stores.redis_leases import RedisLeases
from stores.redis_personal_data import RedisCounted, RedisPersonalData


def forgetful(resources: Resources, handler: Handler) -> Handler:
    """For handlers of what people do."""
    return Forgetful(handler, ErasedPeople(PostgresErasures(resources.postgres), resources.clock))


def erase(resources: Resources) -> Built:
    erasures = PostgresErasures(resources.postgres)
    data = PostgresPersonalData(resources.postgres)
    erasing = Erasing(
        erasures=erasures,
        stores=(data, RedisPersonalData(resources.redis)),
        reactions=data,
        reactions_store=data.store,
        counted=RedisCounted(resources.redis, PostgresCheckpoints(resources.postgres)),
        publisher=resources.events,
        clock=resources.clock,
    )
    alone = Alone(RedisLeases(resources.redis), token_hex(8))
    advance = alone.doing("erase", 1.0, erasing.advance)
    return Built(Erase(erasures), periodic=[Periodic("erase.advance", 1.0, advance)])
