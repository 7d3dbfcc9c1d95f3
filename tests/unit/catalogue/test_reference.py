"""The reference says what the declarations say."""

from longshore.catalogue import load_catalogue, reference_pages


def test_every_importable_type_has_a_page_that_the_index_links():
    pages = reference_pages()
    index = pages["resource-types/index.md"]
    for name in load_catalogue().importable:
        assert f"resource-types/{name}.md" in pages
        assert f"[{name}]({name}.md)" in index
    assert len(pages) == 25


def test_every_creatable_type_stands_in_the_index():
    index = reference_pages()["resource-types/index.md"]
    catalogue = load_catalogue()
    others = [name for name in catalogue.creatable if name not in catalogue.importable]
    assert [name for name in others if f"| `{name}` |" not in index] == []


def test_a_page_names_every_field_of_its_type():
    page = reference_pages()["resource-types/orders.md"]
    orders = load_catalogue().types["orders"]
    for attribute in orders.attributes:
        assert f"| `{attribute.name}` |" in page
    for trigger in orders.triggers:
        assert f"`{trigger.name}`" in page


def test_bounds_of_the_organization_are_shown_with_their_default():
    page = reference_pages()["resource-types/coupons.md"]
    assert "characters: at least 8 (`coupons_min_code_length` of the organization)" in page
