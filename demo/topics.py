"""A demo makes its topics itself, whatever the environment says: its broker forgets them."""

from consumers.topics import make_topics
from runtime.settings import Settings
from runtime.start import CannotStart


class OwnTopics:
    """Made before each start of the consumers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made = False

    async def make(self) -> None:
        """Make those that are missing.

        Raises:
            CannotStart: Kafka does not answer, and never did; later, consumers wait for it.

        """
        try:
            await make_topics(self._settings)
        except CannotStart:
            if not self._made:
                raise
        self._made = True
