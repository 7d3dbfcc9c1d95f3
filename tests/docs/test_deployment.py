"""What runs longshore elsewhere fits it: the image, the composition of containers, systemd's units.

None of them is started here; what they name is compared with what there is.
"""

import configparser
import fnmatch
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from longshore.cli import program
from longshore.cli.places import Place
from longshore.settings import Settings
from tests.docs.pages import ROOT, blocks
from tests.docs.test_reference import commands

GUIDE = ROOT / "docs/guides/deploy.md"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<rule>[^}]*))?\}")


def assert_runs(words: list[str]) -> None:
    """That longshore understands a command."""
    command = commands()[words[0]]
    # click keeps a command's help option once it is made, so it is made as the program makes it.
    own = program.context_settings["help_option_names"]
    with command.make_context(words[0], words[1:], obj=Place(), help_option_names=own):
        pass


# The composition


def asked() -> dict[str, str]:
    """The variables that the composition is given, as in the example, the blank ones filled in."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value or "filled-in" for name, value in pairs}


@pytest.fixture
def text() -> str:
    return (ROOT / "compose.yaml").read_text("utf-8")


@pytest.fixture
def composition(text: str) -> Mapping[str, Any]:
    filled = VARIABLE.sub(lambda variable: asked()[variable["name"]], text)
    loaded = yaml.safe_load(filled)
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture
def services(composition: Mapping[str, Any]) -> Mapping[str, Any]:
    found = composition["services"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def ours(services: Mapping[str, Any]) -> Mapping[str, Any]:
    """The services that run longshore."""
    return {name: each for name, each in services.items() if each["image"] == "longshore"}


def test_every_service_runs_a_command_that_there_is(ours: Mapping[str, Any]) -> None:
    for service in ours.values():
        assert_runs(service["command"])
    run = [service["command"][0] for service in ours.values()]
    assert sorted(run) == ["migrate", "serve", "serve", "worker"]


def test_every_service_has_the_same_settings_and_they_can_be_read(ours: Mapping[str, Any]) -> None:
    """But for the role that migrates, which is the owner of the tables."""
    migrating = ours["migrate"]["environment"]
    (environment,) = {
        tuple(service["environment"].items()) for name, service in ours.items() if name != "migrate"
    }
    assert migrating.keys() == dict(environment).keys()
    different = {name for name, value in environment if migrating[name] != value}
    assert different <= {"LONGSHORE_DATABASE_URL", "PGPASSWORD"}
    settings = Settings.from_environment(dict(environment))
    assert settings.database_url
    assert settings.attachments.startswith("s3://")
    assert settings.s3_endpoint
    assert settings.trusted_networks


def test_what_a_service_waits_for_comes(services: Mapping[str, Any]) -> None:
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            other = services[name]
            if how["condition"] == "service_healthy":
                assert other["healthcheck"]["test"]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert other["restart"] == "on-failure"


def test_the_balancer_knows_every_server(composition: Mapping[str, Any]) -> None:
    servers = {
        f"{name}:{each['command'][each['command'].index('--port') + 1]}"
        for name, each in composition["services"].items()
        if each.get("command", [""])[0] == "serve"
    }
    assert set(re.findall(r"\S+-\d:\d+", composition["configs"]["balancer"]["content"])) == servers
    assert set(composition["services"]["balancer"]["depends_on"]) == {
        server.partition(":")[0] for server in servers
    }


def test_the_store_is_called_alike_by_processes_and_by_clients(
    ours: Mapping[str, Any], services: Mapping[str, Any]
) -> None:
    store = services["store"]
    (name,) = store["networks"]["default"]["aliases"]
    (port,) = store["ports"]
    outside, inside = port.split(":")
    assert outside == inside
    bucket = next(each for each in store["command"] if each.startswith("-bucket="))
    for service in ours.values():
        settings = Settings.from_environment(service["environment"])
        assert settings.s3_endpoint == f"http://{name}:{inside}"
        assert settings.attachments.startswith(f"s3://{bucket.removeprefix('-bucket=')}/")


def test_images_are_pinned_by_version_and_digest(services: Mapping[str, Any]) -> None:
    others = [each["image"] for each in services.values() if each["image"] != "longshore"]
    (build_image,) = [rest.partition("=")[2] for name, rest in instructions() if name == "ARG"]
    for image in (*others, build_image):
        assert re.fullmatch(r"[a-z/]+:\d+\.[\w.-]+@sha256:[0-9a-f]{64}", image), image


def test_no_service_may_write_to_its_image_or_become_more_than_it_is(
    services: Mapping[str, Any], ours: Mapping[str, Any]
) -> None:
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in service["tmpfs"]
        assert "privileged" not in service
    for service in ours.values():
        assert "cap_add" not in service
        # What /tmp holds is memory; what clients send is not to be kept there.
        assert service["environment"]["TMPDIR"] == dict(instructions())["VOLUME"]


def test_servers_and_workers_have_the_role_of_the_guide(
    composition: Mapping[str, Any], ours: Mapping[str, Any]
) -> None:
    roles = {name: each["environment"]["LONGSHORE_DATABASE_URL"] for name, each in ours.items()}
    owner = roles.pop("migrate")
    assert owner.startswith("postgresql://longshore@")
    assert {each.partition("@")[0] for each in roles.values()} == {"postgresql://longshore_app"}
    made = statements(composition["configs"]["role"]["content"])
    guide = statements(
        "\n".join(line for block in blocks(GUIDE) if block.info == "sql" for line in block.lines)
    )
    told = {each for each in made if "PASSWORD" not in each and "getenv" not in each}
    assert told <= guide
    # The others are of tables that are there, and of what the image sees to.
    assert {each for each in guide - made if "ON ALL" not in each and "PASSWORD" not in each} == {
        "ALTER DATABASE longshore OWNER TO longshore",
        "GRANT USAGE, CREATE ON SCHEMA public TO longshore",
    }


def statements(sql: str) -> set[str]:
    return {" ".join(each.split()) for each in sql.split(";") if each.strip()}


def test_every_variable_is_explained_and_no_secret_is_given(text: str) -> None:
    assert {variable["name"] for variable in VARIABLE.finditer(text)} == set(asked())
    secrets = [name for name in asked() if name.endswith(("PASSWORD", "KEY", "SECRET"))]
    assert len(secrets) == 4
    example = (ROOT / ".env.example").read_text("utf-8")
    for name in secrets:
        # Nothing stands in its place, and without it nothing starts.
        assert f"\n{name}=\n" in example
        assert {each["rule"] for each in VARIABLE.finditer(text) if each["name"] == name} == {"?"}
    for line in text.splitlines():
        name, colon, value = line.strip().partition(": ")
        if colon and name.endswith(("PASSWORD", "KEY", "KEY_ID", "SECRET")):
            assert VARIABLE.fullmatch(value), line


# The image


def instructions() -> list[tuple[str, str]]:
    lines = (ROOT / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"^#.*\n", "", lines, flags=re.MULTILINE).replace("\\\n", " ")
    pairs = (line.split(maxsplit=1) for line in lines.splitlines() if line.strip())
    return [(name, " ".join(rest.split())) for name, rest in pairs]


def test_the_image_starts_a_command_that_there_is() -> None:
    found = dict(instructions())
    assert found["ENTRYPOINT"] == '["longshore"]'
    command = yaml.safe_load(found["CMD"])
    assert_runs(command)
    assert found["EXPOSE"] == command[command.index("--port") + 1]


def test_the_image_holds_what_there_is_and_what_is_not_left_out() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        rest.split()[0]
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from=")
    }
    assert copied == kept
    assert all((ROOT / each).exists() for each in copied)
    assert any(fnmatch.fnmatch("compose.yaml", line) for line in lines)


def test_the_image_is_made_of_locked_requirements_and_runs_as_nobody_special() -> None:
    found = instructions()
    (install,) = [rest for name, rest in found if name == "RUN" and "pip install" in rest]
    assert "--require-hashes" in install
    assert "requirements-s3.txt" in install
    assert "://" not in " ".join(rest for _, rest in found)
    last = [rest for name, rest in found if name == "USER"][-1]
    assert last not in ("root", "0")


def test_the_settings_of_the_image_can_be_read() -> None:
    pairs = [
        word.split("=", 1)
        for name, rest in instructions()
        if name == "ENV"
        for word in shlex.split(rest)
    ]
    settings = Settings.from_environment({name: value for name, value in pairs})  # noqa: C416  lists of two
    assert settings.data == Path("/data")


# The units of systemd


def units() -> list[configparser.ConfigParser]:
    found = []
    for block in blocks(GUIDE):
        if block.info == "ini" and block.lines[0] == "[Unit]":
            unit = configparser.ConfigParser(interpolation=None)
            unit.optionxform = str  # type: ignore[assignment,method-assign]
            unit.read_string("\n".join(block.lines))
            found.append(unit)
    return found


def test_units_run_commands_that_there_are() -> None:
    run = [shlex.split(unit["Service"]["ExecStart"]) for unit in units()]
    assert {words[0] for words in run} == {"/opt/longshore/bin/longshore"}
    for words in run:
        assert_runs(words[1:])
    assert [words[1] for words in run] == ["migrate", "serve", "worker"]


def test_the_settings_of_the_units_can_be_read() -> None:
    (lines,) = [
        block.lines
        for block in blocks(GUIDE)
        if block.info == "ini" and block.lines[0].startswith("LONGSHORE_")
    ]
    environment = dict(line.split("=", 1) for line in lines)
    settings = Settings.from_environment(environment)
    assert settings.database_url
    for unit in units():
        assert unit["Service"]["EnvironmentFile"] == "/etc/longshore/environment"
    # What a unit may write to is where the data are.
    assert settings.data == Path("/var/lib") / units()[1]["Service"]["StateDirectory"]
