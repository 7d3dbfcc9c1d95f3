"""The table of processes that share an installation."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from longshore.database import metadata

processes = Table(
    "processes",
    metadata,
    Column("name", Text, primary_key=True),  # as PostgreSQL calls its connections
    Column("kind", Text, nullable=False),  # server, worker, command
    Column("host", Text, nullable=False),  # for people
    Column("machine", Text, nullable=False),  # tells machines with one name apart
    Column("pid", Integer, nullable=False),
    Column("attachments", Text, nullable=False),  # where it keeps them
    Column("started_at", BigInteger, nullable=False),
    Column("heartbeat_at", BigInteger, nullable=False),
    Index("ix_processes_heartbeat_at", "heartbeat_at"),
)
