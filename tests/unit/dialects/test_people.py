"""Files of customers: which records their rows make."""

from typing import Any

from tests.unit.dialects.made import SAMPLES, Made, made_of_sample


def _addresses(made: Made) -> list[dict[str, Any]]:
    return [
        {name.removeprefix("address."): text for name, text in each.items() if name[0] != "_"}
        for each in made.records["customer_addresses"]
    ]


def test_customers_of_spree_have_an_address_where_it_says_where_that_is() -> None:
    made = made_of_sample("spree_customers.csv")
    assert made.recognised.dialect.name == "spree-customers"
    assert [each.get("email") for each in made.records["customers"]] == [
        *("bob@example.com", "shop@example.com", "ada@example.com"),
    ]
    # As in files of Shopify; somebody who has no address cannot be mended.
    assert "1 row is left out: customers without an e-mail address" in made.told()
    bob = made.records["customers"][0]
    assert bob["metadata"] == {
        "first_name": "Bob",
        "last_name": "Baker",
        "accepts_email_marketing": False,
    }
    assert [each.get("customer_email") for each in made.records["customer_addresses"]] == [
        *("shop@example.com", "ada@example.com"),
    ]
    shop, ada = _addresses(made)
    # A company alone is a business; one beside a name is where that person works.
    assert shop == {
        "customer_email": "shop@example.com",
        "reference_origin": "spree",
        "business": "true",
        "company": "Corner Shop",
        "line_1": "1 Main Street",
        "city": "Springfield",
        "state_code": "IL",
        "country_code": "US",
        "zip_code": "01234",
    }
    assert ada["last_name"] == "King"
    assert (
        "1 row has the e-mail address of an earlier row: the last one counts (rows 1 and 5)"
        in made.told()
    )
    assert "1 column left out: shoe_size" in made.told()


def test_an_earlier_row_of_an_address_is_none_in_the_end() -> None:
    kept = made_of_sample("spree_customers.csv", keep_rest=True)
    assert kept.records["customers"][0]["metadata"]["shoe_size"] == "41"
    (ada,) = [each for each in kept.records["customers"] if each.get("email", "")[:3] == "ada"]
    assert "tags" not in ada


def test_rows_of_magento_without_an_address_of_mail_are_further_addresses() -> None:
    made = made_of_sample("magento_customers.csv")
    assert made.recognised.dialect.name == "magento-customers"
    assert made.failures() == [("customers", "base", "email", "", "blank")]
    roni, plain = made.records["customers"][1:]
    assert roni["email"] == "roni@example.com"
    assert roni["metadata"] == {
        "first_name": "Veronica",
        "last_name": "Costello",
        "date_of_birth": "1973-12-15",
        "group": "1",
        "website": "base",
        "store": "default",
    }
    assert plain["email"] == "plain@example.com"
    home, office = _addresses(made)
    assert home == {
        "customer_email": "roni@example.com",
        "reference_origin": "magento",
        "first_name": "Veronica",
        "last_name": "Costello",
        "line_1": "6146 Honey Bluff Parkway",
        "line_2": "Unit 4",
        "city": "Calder",
        "zip_code": "49628",
        "state_code": "Michigan",
        "country_code": "US",
        "phone": "(555) 229-3326",
    }
    assert office["customer_email"] == "roni@example.com"
    assert office["company"] == "Costello Inc"
    assert "business" not in office
    assert "1 column left out: password_hash" in made.told()


def test_customers_of_shopware_have_one_or_two_addresses() -> None:
    made = made_of_sample("shopware_customers.csv")
    assert made.recognised.dialect.name == "shopware-customers"
    customers = {each["email"]: each for each in made.records["customers"]}
    assert list(customers) == ["max@example.com", "eva@example.com"]
    assert customers["max@example.com"]["reference"] == "10000"
    assert customers["eva@example.com"]["metadata"]["customer_group"] == "Trade"
    assert [(each["line_1"], each["country_code"]) for each in _addresses(made)] == [
        ("Musterstraße 1", "DE"),  # both are the same
        ("Weg 2", "DE"),  # of the last row with that address of mail
    ]
    active = made_of_sample("shopware_customers.csv", only_active=True)
    assert "1 row is left out: customers that are not active" in active.told()


def test_passwords_and_tokens_are_kept_nowhere() -> None:
    made = made_of_sample("magento_customers.csv", keep_rest=True)
    assert "password_hash" in (SAMPLES / "magento_customers.csv").read_text()
    kept = [each.get("metadata", {}) for each in made.records["customers"]]
    assert not [each for each in kept if "password_hash" in each]
    shown = [each["source"] for examples in made.examples.values() for each in examples]
    assert shown
    assert not [each for each in shown if "password_hash" in each]
