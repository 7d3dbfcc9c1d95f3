"""What ends tokens ends them in every server process at once, without a restart."""

import json

import httpx2

from tests.behaviour.serving.servers import run


def test_tokens_end_in_all_servers_at_once_and_new_ones_are_good(start, shared, tmp_path):
    servers = [start("--no-worker", **shared) for _ in range(2)]
    variables = {"LONGSHORE_DATABASE_URL": shared["database_url"]}

    def longshore(*arguments: str) -> str:
        return run(tmp_path / "data", *arguments, settings=variables)

    def statuses(token: str) -> list[int]:
        headers = {"Authorization": f"Bearer {token}"}
        return [
            httpx2.get(f"{server.url}/api/skus", headers=headers).status_code for server in servers
        ]

    made = json.loads(longshore("applications", "create", "--kind", "cli", "--json"))["data"]

    def ask() -> str:
        grant = {"grant_type": "client_credentials"}
        names = ("client_id", "client_secret")
        body = grant | {name: made[name] for name in names}
        answer = httpx2.post(f"{servers[0].url}/oauth/token", json=body)
        return str(answer.json()["access_token"])

    token = ask()
    assert statuses(token) == [200, 200]
    longshore("applications", "revoke-tokens", made["id"])
    assert statuses(token) == [401, 401]
    before = ask()
    assert statuses(before) == [200, 200]
    longshore("applications", "rotate-signing-key")
    after = ask()
    assert [statuses(each) for each in (before, after)] == [[200, 200]] * 2
    keys = [httpx2.get(f"{server.url}/.well-known/jwks.json").json() for server in servers]
    assert [len(each["keys"]) for each in keys] == [2, 2]
    longshore("applications", "rotate-signing-key", "--now")
    assert [statuses(each) for each in (before, after)] == [[401, 401]] * 2
    last = ask()
    assert statuses(last) == [200, 200]
    longshore("applications", "delete", made["id"])
    assert statuses(last) == [401, 401]
