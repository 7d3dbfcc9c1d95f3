"""Settings from the environment."""

import dataclasses
from pathlib import Path

import pytest

from longshore.errors import RequestRefused
from longshore.settings import Settings, settings_reference


def test_without_variables_every_setting_has_its_default():
    assert Settings.from_environment({"PATH": "/bin", "longshore_data": "x"}) == Settings()


def test_each_setting_is_read_from_the_variable_of_its_name():
    settings = Settings.from_environment(
        {
            "LONGSHORE_DATA": "/srv/longshore",
            "LONGSHORE_CHUNK_ROWS": " 7 ",
            "LONGSHORE_LOCK_WAIT_SECONDS": "0.5",
            "LONGSHORE_LOG_FORMAT": "json",
        }
    )
    assert settings == Settings(
        data=Path("/srv/longshore"), chunk_rows=7, lock_wait_seconds=0.5, log_format="json"
    )


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("domain", "Shop.Example.com", "shop.example.com"),
        ("domain", "localhost:8443", "localhost:8443"),
        ("base_url", "HTTPS://Example.com:8443", "https://example.com:8443"),
        ("base_url", "http://[::1]:8000", "http://[::1]:8000"),
        ("trusted_proxies", " 10.0.0.1, fd00::/8,,", "10.0.0.1/32,fd00::/8"),
        ("trusted_proxies", "", ""),
        ("attachments", "/srv/attachments", "/srv/attachments"),
        ("attachments", "s3://shop-imports/", "s3://shop-imports"),
        ("attachments", "s3://shop.imports/Longshore/a_b", "s3://shop.imports/Longshore/a_b"),
        ("s3_endpoint", "http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
        (
            "s3_endpoint",
            "https://x.example.com/Storage/v1/s3",
            "https://x.example.com/Storage/v1/s3",
        ),
        ("s3_region", "auto", "auto"),
        ("attachments_shared", "true", True),
        ("attachments_shared", "false", False),
    ],
)
def test_hosts_networks_and_places_are_read_as_people_write_them(variable, value, read):
    settings = Settings.from_environment({f"LONGSHORE_{variable.upper()}": value})
    assert getattr(settings, variable) == read


def test_trusted_proxies_are_networks():
    settings = Settings(trusted_proxies="10.0.0.1/32,fd00::/8")
    assert [str(each) for each in settings.trusted_networks] == ["10.0.0.1/32", "fd00::/8"]
    assert Settings().trusted_networks == ()


def test_variables_of_the_test_suite_are_no_settings():
    assert Settings.from_environment({"LONGSHORE_TEST_KILLS": "3"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LONGSHORE_CHUNK_ROW", "1", "no such setting, did you mean LONGSHORE_CHUNK_ROWS?"),
        ("LONGSHORE_XYZZY_PLUGH", "1", "LONGSHORE_XYZZY_PLUGH: no such setting"),
        ("LONGSHORE_CHUNK_ROWS", "-1", "expected 0 to 50000 rows, found -1"),
        ("LONGSHORE_CHUNK_ROWS_FIRST", "0", "expected 1 to 50000 rows, found 0"),
        ("LONGSHORE_CHUNK_ROWS", "50001", "expected 0 to 50000 rows, found 50001"),
        ("LONGSHORE_CHUNK_ROWS", "many", "expected a whole number, found 'many'"),
        ("LONGSHORE_CHUNK_ROWS", "1.5", "expected a whole number, found '1.5'"),
        ("LONGSHORE_CHUNK_ROWS", "", "expected a whole number, found ''"),
        ("LONGSHORE_LOCK_WAIT_SECONDS", "nan", "expected a number, found 'nan'"),
        ("LONGSHORE_LOCK_WAIT_SECONDS", "inf", "expected a number, found 'inf'"),
        ("LONGSHORE_LOCK_WAIT_SECONDS", "-1", "expected 0 to 3600 seconds, found -1"),
        ("LONGSHORE_LOG_FORMAT", "yaml", "expected one of text, json, found 'yaml'"),
        ("LONGSHORE_DATA", " ", "expected a folder, found nothing"),
        ("LONGSHORE_DOMAIN", "", "expected a host"),
        ("LONGSHORE_DOMAIN", "https://example.com", "expected a host"),
        ("LONGSHORE_DOMAIN", "exämple.com", "expected a host"),
        ("LONGSHORE_DOMAIN", "example.com/", "expected a host"),
        ("LONGSHORE_DOMAIN", "-example.com", "expected a host"),
        ("LONGSHORE_BASE_URL", "example.com", "expected http:// or https:// and a host"),
        ("LONGSHORE_BASE_URL", "https://example.com/", "expected http:// or https:// and a host"),
        ("LONGSHORE_BASE_URL", "ftp://example.com", "expected http:// or https:// and a host"),
        ("LONGSHORE_TRUSTED_PROXIES", "10.0.0.1, proxy", "'proxy' does not appear to be"),
        ("LONGSHORE_TRUSTED_PROXIES", "10.0.0.1/8", "has host bits set"),
        ("LONGSHORE_ATTACHMENTS", "s3://", "expected a folder, s3://BUCKET or s3://BUCKET/PREFIX"),
        ("LONGSHORE_ATTACHMENTS", "s3://Shop", "expected a folder, s3://BUCKET"),
        ("LONGSHORE_ATTACHMENTS", "s3://shop//a", "expected a folder, s3://BUCKET"),
        ("LONGSHORE_ATTACHMENTS", "gs://shop", "expected a folder, s3://BUCKET"),
        ("LONGSHORE_ATTACHMENTS_SHARED", "yes", "expected true or false, found 'yes'"),
        ("LONGSHORE_S3_ENDPOINT", "minio:9000", "expected http:// or https:// and a host"),
        ("LONGSHORE_S3_REGION", "", "expected the name of a region, found ''"),
        ("LONGSHORE_RATE_LIMIT_REQUESTS", "0", "expected 1 to 1000000000 requests, found 0"),
        ("LONGSHORE_RATE_LIMIT_PRESET", "strict", "expected one of none, commerce_layer"),
    ],
)
def test_an_unfit_setting_is_refused_with_what_was_expected(variable, value, message):
    with pytest.raises(RequestRefused) as refused:
        Settings.from_environment({variable: value})
    assert message in refused.value.message
    assert variable in refused.value.message


def test_an_endpoint_with_a_password_in_it_is_not_repeated():
    with pytest.raises(RequestRefused) as refused:
        Settings.from_environment({"LONGSHORE_S3_ENDPOINT": "https://key:secret@example.com"})
    assert "secret" not in refused.value.message


def test_all_problems_are_reported_at_once():
    with pytest.raises(RequestRefused) as refused:
        Settings.from_environment(
            {"LONGSHORE_CHUNK_ROWS": "-1", "LONGSHORE_NO": "1", "LONGSHORE_LOG_FORMAT": "x"}
        )
    for variable in ("LONGSHORE_CHUNK_ROWS", "LONGSHORE_NO", "LONGSHORE_LOG_FORMAT"):
        assert variable in refused.value.message


def test_the_reference_holds_every_setting_with_unit_default_and_reason():
    rows = {row.variable: row for row in settings_reference()}
    for setting in dataclasses.fields(Settings):
        row = rows.pop(f"LONGSHORE_{setting.name.upper()}")
        expected = str(setting.default)
        assert row.default == (expected.lower() if setting.type is bool else expected)
        assert row.unit
        assert row.reason.endswith(".")
    assert not rows


def test_every_default_is_within_its_own_bounds():
    environ = {row.variable: row.default for row in settings_reference()}
    assert Settings.from_environment(environ) == Settings()
