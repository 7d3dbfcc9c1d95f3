"""The dashboard: pages for people who import in a browser.

Pages are made on the server, by templates; what moves in them are small modules of JavaScript, and
without these every step can be taken as well. A *page* is a plain function from a request to an
answer, in a thread of its own; it calls operations, as the API and the terminal do.

Promises: no page asks another machine for anything; what a file or a record holds is shown as text;
what changes anything carries the token of the session that it was shown to. Knows nothing of
tables, transactions, and of the API beside it.
"""

from longshore.dashboard.application import DASHBOARD_PATH, create_dashboard
from longshore.dashboard.services import DashboardServices

__all__ = ["DASHBOARD_PATH", "DashboardServices", "create_dashboard"]
