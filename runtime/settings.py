"""The settings of every process, read once from the environment (contract, section 2).

`Settings` is a value; only `load_settings` knows names and texts. A process states which settings
it cannot do without, so that a consumer starts without the secret that only the API needs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from runtime.setting_values import SettingError, Values

ENGINES: Final = (
    "EXPLORE_POSTGRES_DSN",
    "EXPLORE_REDIS_URL",
    "EXPLORE_KAFKA_BOOTSTRAP",
    "EXPLORE_OPENSEARCH_URL",
)
NEEDED_IN_PRODUCTION: Final = (
    "EXPLORE_SECRET",
    "EXPLORE_JWKS",
    "EXPLORE_JWT_ISSUER",
    "EXPLORE_JWT_AUDIENCE",
)
SHORTEST_SECRET: Final = 32  # characters; fewer could be guessed from a signed text
DEVELOPMENT_SECRET: Final = "development-only-secret-of-no-value"  # noqa: S105 - protects nothing


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Documents(StrEnum):
    """Whether only stored operations are served, or texts as well."""

    REQUIRED = "required"
    PREFERRED = "preferred"


class HttpProfile(StrEnum):
    """Which edition of GraphQL over HTTP decides about status codes."""

    LEGACY = "legacy"
    SEPTEMBER_2026 = "2026-09"


class Membership(StrEnum):
    """Whether a consumer joins a group or owns all partitions (brokers without groups)."""

    GROUP = "group"
    SOLE = "sole"


class LogFormat(StrEnum):
    AUTO = "auto"  # console at a terminal, JSON elsewhere
    CONSOLE = "console"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times are in seconds. Empty texts and tuples mean: not given."""

    environment: Environment
    postgres_dsn: str
    postgres_replica_dsn: str
    redis_url: str
    kafka_bootstrap: str
    opensearch_url: str
    http_host: str
    http_port: int
    http_profile: HttpProfile
    secrets: tuple[str, ...]  # the first one signs, all of them verify
    jwks: str
    demo_signing_key: str  # of GraphiQL\'s buttons in a demo; production has none, whatever is set
    jwt_issuer: str
    jwt_audience: str
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    allowed_origins: tuple[str, ...]  # of WebSocket handshakes from other sites
    documents: Documents
    redis_timeout: float
    postgres_timeout: float
    search_timeout: float
    kafka_timeout: float
    request_timeout: float  # a whole query
    mutation_timeout: float  # a whole mutation: it waits for Kafka
    drain: float  # between the signal to stop and the last accepted connection
    consumer_membership: Membership
    search_capacity: int  # posts that the search engine can bear, and of others; 0: all
    static_lists: str  # path of the lists that are served when every engine is away
    policy: str  # path of the table that is in force; empty: the default
    models: str  # folder of the classifiers' models; empty: those that are shipped
    media_hosts: tuple[str, ...]  # whose pictures classifiers look at; none: at no picture
    log_format: LogFormat
    log_level: str
    otlp_endpoint: str

    @property
    def is_development(self) -> bool:
        return self.environment is Environment.DEVELOPMENT


def load_settings(environment: Mapping[str, str], *, needed: Collection[str] = ()) -> Settings:
    """Read and check all settings; `needed` names those without which this process cannot work.

    Raises:
        SettingError: the first one that is broken or missing.

    """
    values = Values(environment)
    where = values.choice("EXPLORE_ENVIRONMENT", Environment.PRODUCTION)
    in_development = where is Environment.DEVELOPMENT
    for name in needed:
        if name not in NEEDED_IN_PRODUCTION or not in_development:
            values.require(name)
    postgres = values.url("EXPLORE_POSTGRES_DSN", ("postgresql", "postgres"))
    replica = values.url("EXPLORE_POSTGRES_REPLICA_DSN", ("postgresql", "postgres"))
    strict_documents = Documents.PREFERRED if in_development else Documents.REQUIRED
    return Settings(
        environment=where,
        postgres_dsn=postgres,
        postgres_replica_dsn=replica or postgres,
        redis_url=values.url("EXPLORE_REDIS_URL", ("redis", "rediss", "redis+cluster")),
        kafka_bootstrap=values.addresses("EXPLORE_KAFKA_BOOTSTRAP"),
        opensearch_url=values.url("EXPLORE_OPENSEARCH_URL", ("http", "https")),
        http_host=values.text("EXPLORE_HTTP_HOST", "127.0.0.1" if in_development else "0.0.0.0"),  # noqa: S104 - a container serves its network
        http_port=values.port("EXPLORE_HTTP_PORT", 8000),
        http_profile=values.choice("EXPLORE_HTTP_PROFILE", HttpProfile.LEGACY),
        secrets=_secrets(values, in_development=in_development),
        jwks=values.file_or_url("EXPLORE_JWKS"),
        demo_signing_key=values.text("EXPLORE_DEMO_SIGNING_KEY") if in_development else "",
        jwt_issuer=values.text("EXPLORE_JWT_ISSUER", "explore" if in_development else ""),
        jwt_audience=values.text("EXPLORE_JWT_AUDIENCE", "explore" if in_development else ""),
        trusted_proxies=values.networks("EXPLORE_TRUSTED_PROXIES"),
        allowed_origins=values.origins("EXPLORE_ALLOWED_ORIGINS"),
        documents=values.choice("EXPLORE_DOCUMENTS", strict_documents),
        redis_timeout=values.milliseconds("EXPLORE_REDIS_TIMEOUT_MS", 30),
        postgres_timeout=values.milliseconds("EXPLORE_POSTGRES_TIMEOUT_MS", 80),
        search_timeout=values.milliseconds("EXPLORE_SEARCH_TIMEOUT_MS", 80),
        kafka_timeout=values.milliseconds("EXPLORE_KAFKA_TIMEOUT_MS", 1_000),
        request_timeout=values.milliseconds("EXPLORE_REQUEST_TIMEOUT_MS", 150),
        mutation_timeout=values.milliseconds("EXPLORE_MUTATION_TIMEOUT_MS", 2_000),
        drain=values.milliseconds("EXPLORE_DRAIN_MS", 0 if in_development else 1_500),
        consumer_membership=values.choice("EXPLORE_CONSUMER_MEMBERSHIP", Membership.GROUP),
        search_capacity=values.whole("EXPLORE_SEARCH_CAPACITY", 0, 10_000),
        static_lists=values.text("EXPLORE_STATIC_LISTS", ".explore/static-lists.msgpack"),
        policy=values.text("EXPLORE_POLICY", ""),
        models=values.text("EXPLORE_MODELS", ""),
        media_hosts=values.hosts("EXPLORE_MEDIA_HOSTS"),
        log_format=values.choice("EXPLORE_LOG_FORMAT", LogFormat.AUTO),
        log_level=values.log_level("EXPLORE_LOG_LEVEL"),
        otlp_endpoint=values.url("OTEL_EXPORTER_OTLP_ENDPOINT", ("http", "https")),
    )


def _secrets(values: Values, *, in_development: bool) -> tuple[str, ...]:
    name = "EXPLORE_SECRET"
    given = values.listed(name)
    if not given:
        return (DEVELOPMENT_SECRET,) if in_development else ()
    if len(given) > 2:  # noqa: PLR2004 - the new one and the one it replaces
        raise SettingError(name, "has more than two values", "give the new one and the old one")
    if not in_development and any(len(secret) < SHORTEST_SECRET for secret in given):
        raise SettingError(
            name, f"is shorter than {SHORTEST_SECRET} characters", "make one of 32 random bytes"
        )
    return given
