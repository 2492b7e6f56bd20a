"""Which addresses may be asked: what the client would read, not what the text looks like."""

import pytest

from consumers.images.media_hosts import MediaHosts

HOSTS = MediaHosts(["img.example", "cdn.example:8443", "127.0.0.1:8080", "[::1]:8080"])


@pytest.mark.parametrize(
    "address",
    [
        "https://img.example/a.jpg",
        "http://img.example/a.jpg",
        "HTTPS://IMG.EXAMPLE:443/a.jpg?size=2#part",
        "https://cdn.example:8443/a.jpg",
        "http://127.0.0.1:8080/a.jpg",
        "http://[::1]:8080/a.jpg",
    ],
)
def test_hosts_that_are_named_are_admitted(address: str) -> None:
    assert HOSTS.admitted(address) is not None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.jpg",
        "//img.example/a.jpg",
        "https:///a.jpg",
        "ftp://img.example/a.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "gopher://img.example/a.jpg",
        "https://other.example/a.jpg",
        "https://img.example.evil.example/a.jpg",
        "https://evil-img.example/a.jpg",
        "https://sub.img.example/a.jpg",
        "https://img.example./a.jpg",
        "https://img.example:8443/a.jpg",
        "https://img.example:22/a.jpg",
        "http://img.example:443/a.jpg",
        "https://cdn.example/a.jpg",
        "https://img.example@evil.example/a.jpg",
        "https://img.example:443@evil.example/a.jpg",
        "https://user@img.example/a.jpg",
        "https://user:word@img.example/a.jpg",
        "https://evil.example\\@img.example/a.jpg",
        "https://img.example\\.evil.example/a.jpg",
        "https://evil.example#@img.example/a.jpg",
        "https://evil.example?@img.example/a.jpg",
        "http://127.0.0.1/a.jpg",
        "http://127.0.0.1:8081/a.jpg",
        "http://127.1:8080/a.jpg",
        "http://2130706433:8080/a.jpg",
        "http://0x7f000001:8080/a.jpg",
        "http://0177.0.0.1:8080/a.jpg",
        "http://localhost:8080/a.jpg",
        "http://[::ffff:127.0.0.1]:8080/a.jpg",
        "http://[::1/a.jpg",
        "https://img.example:99999/a.jpg",
        "https://img.example:x/a.jpg",
        "https://img.example/" + "a" * 2_048,
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert HOSTS.admitted(address) is None


def test_without_hosts_nothing_is() -> None:
    nobody = MediaHosts([])
    assert not nobody
    assert nobody.admitted("https://img.example/a.jpg") is None
