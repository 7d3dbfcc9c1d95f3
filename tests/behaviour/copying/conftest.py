"""An installation with something in every corner, and databases to copy it to."""

import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.access import (
    Mode,
    Tokens,
    add_environment,
    create_application,
    create_organization,
    issue_refresh_token,
)
from longshore.assembly import Longshore, open_longshore
from longshore.imports import GroupForm, ImportGroup, ImportRequest
from longshore.operations import Asker, GroupMember, GroupRequest, GroupSource, IncomingPart
from longshore.settings import Settings
from longshore.sources import Source
from longshore.uploads import NewUpload, Upload
from tests.behaviour.reading.shop import Shop
from tests.postgresql import PostgresDatabases


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with records of every type, imports of every status, tokens and a history."""
    folder = tmp_path_factory.mktemp("copying")
    with open_longshore(Settings(data=folder / "data")) as longshore:
        shop = Shop(longshore, folder)
        shop.fill(shop.catalogue.creatable)
        _let_tables_refer_to_each_other(shop)
        _fail_and_change(shop)
        longshore.import_groups.run(import_group(shop))
        _leave_open(shop)
        begin_upload(shop)
        _let_others_in(longshore)
    return folder / "data"


def _let_tables_refer_to_each_other(shop: Shop) -> None:
    """A market refers to payment methods, which refer to markets."""
    encode = shop.longshore.public_ids.encode
    with shop.longshore.database.read() as tx:
        ((market,), *_) = tx.fetch("SELECT id FROM markets")
        ((payment_method,), *_) = tx.fetch("SELECT id FROM payment_methods")
    text = f"id,default_payment_method_id\n{encode(market)},{encode(payment_method)}\n"
    assert shop.import_text("markets", text, suffix="csv").updated_count == 1


def _fail_and_change(shop: Shop) -> None:
    for name in ("Größe \U0001f6a2", "Ding\tund\\so"):
        rows = "".join(
            f"C{n},{name} {n},true,?,{'heavy' if n % 9 == 0 else n / 3}\n" for n in range(60)
        )
        import_ = shop.import_text(
            "skus", f"code,name,do_not_ship,unknown,weight\n{rows}", suffix="csv"
        )
        assert import_.errors_count == 7
    shop.import_text("tags", "name\nsummer\nwinter\n", suffix="csv")


def import_group(shop: Shop) -> ImportGroup:
    """A group that waits, with the file that its members were made of."""
    longshore = shop.longshore
    texts = {"tags": "name\nautumn\nspring\n", "shipping_zones": "name\nGroup\n"}
    members = [
        GroupMember(
            resource_type=resource_type,
            source=Source.from_stream(io.BytesIO(text.encode()), name=f"{resource_type}.csv"),
        )
        for resource_type, text in texts.items()
    ]
    file = Source.from_stream(io.BytesIO(b"tag,zone\nautumn,Group\nspring,\n"), name="all.csv")
    source = GroupSource(
        form=GroupForm.DIALECT,
        name="all.csv",
        members=members,
        original=longshore.attachments.write(file, is_ahead=True),
    )
    return longshore.group_submissions.submit(shop.environment, source, GroupRequest())


def _leave_open(shop: Shop) -> None:
    """An import that waits, and one that was left in the middle."""
    longshore = shop.longshore
    path = shop.folder / "open.csv"
    path.write_text("name\n" + "".join(f"Zone {n}\n" for n in range(40)), encoding="utf-8")
    for settings in (replace(longshore.settings, chunk_rows=10, chunk_rows_first=10), None):
        request = ImportRequest(resource_type="shipping_zones")
        submitted = longshore.submissions.submit(shop.environment, Source.from_path(path), request)
        if settings is not None:
            with open_longshore(settings) as other:
                stopped = other.import_runs.run(submitted.id, should_stop=lambda: True)
                assert 0 < stopped.processed_count < 40


def begin_upload(shop: Shop) -> Upload:
    """An upload of which half is there."""
    asker = Asker(environment=shop.environment)
    new = NewUpload(
        environment=shop.environment.number,
        application_id=None,
        name="tags.csv",
        resource_type="tags",
        size=None,
    )
    upload = shop.longshore.uploads.create(asker, new, answer=lambda _upload: b"")
    part = IncomingPart(offset=0, blocks=[b"name\nuploaded-one\n"])
    return shop.longshore.uploads.add_part(asker, upload.id, part)


def _let_others_in(longshore: Longshore) -> None:
    with longshore.database.write() as tx:
        create_organization(tx, "acme", {})
        environment = add_environment(tx, "acme", Mode.LIVE)
        credentials = create_application(tx, environment, "webapp")
        issue_refresh_token(tx, credentials.application, "market:all")
    tokens = Tokens(longshore.database, domain="localhost")
    tokens.revoke(tokens.sign(credentials.application).token)


@pytest.fixture
def source(installation: Path, tmp_path: Path) -> Path:
    """The same, as a folder of the test's own."""
    return Path(shutil.copytree(installation, tmp_path / "source"))


@pytest.fixture
def target(postgresql: PostgresDatabases, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation on PostgreSQL of which nothing is there."""
    name = postgresql.create()
    yield Settings(
        data=tmp_path / "target", database_url=postgresql.url(name), lock_wait_seconds=10
    )
    postgresql.drop(name)


@pytest.fixture
def sql(source: Path) -> Callable[[str], None]:
    """Changes the source behind everybody's back."""

    def run(statement: str) -> None:
        with closing(sqlite3.connect(source / "longshore.db")) as connection, connection:
            connection.execute(statement)

    return run
