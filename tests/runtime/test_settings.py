"""Every setting of the contract: its default, its forms, and what is said when it is wrong."""

from ipaddress import ip_network

import pytest

from runtime.setting_values import SettingError
from runtime.settings import (
    DEVELOPMENT_SECRET,
    ENGINES,
    NEEDED_IN_PRODUCTION,
    Documents,
    Environment,
    HttpProfile,
    LogFormat,
    Membership,
    load_settings,
)

SECRET = "s" * 32
PRODUCTION = {
    "EXPLORE_POSTGRES_DSN": "postgresql://explore@db:5432/explore",
    "EXPLORE_REDIS_URL": "rediss://cache:6379/0",
    "EXPLORE_KAFKA_BOOTSTRAP": "kafka-1:9092, kafka-2:9092",
    "EXPLORE_OPENSEARCH_URL": "https://search:9200",
    "EXPLORE_SECRET": f"{SECRET}, {SECRET}old",
    "EXPLORE_JWKS": "https://login.example/jwks.json",
    "EXPLORE_JWT_ISSUER": "https://login.example",
    "EXPLORE_JWT_AUDIENCE": "explore",
}
NEEDED = (*ENGINES, *NEEDED_IN_PRODUCTION)


def test_production_defaults() -> None:
    settings = load_settings(PRODUCTION, needed=NEEDED)
    assert settings.environment is Environment.PRODUCTION
    assert not settings.is_development
    assert settings.postgres_dsn == settings.postgres_replica_dsn
    assert settings.kafka_bootstrap == "kafka-1:9092,kafka-2:9092"
    assert settings.secrets == (SECRET, f"{SECRET}old")
    assert settings.documents is Documents.REQUIRED
    assert settings.http_profile is HttpProfile.LEGACY
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 8000)  # noqa: S104 - the default for containers
    assert (settings.redis_timeout, settings.postgres_timeout) == (0.03, 0.08)
    assert (settings.search_timeout, settings.request_timeout) == (0.08, 0.15)
    assert settings.drain == 1.5
    assert settings.consumer_membership is Membership.GROUP
    assert settings.log_format is LogFormat.AUTO
    assert settings.trusted_proxies == ()
    assert settings.media_hosts == ()
    assert settings.otlp_endpoint == ""


def test_development_needs_no_secret_and_no_keys() -> None:
    engines = {name: PRODUCTION[name] for name in ENGINES}
    settings = load_settings(engines | {"EXPLORE_ENVIRONMENT": "development"}, needed=NEEDED)
    assert settings.is_development
    assert settings.secrets == (DEVELOPMENT_SECRET,)
    assert settings.documents is Documents.PREFERRED
    assert (settings.jwt_issuer, settings.jwt_audience) == ("explore", "explore")
    assert settings.http_host == "127.0.0.1"
    assert settings.drain == 0.0


def test_what_may_be_chosen() -> None:
    chosen = {
        "EXPLORE_POSTGRES_REPLICA_DSN": "postgresql:///explore?host=/run/postgresql",
        "EXPLORE_REDIS_URL": "redis+cluster://a:7000",
        "EXPLORE_HTTP_PORT": "0",
        "EXPLORE_HTTP_PROFILE": "2026-09",
        "EXPLORE_DOCUMENTS": "preferred",
        "EXPLORE_TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16,::1",
        "EXPLORE_ALLOWED_ORIGINS": "https://explore.example",
        "EXPLORE_MEDIA_HOSTS": "IMG.example, cdn.example:8443,10.0.0.1,[::1]:80",
        "EXPLORE_SEARCH_TIMEOUT_MS": "400",
        "EXPLORE_CONSUMER_MEMBERSHIP": "sole",
        "EXPLORE_LOG_FORMAT": "console",
        "EXPLORE_LOG_LEVEL": "DEBUG",
        "EXPLORE_JWKS": "keys/jwks.json",
    }
    settings = load_settings(PRODUCTION | chosen, needed=NEEDED)
    assert settings.postgres_replica_dsn == "postgresql:///explore?host=/run/postgresql"
    assert settings.http_port == 0
    assert settings.http_profile is HttpProfile.SEPTEMBER_2026
    assert settings.documents is Documents.PREFERRED
    assert settings.trusted_proxies == (
        ip_network("10.0.0.1"),
        ip_network("192.168.0.0/16"),
        ip_network("::1"),
    )
    assert settings.media_hosts == (
        "img.example",
        "cdn.example:8443",
        "10.0.0.1",
        "[::1]:80",
    )
    assert settings.search_timeout == 0.4
    assert settings.consumer_membership is Membership.SOLE
    assert settings.log_level == "debug"
    assert settings.jwks == "keys/jwks.json"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("EXPLORE_ENVIRONMENT", "prod", 'EXPLORE_ENVIRONMENT is none of its values: use "dev'),
        ("EXPLORE_POSTGRES_DSN", "mysql://x", "begin it with postgresql://"),
        ("EXPLORE_POSTGRES_DSN", "postgresql://", "EXPLORE_POSTGRES_DSN is not a usable address"),
        ("EXPLORE_REDIS_URL", "redis://h:99999", "EXPLORE_REDIS_URL is not a usable address"),
        ("EXPLORE_KAFKA_BOOTSTRAP", "kafka", "use host:port,host:port"),
        ("EXPLORE_KAFKA_BOOTSTRAP", "kafka:0", "use host:port,host:port"),
        ("EXPLORE_OPENSEARCH_URL", "http://[", "EXPLORE_OPENSEARCH_URL is not a usable address"),
        (
            "EXPLORE_HTTP_PORT",
            "80a",
            "EXPLORE_HTTP_PORT is no number in its range: use 0 to 65535",
        ),
        ("EXPLORE_HTTP_PORT", "65536", "use 0 to 65535"),
        ("EXPLORE_HTTP_PORT", "²", "use 0 to 65535"),
        ("EXPLORE_HTTP_HOST", "a\x00b", "EXPLORE_HTTP_HOST has a control character"),
        ("EXPLORE_SECRET", "short", "EXPLORE_SECRET is shorter than 32 characters"),
        ("EXPLORE_SECRET", "a,b,c", "EXPLORE_SECRET has more than two values"),
        ("EXPLORE_SECRET", " ", "EXPLORE_SECRET is not set"),
        ("EXPLORE_JWKS", "ftp://x/y", "begin it with https://"),
        ("EXPLORE_JWT_ISSUER", "", "EXPLORE_JWT_ISSUER is not set"),
        ("EXPLORE_TRUSTED_PROXIES", "10.0.0.300", "use addresses or networks"),
        ("EXPLORE_TRUSTED_PROXIES", "10.0.0.1/8", "use addresses or networks"),
        ("EXPLORE_ALLOWED_ORIGINS", "https://a.example/path", "use origins without a path"),
        ("EXPLORE_MEDIA_HOSTS", "https://img.example", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "img.example/path", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "*.example", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "user@img.example", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "img.example:", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "img.example:0", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "img.example:99999", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "::1", "use names or addresses"),
        ("EXPLORE_MEDIA_HOSTS", "[::1", "use names or addresses"),
        ("EXPLORE_DOCUMENTS", "always", 'use "required" or "preferred"'),
        ("EXPLORE_HTTP_PROFILE", "2025", 'use "legacy" or "2026-09"'),
        ("EXPLORE_REDIS_TIMEOUT_MS", "-1", "use 0 to 600000"),
        ("EXPLORE_CONSUMER_MEMBERSHIP", "solo", 'use "group" or "sole"'),
        ("EXPLORE_LOG_FORMAT", "xml", 'use "auto" or "console" or "json"'),
        ("EXPLORE_LOG_LEVEL", "loud", "use one of debug, info, warning, error"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "begin it with http://"),
    ],
)
def test_a_broken_setting_is_named_with_its_remedy(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        load_settings(PRODUCTION | {name: value}, needed=NEEDED)
    assert caught.value.name == name
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        load_settings(PRODUCTION | {"EXPLORE_SECRET": "hush"}, needed=NEEDED)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", NEEDED)
def test_what_a_process_needs_must_be_there(name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(SettingError, match=f"{name} is not set"):
        load_settings(given, needed=NEEDED)
    assert load_settings(given)
