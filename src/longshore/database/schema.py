"""What the tables of all packages share: one metadata, one way to name things, column types.

Also the two tables that belong to no concept of the domain: the installation's own row and the
sequence of ids.
"""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

# Names of constraints and indexes never depend on a database's own habits; with the longest
# table and column they stay below the 63 bytes that PostgreSQL allows.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A primary key of one integer. On SQLite it must be spelled INTEGER to be the row's own number;
# any other spelling costs a second index.
Identity = BigInteger().with_variant(Integer(), "sqlite")

# Text that is compared and ordered as bytes. SQLite does so by itself; PostgreSQL would follow
# the language of the cluster.
BytewiseText = Text().with_variant(Text(collation="C"), "postgresql")

installation = Table(
    "installation",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),  # always 1
    Column("public_id_secret", BigInteger, nullable=False),
    Column("url_secret", Text, nullable=False),  # signs addresses that need no token; hexadecimal
    Column("created_at", BigInteger, nullable=False),
    # The last migration of the job engine's tables that was applied; null: it has none here.
    Column("job_schema", Text),
    # How far the copy of another installation is; null: the database is whole (`founding`).
    Column("copying", Text),
    # When stored keys were last brought to the spelling of keys; null: releases before 0.2 may
    # have left others.
    Column("keys_spelled_at", BigInteger),
    # The key of public ids, hexadecimal, and the last numbers of records and of events that were
    # given before there was one. Never null once a database is migrated (`migrating`).
    Column("public_id_key", Text),
    Column("records_before_key", BigInteger),
    Column("events_before_key", BigInteger),
)

# `value` is the last number given. An embedded database gives ids inside the transaction that uses
# them; PostgreSQL has a sequence of its own for it, which no transaction holds.
sequences = Table(
    "sequences",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
