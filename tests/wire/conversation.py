"""One long conversation with a server, in which every kind of answer occurs."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from tests.behaviour.api.site import Client
from tests.wire.documents import Masks
from tests.wire.installation import Installation

# The name of a document, what is asked and why, the answer.
Said = tuple[str, str, httpx2.Response]


def asked_too_often(installation: Installation) -> Iterator[Said]:
    """What a client is told that sends more than the one request that it may."""
    client = installation.client()
    client.document("/api/skus")
    yield "error_rate_limit", "More requests than the limit: 429", client.get("/api/skus")


class Conversation:
    """The client of an organization, and others who want something of it."""

    def __init__(self, installation: Installation, masks: Masks) -> None:
        self._installation = installation
        self._client = installation.client()
        self._ids: dict[str, str] = {}
        masks.name(self._client.environment.organization_id, "organization")
        application = self._client.credentials.application
        masks.name(installation.public_ids.encode(application.id), "application")

    def held(self) -> Iterator[Said]:
        """All that is said, in order; what is created is asked for later."""
        yield from self._writing()
        yield from self._reading()
        yield from self._refusals()
        yield from self._imports()
        yield from self._mappings()
        yield from self._histories()
        yield from self._undos()
        yield from self._plans()
        yield from self._groups()
        yield from self._deleting()
        yield from self._access()

    def _writing(self) -> Iterator[Said]:
        yield (
            "create",
            "A resource is created: 201, its address in Location",
            self._create("shipping_categories", {"name": "Merchandise", "reference": "M"}),
        )
        yield (
            "create_with_include",
            "What is included is shown beside the created resource, and only its linkage has data",
            self._create(
                "skus",
                {"code": "TSHIRT-S", "name": "T-shirt S", "metadata": {"size": "S"}},
                {"shipping_category": self._linkage("shipping_categories")},
                query="?include=shipping_category&fields[shipping_categories]=name",
            ),
        )
        for code in ("TSHIRT-M", "TSHIRT-L"):
            category = {"shipping_category": self._linkage("shipping_categories")}
            self._create("skus", {"code": code, "name": code}, category, key=code)
        self._create("tags", {"name": "summer"})
        self._create("sku_lists", {"name": "Summer"})
        self._create("manual_tax_calculators", {"name": "By hand"})
        self._create("price_lists", {"name": "Europe", "currency_code": "EUR"})
        yield (
            "create_money",
            "Amounts in cents have their companions; a SKU is named by its code",
            self._create(
                "prices",
                {"amount_cents": 1999, "sku_code": "TSHIRT-S"},
                {"price_list": self._linkage("price_lists")},
            ),
        )
        yield (
            "update",
            "Only what the body names changes; linkage of a to-many relationship replaces it",
            self._update(
                "skus",
                {"name": "Small T-shirt"},
                {"tags": {"data": [{"type": "tags", "id": self._ids["tags"]}]}},
            ),
        )
        yield (
            "update_nothing",
            "Empty members are accepted, as the SDK sends them",
            self._update("shipping_categories", {}, {}),
        )

    def _reading(self) -> Iterator[Said]:
        questions = {
            "retrieve": ("A resource with all its fields", "/api/skus/{skus}"),
            "retrieve_fields": (
                "Only the fields that are asked for",
                "/api/skus/{skus}?fields[skus]=code,tags",
            ),
            "retrieve_include": (
                "Included resources stand once, their linkage where it was followed",
                "/api/prices/{prices}?include=sku.shipping_category,price_list"
                "&fields[skus]=code,shipping_category&fields[price_lists]=name"
                "&fields[shipping_categories]=name&fields[prices]=amount_cents,sku,price_list",
            ),
            "list": (
                "The second of three pages, with all its links",
                "/api/skus?page[number]=2&page[size]=1&sort=-code&fields[skus]=code",
            ),
            "list_filtered": (
                "Filters must all hold; names are joined by `_or_`, and lead to relationships",
                "/api/skus?filter[q][name_or_code_cont]=shirt"
                "&filter[q][shipping_category_name_eq]=Merchandise"
                "&filter[q][code_in]=TSHIRT-S,TSHIRT-M&fields[skus]=code",
            ),
            "list_empty": ("An empty list has no pages", "/api/skus?filter[q][code_eq]=none"),
            "list_abstract": (
                "Records of a family have the types that they are of",
                "/api/tax_calculators?fields[tax_calculators]=name",
            ),
            "related_one": (
                "What a to-one relationship leads to",
                "/api/skus/{skus}/shipping_category?fields[shipping_categories]=name",
            ),
            "related_none": (
                "A to-one relationship that leads nowhere",
                "/api/sku_lists/{sku_lists}/customer",
            ),
            "related_many": (
                "What a to-many relationship leads to",
                "/api/skus/{skus}/prices?fields[prices]=amount_cents",
            ),
            "linkage_one": (
                "Type and id at the end of a to-one relationship",
                "/api/skus/{skus}/relationships/shipping_category",
            ),
            "linkage_many": (
                "Types and ids at the end of a to-many relationship",
                "/api/skus/{skus}/relationships/tags",
            ),
        }
        yield from self._asked(questions)

    def _refusals(self) -> Iterator[Said]:
        questions = {
            "error_not_found": ("An id that nobody has", "/api/skus/AAAAAAAAAA"),
            "error_no_such_path": ("A path that leads nowhere", "/api/nonsense"),
            "error_include": ("An include that leads nowhere", "/api/skus?include=nonsense"),
            "error_field": ("A field that the type lacks", "/api/skus?fields[skus]=nonsense"),
            "error_fields_format": ("Fields of no type", "/api/skus?fields=code"),
            "error_sort": ("An attribute that is not sorted by", "/api/skus?sort=description"),
            "error_filter": ("A filter on nothing", "/api/skus?filter[q][nonsense_eq]=1"),
            "error_filter_value": (
                "A value that the attribute cannot have",
                "/api/prices?filter[q][amount_cents_gt]=much",
            ),
            "error_filter_syntax": ("A filter without a name", "/api/skus?filter[q]=x"),
            "error_page_size": ("More than a page can hold", "/api/skus?page[size]=26"),
            "error_page_number": ("No such page", "/api/skus?page[number]=0"),
            "error_parameter": ("A parameter that nobody knows", "/api/skus?nonsense=1"),
        }
        yield from self._asked(questions)
        client, sku = self._client, {"type": "skus", "attributes": {"code": "A", "name": "A"}}
        bodies: Mapping[str, tuple[str, Any]] = {
            "error_validation": (
                "All that is wrong with a record is told at once",
                {"type": "skus", "attributes": {"weight": "heavy", "unit_of_weight": "stone"}},
            ),
            "error_taken": (
                "A value that another record has",
                {
                    "type": "skus",
                    "attributes": {"code": "TSHIRT-S", "name": "A", "do_not_ship": True},
                },
            ),
            "error_param_not_allowed": (
                "An attribute that is only read, and one that is unknown",
                {"type": "skus", "attributes": {"created_at": None, "color": "red"}},
            ),
            "error_client_id": ("Ids are given by the server", {**sku, "id": "AAAAAAAAAA"}),
            "error_resource": ("A type that is not that of the path", {**sku, "type": "prices"}),
            "error_no_type": ("No type", {"attributes": {}}),
            "error_linkage": (
                "Linkage of a type that the relationship does not lead to",
                {
                    **sku,
                    "relationships": {
                        "shipping_category": {"data": {"type": "tags", "id": self._ids["tags"]}}
                    },
                },
            ),
            "error_linkage_format": (
                "Linkage that is none",
                {**sku, "relationships": {"shipping_category": {"data": "A"}}},
            ),
            "error_target": (
                "A target that is not there",
                {
                    **sku,
                    "relationships": {
                        "shipping_category": {
                            "data": {"type": "shipping_categories", "id": "AAAAAAAAAA"}
                        }
                    },
                },
            ),
        }
        for name, (why, data) in bodies.items():
            yield name, why, client.post("/api/skus", {"data": data})
        path = f"/api/skus/{self._ids['skus']}"
        yield (
            "error_other_id",
            "The id of the body is not that of the path",
            client.patch(path, {"data": {"type": "skus", "id": "AAAAAAAAAA"}}),
        )
        yield "error_no_id", "No id", client.patch(path, {"data": {"type": "skus"}})
        yield "error_no_data", "No data", client.post("/api/skus", {})
        yield "error_data_format", "Data that is no object", client.post("/api/skus", {"data": []})
        yield (
            "error_json",
            "A body that is not JSON",
            client.send("POST", "/api/skus", content=b'{"data": nonsense'),
        )
        yield (
            "error_accept",
            "A client that does not take the media type",
            client.get("/api/skus", headers={"Accept": "text/html"}),
        )
        yield (
            "error_content_type",
            "A body of another media type",
            client.send(
                "POST", "/api/skus", content=b"{}", headers={"Content-Type": "application/json"}
            ),
        )
        yield (
            "error_method",
            "A method that resources of the type do not have",
            client.post("/api/events", {}),
        )
        yield (
            "error_locked",
            "Others refer to it: 423, and who they are",
            client.delete(f"/api/price_lists/{self._ids['price_lists']}"),
        )

    def _imports(self) -> Iterator[Said]:
        rows = [
            {"name": "winter"},
            {"name": "not a tag"},
            {"name": "summer", "reference": "S"},
            {"id": "none", "colour": "red"},
        ]
        created = self._create(
            "imports",
            {"resource_type": "tags", "inputs": rows, "skip_errors": True, "reference": "G-0001"},
        )
        yield "import_create", "An import is taken before any row is looked at", created
        self._installation.run_all()
        yield from self._asked(
            {
                "import_retrieve": (
                    "A completed import, with what became of its rows",
                    "/api/imports/{imports}",
                ),
                "import_errors": (
                    "Each message with the row that it is about (longshore's own)",
                    "/api/imports/{imports}/errors?page[size]=2",
                ),
                "import_errors_digest": (
                    "Each cause of errors once (longshore's own)",
                    "/api/imports/{imports}/errors_digest?page[size]=1",
                ),
                "import_rows": (
                    "What became of each row, and of which record (longshore's own)",
                    "/api/imports/{imports}/rows?filter[q][outcome_in]=created,failed&page[size]=2",
                ),
            }
        )
        yield (
            "import_retry",
            "The failed rows once more, with edits (longshore's own)",
            self._client.post(
                f"/api/imports/{self._ids['imports']}/retry?fields[imports]=inputs,inputs_size",
                {
                    "data": {
                        "type": "imports",
                        "attributes": {
                            "edits": [{"row": 2, "field": "name", "value": "a-tag"}],
                            "replace": [{"field": "id", "old": "none", "new": None}],
                        },
                    }
                },
            ),
        )
        yield (
            "error_import_retry_locked",
            "A retry that must wait for another one: 423",
            self._client.post(
                f"/api/imports/{self._ids['imports']}/retry", {"data": {"type": "imports"}}
            ),
        )
        self._installation.run_all()
        yield (
            "error_import_retry",
            "Edits that cannot be meant",
            self._client.post(
                f"/api/imports/{self._ids['imports']}/retry",
                {
                    "data": {
                        "type": "imports",
                        "attributes": {
                            "edits": [{"row": 0, "field": "name", "value": {}}],
                            "set": {"name": []},
                            "replace": [{"field": "", "old": 1}],
                        },
                    }
                },
            ),
        )
        yield (
            "import_update",
            "Reference and metadata can be changed",
            self._update(
                "imports", {"metadata": {"group_id": "G"}}, query="?fields[imports]=metadata"
            ),
        )
        yield (
            "error_import_finished",
            "A finished import cannot be interrupted",
            self._update("imports", {"_interrupt": True}),
        )
        yield (
            "import_create_csv",
            "CSV is echoed as objects",
            self._create(
                "imports",
                {
                    "resource_type": "skus",
                    "format": "csv",
                    "inputs": 'code,name,do_not_ship\nCUP,"Cup, blue",true\n',
                },
                query="?fields[imports]=format,inputs,inputs_size,status",
                key="csv",
            ),
        )
        yield (
            "import_interrupt",
            "A pending import is interrupted at once",
            self._update(
                "imports",
                {"_interrupt": True},
                query="?fields[imports]=status,interrupted_at,errors_log",
                key="csv",
            ),
        )
        yield (
            "import_list",
            "Imports as the official command line lists them",
            self._client.get(
                "/api/imports?page[number]=1&page[size]=25&sort=-started_at"
                "&filter[q][reference_start]=G-&fields[imports]=reference,status,processed_count"
            ),
        )
        yield (
            "error_import",
            "All that is wrong with a submission is told at once, before its rows are looked at",
            self._create(
                "imports", {"resource_type": "nonsense", "format": "xml", "inputs": []}, key="none"
            ),
        )
        yield (
            "error_import_inputs",
            "An import without rows",
            self._create("imports", {"resource_type": "skus", "inputs": []}, key="none"),
        )
        yield (
            "error_import_csv",
            "CSV that cannot be read, with line and column",
            self._create(
                "imports",
                {"resource_type": "skus", "format": "csv", "inputs": 'code,"na"me\nA,B'},
                key="none",
            ),
        )
        yield (
            "error_attachment",
            "An address that the server has not given",
            self._client.get("/attachments/AAAAAAAAAA.json.gz?expires=1&signature=none"),
        )

    def _mappings(self) -> Iterator[Said]:
        document = {"version": 1, "type": "tags", "fields": {"name": {"column": "Label"}}}
        attributes = {
            "name": "labels",
            "document": document,
            "source": {"columns": ["Label", {"name": "Count", "kind": "integer"}]},
        }
        body = {"data": {"type": "mappings", "attributes": attributes}}
        yield (
            "mapping_create",
            "A mapping is saved under a name (longshore's own)",
            self._client.post("/api/mappings", body),
        )
        yield (
            "error_mapping_taken",
            "A name that is taken",
            self._client.post("/api/mappings", body),
        )
        document = {**document, "ignore": ["Count"], "fields": {"name": {"columns": "Label"}}}
        changed = {"type": "mappings", "id": "labels", "attributes": {"document": document}}
        yield (
            "error_mapping",
            "A document that is no mapping, with the place in it",
            self._client.patch("/api/mappings/labels", {"data": changed}),
        )
        document["fields"] = {"name": {"column": "Label"}}
        yield (
            "mapping_update",
            "Its next version (longshore's own)",
            self._client.patch("/api/mappings/labels", {"data": changed}),
        )
        yield from self._asked(
            {
                "mapping_list": (
                    "The newest version of each mapping (longshore's own)",
                    "/api/mappings",
                ),
                "mapping_versions": (
                    "The versions of a mapping (longshore's own)",
                    "/api/mappings/labels/versions",
                ),
            }
        )

    def _undos(self) -> Iterator[Said]:
        rows = [{"name": "undone"}, {"name": "described", "reference": "D"}]
        attributes = {"resource_type": "tags", "inputs": rows}
        self._create("imports", attributes, key="undone")
        self._installation.run_all()
        (tag,) = self._client.document("/api/tags?filter[q][name_eq]=described")["data"]
        self._ids["described"] = tag["id"]
        self._update("tags", {"reference": "E"}, key="described")
        query = "?fields[imports]=status"
        begun = self._update("imports", {"_undo": True}, query=query, key="undone")
        self._ids["import_undos"] = begun.json()["data"]["meta"]["undo"]["id"]
        yield (
            "import_undo",
            "An import is taken back: `meta` names the undo (longshore's own)",
            begun,
        )
        yield (
            "error_import_undo_locked",
            "While an undo waits or runs no other begins: 423",
            self._update("imports", {"_undo": True}, key="undone"),
        )
        yield (
            "error_import_undo",
            "What has changed nothing cannot be taken back",
            self._update("imports", {"_undo": True}, key="csv"),
        )
        self._installation.run_all()
        yield from self._asked(
            {
                "import_undo_retrieve": (
                    "What an undo has done, and what it keeps, by reason (longshore's own)",
                    "/api/import_undos/{import_undos}",
                ),
                "import_undo_list": (
                    "The undos, newest first (longshore's own)",
                    "/api/import_undos?page[size]=1",
                ),
                "import_undo_kept": (
                    "All that an undo keeps (longshore's own)",
                    "/api/import_undos/{import_undos}/kept",
                ),
            }
        )
        yield (
            "import_undo_undo",
            "An undo is taken back by another one",
            self._update("import_undos", {"_undo": True}),
        )
        self._installation.run_all()

    def _plans(self) -> Iterator[Said]:
        rows = [
            {"name": "planned"},
            {"name": "described", "reference": "F"},
            {"reference": "G"},
        ]
        attributes = {"resource_type": "tags", "inputs": rows, "skip_errors": True}
        yield (
            "import_plan_create",
            "What an import would do is planned: a worker goes through the rows (longshore's own)",
            self._create("import_plans", attributes),
        )
        self._installation.run_all()
        yield from self._asked(
            {
                "import_plan_retrieve": (
                    "What an import would do (longshore's own)",
                    "/api/import_plans/{import_plans}",
                ),
                "import_plan_list": (
                    "The plans, newest first (longshore's own)",
                    "/api/import_plans?page[size]=1",
                ),
                "import_plan_rows": (
                    "What would become of each row; what it would create has no id",
                    "/api/import_plans/{import_plans}/rows",
                ),
            }
        )
        yield (
            "error_import_plan_interrupt",
            "A plan that is made cannot be stopped",
            self._update("import_plans", {"_interrupt": True}),
        )

    def _groups(self) -> Iterator[Said]:
        rows = {"sku_lists": [{"name": "Grouped"}], "tags": [{"name": "grouped"}]}
        yield (
            "import_group_create",
            "Rows of several types are imported as one: an import for each (longshore's own)",
            self._create("import_groups", {"inputs": rows, "reference": "shop"}),
        )
        yield from self._asked(
            {
                "import_group_list": (
                    "The groups, newest first (longshore's own)",
                    "/api/import_groups?page[size]=1",
                ),
            }
        )
        yield (
            "import_group_interrupt",
            "A group that waits is stopped, and all its imports with it",
            self._update("import_groups", {"_interrupt": True}),
        )
        self._create("import_groups", {"inputs": {"tags": [{"name": "lent"}]}}, key="lent")
        self._installation.run_all()
        yield (
            "import_group_undo",
            "What a group has done is taken back, by an undo for each of its imports",
            self._update("import_groups", {"_undo": True}, key="lent"),
        )
        self._installation.run_all()
        yield (
            "error_import_group_undo",
            "A group is taken back once",
            self._update("import_groups", {"_undo": True}, key="lent"),
        )
        yield (
            "error_import_group",
            "Rows stand in lists, each under the name of its type",
            self._create("import_groups", {"inputs": {"skuz": [{"code": "A"}]}}, key="wrong"),
        )

    def _histories(self) -> Iterator[Said]:
        yield from self._asked(
            {
                "events": ("What happened to an import", "/api/imports/{imports}/events"),
                "events_include": (
                    "Webhooks are not served: there are none",
                    "/api/events?include=webhooks,last_event_callbacks&fields[events]=name,webhooks"
                    "&page[size]=1",
                ),
                "event_stores": (
                    "What changed in a record, oldest first; the next part by its cursor",
                    "/api/skus/{skus}/event_stores?page[size]=1",
                ),
                "blame": (
                    "Who has given the fields of a record their values (longshore's own)",
                    "/api/prices/{prices}/blame",
                ),
                "event_stores_import": (
                    "What changed in an import",
                    "/api/imports/{imports}/event_stores",
                ),
            }
        )

    def _deleting(self) -> Iterator[Said]:
        path = f"/api/prices/{self._ids['prices']}"
        yield "delete", "Nothing is left to be said: 204", self._client.delete(path)
        yield "error_deleted", "It is gone", self._client.get(path)

    def _access(self) -> Iterator[Said]:
        client, stranger = self._client, Client(self._installation)
        yield from self._asked(
            {
                "organization": (
                    "The organization of the token",
                    "/api/organization?fields[organizations]=name,slug,domain,config",
                ),
                "application": ("The application of the token", "/api/application"),
                "tokeninfo": ("What the token is good for", "/oauth/tokeninfo"),
                "jwks": ("The keys that verify tokens", "/.well-known/jwks.json"),
                "health": ("Whether the server answers at all", "/health"),
                "ready": ("Whether requests have what they need", "/ready"),
            }
        )
        yield "error_token", "No token", stranger.get("/api/skus")
        expired = self._installation.expired(client)
        yield "error_token_expired", "A token of yesterday", expired.get("/api/skus")
        shop = self._installation.client("sales_channel")
        yield (
            "error_unauthorized",
            "What the kind of application may not do: 401, for there is no 403 for resources",
            shop.get("/api/orders"),
        )
        credentials = client.credentials
        grant = {
            "grant_type": "client_credentials",
            "client_id": credentials.application.client_id,
            "client_secret": credentials.secret,
        }
        json_type: Mapping[str, str | None] = {
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        issued = stranger.post("/oauth/token", grant, headers=json_type)
        yield "token", "A token for a client and its secret", issued
        yield (
            "error_token_client",
            "A client that proves nothing",
            stranger.post("/oauth/token", {**grant, "client_id": "nobody"}, headers=json_type),
        )
        yield (
            "error_token_grant",
            "A grant of users, whom longshore does not know",
            stranger.post("/oauth/token", {"grant_type": "password"}, headers=json_type),
        )
        revoked = {**grant, "token": issued.json()["access_token"]}
        del revoked["grant_type"]
        yield (
            "revoke",
            "A token is taken back",
            stranger.post("/oauth/revoke", revoked, headers=json_type),
        )

    def _asked(self, questions: Mapping[str, tuple[str, str]]) -> Iterator[Said]:
        for name, (why, path) in questions.items():
            yield name, why, self._client.get(path.format_map(self._ids))

    def _create(
        self,
        resource_type: str,
        attributes: Mapping[str, Any],
        relationships: Mapping[str, Any] | None = None,
        *,
        query: str = "",
        key: str | None = None,
    ) -> httpx2.Response:
        """The answer to a creation; the id is remembered by `key`, or by the type."""
        response = self._client.post(
            f"/api/{resource_type}{query}",
            {
                "data": {
                    "type": resource_type,
                    "attributes": attributes,
                    "relationships": relationships or {},
                }
            },
        )
        if response.status_code == 201:
            self._ids[key or resource_type] = response.json()["data"]["id"]
        return response

    def _update(
        self,
        resource_type: str,
        attributes: Mapping[str, Any],
        relationships: Mapping[str, Any] | None = None,
        *,
        query: str = "",
        key: str | None = None,
    ) -> httpx2.Response:
        id_ = self._ids[key or resource_type]
        return self._client.patch(
            f"/api/{resource_type}/{id_}{query}",
            {
                "data": {
                    "type": resource_type,
                    "id": id_,
                    "attributes": attributes,
                    "relationships": relationships or {},
                }
            },
        )

    def _linkage(self, resource_type: str) -> dict[str, Any]:
        return {"data": {"type": resource_type, "id": self._ids[resource_type]}}
