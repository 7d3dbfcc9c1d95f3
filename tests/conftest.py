"""Settings that every test shares: how hard the properties and the crash tests try.

Examples have no deadline, because a loaded machine must not fail a correct property. The profile
`dev` keeps the suite quick; `gate` (chosen by `.ci/run` with the environment variable
HYPOTHESIS_PROFILE) tries the same examples each time, so that a commit and not luck decides whether
it passes; `ci` tries more and prints how to repeat a failure, `long` (chosen by `make long`) very
many.
"""

import os
import random
import signal
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, settings

from longshore.database import Database
from longshore.settings import Settings
from tests.postgresql import VARIABLE, PostgresDatabases, PostgresServer
from tests.s3 import KEY, SECRET, S3Server

settings.register_profile(
    "dev",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "gate",
    parent=settings.get_profile("dev"),
    derandomize=True,
    max_examples=25,  # more of the same would find no more the next time
)
settings.register_profile(
    "ci",
    parent=settings.get_profile("dev"),
    max_examples=100,
    print_blob=True,
)
settings.register_profile(
    "long",
    parent=settings.get_profile("ci"),
    max_examples=30_000,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def _hear_signals() -> None:
    """Let the programs that tests start hear the signals that tests send.

    A shell lets what runs in its background ignore SIGINT, `nohup` lets it ignore SIGHUP, and a
    program inherits what is ignored; what is handled is not inherited (execve(2)).
    """
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, lambda _number, _frame: None),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


_hear_signals()

# The programs that tests start compile what they load once, not each anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crash-kills",
        type=int,
        default=15,
        metavar="N",
        help="at how many random instants the crash tests kill a process (default: 15)",
    )
    parser.addoption(
        "--all-databases",
        action="store_true",
        help="run every test on both databases, and every case of those that start processes "
        "(default: a part of them, when the whole suite is run)",
    )
    parser.addoption(
        "--journey-rows",
        type=int,
        default=300,
        metavar="N",
        help="rows of the file that is imported in a browser (default: 300)",
    )
    parser.addoption(
        "--chaos-kills",
        type=int,
        default=0,
        metavar="N",
        help="how many workers the chaos test kills or stops at least (default: those of 12 "
        "imports)",
    )
    parser.addoption(
        "--order-imports",
        type=int,
        default=5,
        metavar="N",
        help="how many imports over the same records are submitted while runners die (default: 5)",
    )
    parser.addoption(
        "--books",
        type=int,
        default=20,
        metavar="N",
        help="how many random files are imported under stop rules, interruptions and kills "
        "(default: 20)",
    )
    parser.addoption(
        "--fuzz-examples",
        type=int,
        default=2,
        metavar="N",
        help="how many allowed and broken requests each operation is sent (default: 2)",
    )
    parser.addoption(
        "--types-seed",
        type=int,
        metavar="N",
        help="draws the types whose files go through every size of chunk (default: a random one)",
    )
    parser.addoption(
        "--types",
        metavar="NAMES",
        help="those types instead, separated by commas, or all",
    )
    parser.addoption(
        "--types-examples",
        type=int,
        default=10,
        metavar="N",
        help="how many random files of each of these types are imported (default: 10)",
    )
    parser.addoption(
        "--shopify-rows",
        type=int,
        default=2_000,
        help="how many rows tests import of a large product file of Shopify",
    )
    parser.addoption(
        "--workbook-rows",
        type=int,
        default=5_000,
        metavar="COUNT",
        help="rows of the workbook whose import is measured",
    )
    parser.addoption(
        "--judged-rows",
        type=int,
        default=20_000,
        metavar="COUNT",
        help="rows of the file that is all or nothing, and of which one fails",
    )
    parser.addoption(
        "--attacks-at-full-size",
        action="store_true",
        help="attack servers as hard as those that were once taken down",
    )
    parser.addoption(
        "--uploads-at-full-size",
        action="store_true",
        help="send a file of a million rows while its way breaks",
    )
    parser.addoption(
        "--seeder-data",
        metavar="FOLDER",
        help="a demo store that the official seeder reads (default: a small one of the tests)",
    )
    parser.addoption(
        "--accept-documents",
        action="store_true",
        help="write the golden documents of tests/wire anew instead of comparing them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed of the types once, for all processes that share the tests."""
    if config.option.types_seed is None:
        given = getattr(config, "workerinput", {})
        drawn = 0 if settings().derandomize else random.randrange(10_000)
        config.option.types_seed = given.get("types_seed", drawn)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process that shares the tests the seed."""
    node.workerinput["types_seed"] = node.config.option.types_seed


def pytest_report_header(config: pytest.Config) -> str:
    return f"types: --types-seed={config.option.types_seed}"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: many tests wait for processes of their own."""
    return (os.cpu_count() or 1) + 1


# Above the database these are the same code, so that of their tests a few on PostgreSQL show what
# the others would; all of them run with `--all-databases`, and where a part is asked for.
_ABOVE_DATABASES = frozenset(
    {
        "access",
        "api",
        "api_imports",
        "cli",
        "clients",
        "engine",
        "groups",
        "history",
        "imports",
        "journal",
        "reading",
        "records",
        "removal",
        "saved_mappings",
    }
)
# The fixtures that say where a test runs, and what they say for PostgreSQL.
_ON_POSTGRESQL = {
    "kind_of_database": "postgresql",
    "imports_server": "shared_server",
    "imports_tls_server": "shared_tls_server",
}
_KEPT_OF = 4
# Each case of these takes seconds, because it starts processes and mostly ends them: every second
# case of a test is run with the whole suite, all of them in `make long`.
_OF_PROCESSES = frozenset({"chaos", "crash", "migration", "serving"})
_CASES_KEPT_OF = 2
_WHOLE_SUITE = 5_000  # tests; whoever asks for a part gets fewer


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, or one core works on it while the others have nothing."""
    items.sort(key=lambda item: "real_data" not in item.path.parts)
    if len(items) < _WHOLE_SUITE or config.getoption("--all-databases"):
        return
    left_out = {item for item in items if _is_left_out(item)} | _cases_left_out(items)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _is_left_out(item: pytest.Item) -> bool:
    """Whether a test is one of those on PostgreSQL of which a part is run; always the same."""
    given = _parameters(item)
    is_on_postgresql = any(given.get(name) == kind for name, kind in _ON_POSTGRESQL.items())
    is_above = is_on_postgresql and item.path.parent.name in _ABOVE_DATABASES
    return is_above and zlib.crc32(item.nodeid.encode()) % _KEPT_OF != 0


def _cases_left_out(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """The cases of tests of processes that are not run; always the same, and not of all tests those
    on the same database."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.path.parent.name in _OF_PROCESSES and _parameters(item):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return {
        item
        for test, found in cases.items()
        for place, item in enumerate(found, start=zlib.crc32(test.encode()))
        if place % _CASES_KEPT_OF and len(found) > 1
    }


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    call = getattr(item, "callspec", None)
    return {} if call is None else call.params


@pytest.fixture
def crash_kills(request: pytest.FixtureRequest) -> int:
    """At how many random instants a crash test kills its process."""
    kills = request.config.getoption("--crash-kills")
    assert isinstance(kills, int)
    return kills


@pytest.fixture
def chaos_kills(request: pytest.FixtureRequest) -> int:
    """How many workers the chaos test kills or stops at least."""
    kills = request.config.getoption("--chaos-kills")
    assert isinstance(kills, int)
    return kills


@pytest.fixture
def order_imports(request: pytest.FixtureRequest) -> int:
    """How many imports over the same records are submitted while those who run them die."""
    imports = request.config.getoption("--order-imports")
    assert isinstance(imports, int)
    return imports


@pytest.fixture
def books_count(request: pytest.FixtureRequest) -> int:
    """How many random files are imported under stop rules, interruptions and kills."""
    count = request.config.getoption("--books")
    assert isinstance(count, int)
    return count


@pytest.fixture
def fuzz_examples(request: pytest.FixtureRequest) -> int:
    """How many allowed and how many broken requests each operation is sent."""
    examples = request.config.getoption("--fuzz-examples")
    assert isinstance(examples, int)
    return examples


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    """Databases of a PostgreSQL server: one that the environment names, or one of our own."""
    given = os.environ.get(VARIABLE)
    if given:
        databases = PostgresDatabases(given)
        yield databases
        databases.drop_all()
        return
    server = PostgresServer()
    yield PostgresDatabases(server.url())
    server.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    server = S3Server(tmp_path_factory.mktemp("s3"))
    yield server
    server.close()


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """An S3-compatible store, and the credentials for it in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    return s3_server


@pytest.fixture(scope="session")
def migrated_postgresql(
    postgresql: PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a prepared database without any data, to be copied."""
    name = postgresql.create()
    settings = Settings(database_url=postgresql.url(name))
    Database.open(tmp_path_factory.mktemp("data"), settings).close()
    return name


def _be_patient() -> None:
    """Let requests to servers of tests wait as long as a machine needs that does other things too,
    where a test says nothing else: 5 seconds, the default, are over while a key is made."""
    patience = httpx2.Timeout(60)
    for function in (httpx2.get, httpx2.post, httpx2.delete):
        assert function.__kwdefaults__ is not None
        function.__kwdefaults__["timeout"] = patience


_be_patient()
