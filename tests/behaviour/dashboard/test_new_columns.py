"""The second step of an import in a browser: columns become fields."""

import re
import tomllib

import httpx2
import pytest

from longshore.drafts import Draft
from longshore.mapping import MappingDocument, parse_mapping, read_mapping
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser
from tests.behaviour.dashboard.markup import forms, text_of

GOODS = (
    "Artikelnr;Bezeichnung;Gewicht kg;Bemerkung;Farbe\nA-1;Becher;0,35;x;Grün\nA-2;Cup;1,2;;Rot\n"
).encode()
MASSES = b"Art.;Masse\n1;2\n"
PRICES = b"sku,preis\nA-1,12.50\nA-2,3.20\n"


class Columns:
    """The columns of a file, in a browser."""

    def __init__(self, browser: Browser, content: bytes, name: str, type_: str | None) -> None:
        self.browser = browser
        shown = browser.upload("/dashboard/new", name, content)
        self.address = str(shown.url).removesuffix("/file")
        if type_ is not None:
            fields = {"what": "type", "value": type_, "version": "1"}
            assert browser.post(f"{self.address}/file", fields).status_code == 200
        self.page = browser.get(f"{self.address}/columns")

    @property
    def told(self) -> str:
        return text_of(self.page.text)

    @property
    def draft(self) -> Draft:
        operations = self.browser.site.services.operations
        name = self.address.rpartition("/")[2]
        number = self.browser.environment.number
        (found,) = [
            each
            for each in operations.drafts.list(self.browser.asker)
            if self.browser.site.services.public_ids.encode(each.id) == name
        ]
        assert found.environment == number
        return found

    @property
    def document(self) -> MappingDocument:
        mapping = self.draft.choices.mapping
        assert mapping is not None
        return read_mapping(mapping)

    def send(self, do: str = "look", **changes: str | None) -> httpx2.Response:
        """The form with its buttons, but for what somebody has changed: `c1_field` is the field of
        the first column."""
        named = {key.replace("_", ".", key[0] in "ac"): value for key, value in changes.items()}
        form = next(
            fields
            for path, fields in forms(self.page.text)
            if path.endswith("/columns") and any(name == "c1.field" for name, _ in fields)
        )
        pairs = [(name, value) for name, value in form if name not in named]
        pairs += [(name, value) for name, value in named.items() if value is not None]
        self.page = self.browser.post(f"{self.address}/columns", [*pairs, ("do", do)])
        return self.page


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture
def goods(browser: Browser) -> Columns:
    return Columns(browser, GOODS, "waren.csv", "skus")


def test_suggestions_are_filled_in_with_their_reasons_and_what_becomes_of_values(
    goods: Columns,
) -> None:
    told = goods.told
    assert "Code: another word for code" in told
    assert "0,35 → 350" in told
    assert "2 columns left out" in told
    assert "Required: Shipping category." in told
    assert goods.draft.choices.mapping is None  # looking changes nothing


def test_a_column_that_somebody_has_chosen_for_is_not_called_unknown(browser: Browser) -> None:
    columns = Columns(browser, b"Art.;Farbe\nA-1;rot\n", "goods.csv", "skus")
    assert columns.told.count("SKUs have no such field") == 2
    columns.send(c1_field="=code")
    assert columns.told.count("SKUs have no such field") == 1


def test_a_choice_is_kept_and_shows_what_it_does(goods: Columns) -> None:
    goods.send(c5_field="=metadata", c2_add="case")
    assert goods.document.fields["metadata.Farbe"].columns == ("Farbe",)
    assert goods.document.ignore == ("Bemerkung",)
    assert "Becher → BECHER" in goods.told
    goods.send(**{"c2_t0.to": "lower"})
    assert "Becher → becher" in goods.told
    goods.send(c2_t0="")
    assert goods.document.fields["name"].transforms == ()


def test_values_are_replaced_by_a_table_that_is_filled_with_those_of_the_file(
    goods: Columns,
) -> None:
    goods.send(c5_field="reference", c5_add="replace")
    filled = dict(next(f for p, f in forms(goods.page.text) if ("c5.t0", "replace") in f))
    assert filled["c5.t0.table"] == "Grün = Grün\nRot = Rot"
    goods.send(**{"c5_t0.table": 'Grün = green\nRot = "a = b"'})
    (use,) = goods.document.fields["reference"].transforms
    assert use.parameters["table"] == {"Grün": "green", "Rot": "a = b"}
    assert "Grün → green" in goods.told


def test_two_columns_on_one_field_are_refused_and_what_was_chosen_stays(goods: Columns) -> None:
    refused = goods.send(c4_field="name")
    assert refused.status_code == 422
    assert "Name can have one value: it is given by 'Bezeichnung' and by 'Bemerkung'." in goods.told
    assert goods.draft.choices.mapping is None
    # One of them is taken back, and all is well.
    assert goods.send(c2_field="").status_code == 200
    assert goods.document.fields["name"].columns == ("Bemerkung",)


def test_what_is_refused_of_a_field_stands_in_its_row(goods: Columns) -> None:
    told = goods.send(c4_field="name").text
    assert 'id="c2" name="c2.field"' in told
    for line in ("c2", "c4"):
        assert f'aria-invalid="true" aria-describedby="refused-{line}"' in told
        assert f'id="refused-{line}">Name can have one value' in told
    assert "refused-c1" not in told
    # A mapping that is kept and cannot be used says so as well.
    shown = goods.send(c2_field="", c4_field="", c3_field="weight", c3_unit="cents").text
    assert "refused-" not in shown
    text = 'version = 1\n[fields.code]\ncolumn = "Artikelnr"\n[fields.colour]\ncolumn = "Farbe"\n'
    version = str(goods.draft.version)
    written = goods.browser.post(
        f"{goods.address}/columns", {"do": "text", "toml": text, "version": version}
    ).text
    assert 'aria-describedby="refused-c5"' in written
    assert "have no field &#39;colour&#39;" in written.partition('id="refused-c5">')[2][:40]


def test_a_refused_name_of_a_mapping_stays_with_its_refusal(browser: Browser) -> None:
    goods = Columns(browser, GOODS.replace(b"Farbe", b"Ton"), "waren.csv", "skus")
    closed = 'panel">\n<summary><h2>Save the mapping under a name'
    assert closed in goods.page.text
    refused = goods.send("save", name="bad name!", c5_field="=metadata")
    assert refused.status_code == 422
    assert closed not in refused.text
    assert 'value="bad name!" aria-invalid="true" aria-describedby="name-refused"' in refused.text
    assert "A mapping cannot be called 'bad name!': a name has 1 to 100 letters" in goods.told
    assert ("c5.field", "=metadata") in _form(goods)
    # It stays also where something else is refused.
    other = goods.send(name="still bad!", c4_field="name")
    assert 'value="still bad!"' in other.text
    saved = goods.send("save", name="good-name", c4_field="")
    assert "The mapping is saved as good-name" in text_of(saved.text)
    assert closed in saved.text


def test_a_key_inside_of_an_object_is_the_field_that_it_is_named_like(browser: Browser) -> None:
    """`tags.name` is read by its name, as by an import without a mapping."""
    content = b'[{"code": "A1", "name": "Mug", "do_not_ship": true, "tags.name": "vip"}]'
    columns = Columns(browser, content, "goods.json", "skus")
    assert "Read as they stand, because a mapping cannot name them: tags.name" in columns.told
    assert "3 columns become fields" in columns.told
    checked = columns.send("next", parent="")
    assert checked.url.path.endswith("/check")
    assert set(columns.document.fields) == {"code", "name", "do_not_ship"}
    assert columns.document.ignore == ()


def test_a_constant_and_a_template_are_added(goods: Columns) -> None:
    goods.send("add")
    goods.send(a1_field="reference_origin", a1_kind="constant", a1_value="shop")
    goods.send("add")
    template = "{Bezeichnung} - {Farbe}"
    goods.send(a2_field="description", a2_kind="template", a2_value=template)
    fields = goods.document.fields
    assert fields["reference_origin"].to_dict() == {"constant": "shop"}
    assert fields["description"].to_dict() == {"template": template}
    assert fields["unit_of_weight"].to_dict() == {"constant": "gr"}
    assert "Becher | Grün → Becher - Grün" in goods.told
    assert "Farbe" not in goods.document.ignore


@pytest.mark.parametrize(
    "value", ["[" * 100_000, "9" * 5_000, "yes", "NaN", "Infinity", "", '"' + "\\u" * 3]
)
def test_a_value_that_is_none_is_refused_on_its_line(goods: Columns, value: str) -> None:
    goods.send("add")
    answer = goods.send(a1_field="do_not_ship", a1_kind="value", a1_value=value)
    assert answer.status_code == 422
    assert "is no number, true, false or null" in goods.told


def test_money_is_shown_as_money_whatever_the_unit(browser: Browser) -> None:
    prices = Columns(browser, PRICES, "prices.csv", None)
    assert "12.50 → 12.50" in prices.told
    prices.send(c2_unit="cents")
    assert "12.50 → must be an integer" in prices.told
    cents = Columns(browser, b"sku,preis\nA-1,1250\n", "prices.csv", None)
    assert "amount_cents" in cents.told
    cents.send("use:c2=amount_cents=cents")
    assert "1250 → 12.50" in cents.told
    cents.send(c2_unit="decimal")
    assert "1250 → 1,250.00" in cents.told


def test_the_parent_of_all_rows_is_one_that_exists(site: Site, goods: Columns) -> None:
    refused = goods.send(parent="Parcel")
    assert "There is no shipping category 'Parcel'" in text_of(refused.text)
    client = site.client()
    document = {"data": {"type": "shipping_categories", "attributes": {"name": "Parcel"}}}
    assert client.post("/api/shipping_categories", document).status_code == 201
    goods.page = goods.browser.get(f"{goods.address}/columns")
    assert '<option value="Parcel">' in goods.page.text
    goods.send(parent="Parcel")
    assert "Required" not in goods.told
    assert goods.draft.choices.parent == "Parcel"


def test_whatever_a_mapping_can_say_can_be_written_and_looked_at(goods: Columns) -> None:
    text = (
        'version = 1\nnull = "-"\nblank = "clear"\n[fields]\ncode = "Artikelnr"\n'
        'reference = "Artikelnr"\n[fields.do_not_ship]\nconstant = true\n[fields.name]\n'
        'template = "{Bezeichnung}"\ntransforms = ["trim", { name = "split", separator = " " }]\n'
    )
    shown = goods.browser.post(f"{goods.address}/columns", {"do": "text", "toml": text} | VERSION_1)
    assert shown.status_code == 200, text_of(shown.text)
    expected = parse_mapping(text.encode(), name="the mapping")
    assert goods.document == expected
    # The form says the same, and loses nothing.
    goods.page = goods.browser.get(f"{goods.address}/columns")
    goods.send()
    assert goods.document.fields == expected.fields
    assert (goods.document.null, goods.document.blank) == ("-", "clear")


VERSION_1 = {"version": "2"}  # the type was chosen before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("version = 1\n[fields\n", "is not TOML"),
        ('version = 1\n[fields.code]\ncolum = "A"\n', "'colum' is no key of a field"),
        ('version = 1\ntype = "prices"\n', "the mapping is of prices, and the rows are skus"),
    ],
)
def test_a_text_that_is_no_mapping_is_refused_and_stays(
    goods: Columns, text: str, sentence: str
) -> None:
    refused = goods.browser.post(
        f"{goods.address}/columns", {"do": "text", "toml": text} | VERSION_1
    )
    assert refused.status_code == 422
    assert sentence.lower() in text_of(refused.text).lower()
    assert text.strip().splitlines()[0] in refused.text
    assert goods.draft.choices.mapping is None


def test_a_mapping_is_saved_offered_for_the_same_columns_and_says_what_drifted(
    goods: Columns,
) -> None:
    saved = goods.send("save", name="hafen", c5_field="=metadata")
    assert "The mapping is saved as hafen" in text_of(saved.text)
    assert goods.draft.choices.mapping_reference == "hafen@1"
    other = Columns(goods.browser, GOODS, "andere.csv", "skus")
    assert "the same columns as those of the mapping hafen" in other.told
    fields = {"do": "saved", "mapping": "hafen@1", "version": "2"}
    goods.browser.post(f"{other.address}/columns", fields)
    assert other.document.fields["metadata.Farbe"].columns == ("Farbe",)
    drifted = Columns(goods.browser, GOODS.replace(b"Farbe", b"Colour"), "dritte.csv", "skus")
    assert "1 column gone" in drifted.told
    refused = goods.browser.post(f"{drifted.address}/columns", fields)
    assert refused.status_code == 422
    assert "The mapping hafen (version 1) does not fit: 1 column is gone" in text_of(refused.text)


def test_a_mapping_says_at_the_step_file_what_the_rows_are(browser: Browser) -> None:
    first = Columns(browser, MASSES, "november.csv", "skus")
    first.send("save", name="masses", c1_field="=code", c2_field="=weight")
    shown = browser.upload("/dashboard/new", "december.csv", MASSES.replace(b"1;2", b"3;4"))
    assert "the same columns as those of the mapping masses" in text_of(shown.text)
    fields = {"what": "mapping", "value": "masses@1", "version": "1"}
    shown = browser.post(str(shown.url), fields)
    told = text_of(shown.text)
    assert "SKUs: what you sell" in told
    assert "Of which type are the rows?" not in told
    told = text_of(browser.get(str(shown.url).replace("/file", "/columns")).text)
    assert "By the mapping masses" in told
    assert "2 columns become fields" in told
    other = browser.upload("/dashboard/new", "other.csv", MASSES.replace(b"Masse", b"Breite"))
    assert "mapping masses" not in text_of(other.text)


def test_columns_that_were_looked_at_are_checked(goods: Columns) -> None:
    sent = goods.browser.post(
        f"{goods.address}/columns",
        [*_form(goods), ("do", "next")],
        follow=False,
    )
    assert sent.headers["location"].endswith("/check")
    assert goods.draft.choices.columns_are_seen


def _form(columns: Columns) -> list[tuple[str, str]]:
    return next(fields for _, fields in forms(columns.page.text) if ("c1.field", "code") in fields)


def test_another_tab_is_told_that_the_columns_have_changed(goods: Columns) -> None:
    before = goods.page
    goods.send(c5_field="=metadata")
    goods.page = before
    refused = goods.send(c5_field="reference")
    assert refused.status_code == 409
    assert "was changed in another window" in refused.text
    assert "metadata.Farbe" in goods.document.fields


def test_files_of_other_systems_show_what_their_records_become(browser: Browser) -> None:
    content = (
        b"Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value,Vendor\n"
        b"mug,Mug,A-1,12.50,Title,Default Title,Acme\n"
    )
    shown = browser.upload("/dashboard/new", "export.csv", content)
    address = str(shown.url).removesuffix("/file")
    fields = {"what": "options", "option.currency": "EUR", "version": "1"}
    browser.post(f"{address}/file", fields)
    told = text_of(browser.page(f"{address}/columns"))
    assert "nothing has to be matched" in told
    assert re.search(r"Amount €12\.50 \(1250 cents\)", told)


def test_the_text_of_the_mapping_is_toml(goods: Columns) -> None:
    (text,) = [
        dict(fields)["toml"] for _, fields in forms(goods.page.text) if "toml" in dict(fields)
    ]
    assert tomllib.loads(text)["fields"]["code"]["column"] == "Artikelnr"


def test_what_all_rows_need_is_made_on_the_way(browser: Browser) -> None:
    stock = Columns(browser, b"sku_code,quantity\nA-1,5\n", "stock_items.csv", None)
    assert "There is no stock location yet" in stock.told
    fields = {"type": "stock_locations", "name": "North", "to": "columns", "version": "1"}
    shown = browser.post(f"{stock.address}/needed", fields)
    assert 'value="North"' in shown.text
    assert stock.draft.choices.parent == "North"
    assert "Required" not in text_of(shown.text)
    refused = browser.post(f"{stock.address}/needed", fields | {"type": "orders"})
    assert "orders are not made on the way" in refused.text
    listed = browser.page("/dashboard")
    refused = browser.post(f"{stock.address}/needed", fields | {"name": "a\0b"})
    assert refused.status_code == 422
    assert "the record cannot be made: code is invalid, expected a text without NUL" in text_of(
        refused.text
    )
    assert browser.page("/dashboard") == listed, "nothing is left of it"


def test_a_file_of_very_many_columns_has_one_list_of_fields(browser: Browser) -> None:
    names = ",".join(f"c{number}" for number in range(300))
    cells = ",".join("x" for _ in range(300))
    wide = Columns(browser, f"code,{names}\nA,{cells}\n".encode(), "wide.csv", "skus")
    assert len(wide.page.content) < 600_000
    assert wide.page.text.count('<datalist id="fields">') == 1
    wide.send(c300_field="name")
    assert wide.document.fields["name"].columns == ("c298",)
    assert len(wide.document.ignore) == 299
    refused = wide.send(c299_field="nonsense")
    assert "nonsense" in text_of(refused.text)


def test_a_column_of_ids_with_some_other_values_can_be_used(browser: Browser) -> None:
    ids = ["aB3dE6gH9j"] * 9 + ["nope"]
    rows = "".join(f"A-{number},Mug,{id_}\n" for number, id_ in enumerate(ids))
    content = f"code,name,shipping_category_id\n{rows}".encode()
    skus = Columns(browser, content, "skus.csv", "skus")
    assert "no id in 1 of 10 values" in skus.told
    assert "Use as Shipping category ID" in skus.told
    check = text_of(browser.get(f"{skus.address}/check").text)
    assert "Nobody has looked at the columns yet." in check
    skus.send("use:c3=shipping_category_id=")
    assert skus.document.fields["shipping_category_id"].columns == ("shipping_category_id",)
