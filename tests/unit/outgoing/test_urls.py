"""How addresses are read, and that none of their secrets is shown."""

import pytest

from longshore.outgoing import OutgoingRefused, OutgoingUrl


@pytest.mark.parametrize(
    ("text", "shown", "target"),
    [
        ("https://example.com", "https://example.com/", "/"),
        ("HTTPS://Example.COM.:443/A.csv#top", "https://example.com/A.csv", "/A.csv"),
        ("http://example.com:8080/a?b=c", "http://example.com:8080/a", "/a?b=c"),
        ("http://example.com?b=c", "http://example.com/", "/?b=c"),
        (
            "https://bücher.example/ä b".replace(" ", ""),
            "https://xn--bcher-kva.example/%C3%A4b",
            None,
        ),
        ("http://[2606:4700:0:0::1111]/", "http://[2606:4700::1111]/", "/"),
        ("http://0x8.8.2056/", "http://8.8.8.8/", "/"),
        ("https://example.com/a%2Fb%20c", "https://example.com/a%2Fb%20c", "/a%2Fb%20c"),
    ],
)
def test_addresses_are_read_in_one_way(text: str, shown: str, target: str | None) -> None:
    url = OutgoingUrl.read(text)
    assert url.shown == shown
    assert target is None or url.target == target


@pytest.mark.parametrize(
    "text",
    [
        "example.com/a.csv",
        "//example.com/a.csv",
        "https:///a.csv",
        "https://",
        "https://exa mple.com/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com\t/",
        "https://exam\u00adple.com/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:８０/",
        "https://example.com:80:80/",
        "https://a@b@example.com/",
        "https://[::1/",
        "https://[::1]x/",
        "https://[example.com]/",
        "https://::1/",
        "https://1.2.3.4.5/",
        "https://256.1.1.1/",
        "https://1.2.3.08/",
        "https://example.0x/",
        "https://-example.com/",
        "https://example..com/",
        "https://example%2ecom/",
        "https://exa℀mple.com/",
        f"https://example.com/{'a' * 9000}",
    ],
)
def test_what_might_mean_two_things_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(OutgoingRefused) as refused:
        OutgoingUrl.read(text)
    assert "127.0.0.1" not in refused.value.message
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "data", "jar", "s3", "javascript"])
def test_other_schemes_are_refused_by_name(scheme: str) -> None:
    with pytest.raises(OutgoingRefused, match=f"addresses of {scheme}: are not fetched"):
        OutgoingUrl.read(f"{scheme}://example.com/a.csv")


def test_a_name_and_a_password_become_a_header_and_are_shown_nowhere() -> None:
    url = OutgoingUrl.read("https://shop:pa%40ss%3Aword@example.com/a.csv?X-Signature=s3cret")
    assert url.authorization == "Basic c2hvcDpwYUBzczp3b3Jk"  # shop:pa@ss:word
    for text in (repr(url), str(url), url.shown):
        assert not any(each in text for each in ("shop", "pa%40ss", "c2hvc", "s3cret"))
