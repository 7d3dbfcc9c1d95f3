"""Templates: everything that comes into a page is escaped, unless a template has written it."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from longshore.dashboard.formats import FILTERS
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.running import running_of
from longshore.dashboard.static_files import static_address
from longshore.dashboard.texts import TEXTS
from longshore.dashboard.words import (
    page_hint,
    sentence,
    title_of,
    words_of,
)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("longshore.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.filters.update(page_hint=page_hint, sentence=sentence)
    environment.filters.update(title_of=title_of, words_of=words_of)
    environment.globals.update(static=static_address, root=DASHBOARD_PATH, t=TEXTS)
    environment.globals["about_type"] = _about_type
    environment.globals["type_groups"] = _type_groups
    return environment


def render(request: PageRequest, template: str, values: dict[str, Any]) -> str:
    """The markup of a page; `request` and `session` are known to every template."""
    found = _environment().get_template(template)
    return found.render(
        request=request,
        session=request.session,
        form_token=lambda: _form_token(request),
        running=lambda: running_of(request),
        **values,
    )


def _about_type(request: PageRequest, name: str) -> str | None:
    """A type in half a sentence; None: nothing is said."""
    return request.services.catalogue.types[name].about


def _type_groups(request: PageRequest) -> list[tuple[str, list[str]]]:
    """The types that rows may be of, as a select shows them."""
    catalogue = request.services.catalogue
    names = catalogue.ranked(catalogue.creatable)
    common = [name for name in names if catalogue.types[name].common_rank is not None]
    return [("Common", common), ("All others", names[len(common) :])]


def _form_token(request: PageRequest) -> Markup:
    """What every form of a session has to carry."""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(
        request.signed_in.form_token
    )
