"""From a resource type and the columns of a source to a plan.

Planning goes twice over the tree. First the names are bound: drafts of the nodes say what rows
hold, and which columns of which tables that needs. Then the tables are laid out, and the nodes are
built with the indexes of their columns. So load, apply and flush name only the columns of the
plan, the keys and the inputs of rules.
"""

from longshore.catalogue import Catalogue
from longshore.engine.plan.binder import Binder
from longshore.engine.plan.column_needs import laid_out_tables
from longshore.engine.plan.drafter import Drafter
from longshore.engine.plan.generators import generators
from longshore.engine.plan.node_builder import NodeBuilder
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.plan_request import PlanRequest
from longshore.engine.plan.slot_converters import SlotConverters
from longshore.identifiers import PublicIds

# Fields that name a row in the error log, the first that the row holds (spec: importing, 9).
IDENTIFIERS = (
    "code",
    "number",
    "email",
    "name",
    "sku_code",
    "customer_email",
    "reference",
    "id",
)


def make_plan(request: PlanRequest, *, catalogue: Catalogue, public_ids: PublicIds) -> Plan:
    """The plan of an import into the installation that has these public ids."""
    converters = SlotConverters(
        catalogue,
        public_ids.decode,
        environment=request.environment,
        flags=request.flags,
        cell_bytes_max=request.cell_bytes_max,
    )
    binder = Binder(catalogue, converters, request.units, is_tabular=request.is_tabular)
    draft = Drafter(request, catalogue, binder, converters).root()
    tables = laid_out_tables(draft, catalogue, environment=request.environment)
    builder = NodeBuilder(
        catalogue=catalogue,
        tables=tables,
        generators=generators(public_ids),
        encode_id=public_ids.encode,
        flags=request.flags,
        cell_bytes_max=request.cell_bytes_max,
    )
    return Plan(
        root=builder.node(draft),
        tables=tables,
        environment=request.environment,
        flags=request.flags,
        unknown_columns=tuple(binder.unknown),
        read_only_columns=tuple(binder.read_only),
        column_names=request.column_names,
        identifier_names=IDENTIFIERS,
        only=request.only,
    )
