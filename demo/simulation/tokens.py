"""Access tokens of simulated people, signed with the demo's own key and renewed in time."""

from pathlib import Path

from demo.world.people import Person
from runtime.clock import Clock
from server.token_signing import LIFE, Claims, sign


class Tokens:
    """One token per person, kept for two thirds of its life; bounded by the number of people."""

    def __init__(
        self, key_file: Path, people: list[Person], issuer: str, audience: str, clock: Clock
    ) -> None:
        self._key_file = key_file
        self._regions = {person.id: person.region for person in people}
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._signed: dict[str, tuple[float, str]] = {}

    def of(self, viewer: str) -> str:
        now = self._clock.now()
        at, token = self._signed.get(viewer, (float("-inf"), ""))
        if now - at > LIFE * 2 / 3:
            claims = Claims(sub=viewer, region=self._regions.get(viewer))
            token = sign(
                self._key_file, claims, issuer=self._issuer, audience=self._audience, now=now
            )
            self._signed[viewer] = (now, token)
        return token
