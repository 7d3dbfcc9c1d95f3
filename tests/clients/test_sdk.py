"""The official SDK and js-auth, unmodified, against a running server.

What each script tests stands in the script; here is what it needs: organizations, applications,
tokens that an ordinary client could not have.
"""

from collections.abc import Mapping
from pathlib import Path

from tests.clients.conftest import RunScript
from tests.clients.serving import Server, serve


def test_sdk_imports_every_type(run_script: RunScript, imports_server: Server) -> None:
    run_script("every_type.test.mjs", imports_server, imports_server.add_organization("types"))


def test_sdk_follows_an_import_from_its_creation_to_its_deletion(
    run_script: RunScript, imports_server: Server
) -> None:
    run_script("life.test.mjs", imports_server, imports_server.add_organization("life"))


def test_sdk_sees_the_members_of_a_group_as_imports(
    run_script: RunScript, imports_server: Server
) -> None:
    run_script("groups.test.mjs", imports_server, imports_server.add_organization("groups"))


def test_sdk_reads_and_writes_records(run_script: RunScript, server: Server) -> None:
    run_script("resources.test.mjs", server, server.add_organization("records"))


def test_sdk_understands_every_refusal(run_script: RunScript, imports_server: Server) -> None:
    its = imports_server.add_organization("refusals")
    imports_server.add_organization("others")
    run_script(
        "refusals.test.mjs",
        imports_server,
        its,
        LONGSHORE_TEST_TOKEN_EXPIRED=imports_server.expired_token("refusals"),
        LONGSHORE_TEST_TOKEN_SALES_CHANNEL=imports_server.token("refusals", "sales_channel"),
        LONGSHORE_TEST_TOKEN_FOREIGN=imports_server.token("others"),
    )


def test_utilities_of_the_sdk_split_queue_and_page(
    run_script: RunScript, imports_server: Server
) -> None:
    its = imports_server.add_organization("utilities")
    run_script("utilities.test.mjs", imports_server, its)


def test_sdk_hears_that_it_asks_too_often(run_script: RunScript, tmp_path: Path) -> None:
    limits = {"LONGSHORE_RATE_LIMIT_REQUESTS": "5", "LONGSHORE_RATE_LIMIT_SECONDS": "3600"}
    with serve(tmp_path, settings=limits) as server:
        run_script("rate_limit.test.mjs", server, server.add_organization("hasty"))


def test_js_auth_gets_decodes_verifies_and_revokes_tokens(
    run_script: RunScript, tls_server: Server, tls_variables: Mapping[str, str]
) -> None:
    its = tls_server.add_organization("tls")
    webapp = tls_server.add_application("tls", "webapp")
    run_script(
        "authentication.test.mjs",
        tls_server,
        its,
        LONGSHORE_TEST_WEBAPP_ID=webapp.client_id,
        LONGSHORE_TEST_WEBAPP_SECRET=webapp.client_secret,
        LONGSHORE_TEST_TOKEN_EXPIRED=tls_server.expired_token("tls"),
        **tls_variables,
    )
