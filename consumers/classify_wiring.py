"""What ``classify`` is made of: models, pictures' hosts and the process that looks at pictures."""

from pathlib import Path
from typing import Final

import structlog

from consumers.asked_stores import POSTGRESQL
from consumers.classifier_models import ClassifierModels
from consumers.handlers.classify import Classify, ClassifyStores
from consumers.images.fetching import Fetching
from consumers.images.media_hosts import MediaHosts
from consumers.images.post_images import PostImages
from consumers.periodic import Periodic
from consumers.registry import Built
from consumers.resources import Resources
from ml.shelf import Shelf
from ml.vision.apart import OpenNsfw
from stores.postgres_accounts import PostgresAccounts
from stores.postgres_classifications import PostgresClassifications
from stores.postgres_shadow_scores import PostgresShadowScores

CLASSIFIED_AT_A_TIME: Final = 256  # posts; one takes about ten milliseconds
SEEN_AT_A_TIME: Final = 64  # posts with pictures, which may take seconds when their host hangs
MINUTE: Final = 60.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def classify(resources: Resources) -> Built:
    folder = resources.settings.models
    hosts = MediaHosts(resources.settings.media_hosts)
    vision = OpenNsfw()
    if not hosts:
        log.info("images.ignored", remedy="name their hosts in EXPLORE_MEDIA_HOSTS")
    models = ClassifierModels(
        Shelf(Path(folder)) if folder else Shelf(),
        resources.metrics,
        image_model=vision if hosts else None,
    )
    images = PostImages(hosts, Fetching(hosts), vision, resources.metrics)
    stores = ClassifyStores(
        PostgresClassifications(resources.postgres),
        PostgresAccounts(resources.postgres),
        PostgresShadowScores(resources.postgres),
    )
    handler = Classify(
        models, images, stores, resources.events, resources.clock, resources.metrics
    )

    async def close() -> None:
        await models.close()
        await vision.close()

    return Built(
        handler,
        stores=(POSTGRESQL,),
        most=SEEN_AT_A_TIME if hosts else CLASSIFIED_AT_A_TIME,
        periodic=[
            Periodic("models.refresh", 10.0, models.refresh),
            Periodic("classify.missed", MINUTE, handler.catch_up),
            Periodic("shadows.drop", 60 * MINUTE, handler.drop_old_shadows),
        ],
        finish=Periodic("models.close", 0.0, close),
        works=lambda: models.is_alive,
    )
