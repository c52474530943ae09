"""The administration: everybody else is refused, whatever they ask for, and everybody may take their own data.

Forms are sent about people, units and files that are not there, so that the site stays as it is for the next row.
"""

from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NOBODYS_ID, Route, Statuses, only, signed_in, signed_in_form
from tests.furnishings.administration import JOB_ID, PERSON_ID, UNIT_ID

PERSON, POST = "/admin/people/<int:user_id>", "/admin/people/<int:user_id>/posts/<int:post_id>"
IMPORT = "/admin/people/imports/<uuid:import_id>"
UNIT = "/admin/organisation/<int:unit_id>"
BACKUP = "/admin/backups/<name>"
NOBODY, NOWHERE, NO_IMPORT = (
    "/admin/people/999999",
    "/admin/organisation/999999",
    f"/admin/people/imports/{NOBODYS_ID}",
)
NO_BACKUP = "/admin/backups/studyhub-20000101-000000.zip"


def administrators(status: int) -> Statuses:
    return only(status, "administrator")


def form(status: int) -> Statuses:
    return administrators(status) | {ANONYMOUS: 401}


def _page(rule: str, path: str = "", status: int = 200) -> Route:
    return Route("GET", rule, administrators(status), path=path)


def _form(rule: str, status: int, path: str = "", **fields: str) -> Route:
    return Route("POST", rule, form(status), path=path, fields=fields)


ROUTES = (
    _page("/admin"),
    _page("/admin/people"),
    _page("/admin/people", "/admin/people?q=なかむら 陽子&role=officer&state=all&unit=1&page=1"),
    _page("/admin/people", "/admin/people?state=unplaced"),
    _page("/admin/people/new"),
    _form("/admin/people/new", 400),
    _page(PERSON, f"/admin/people/{PERSON_ID}"),
    _page(PERSON, NOBODY, 404),
    _form(f"{PERSON}/details", 404, f"{NOBODY}/details"),
    _form(f"{PERSON}/roles", 404, f"{NOBODY}/roles"),
    _form(f"{PERSON}/deactivate", 404, f"{NOBODY}/deactivate"),
    _form(f"{PERSON}/reactivate", 404, f"{NOBODY}/reactivate"),
    _form(f"{PERSON}/password", 404, f"{NOBODY}/password"),
    _page(f"{PERSON}/posts", f"/admin/people/{PERSON_ID}/posts?find=見本"),
    _form(f"{PERSON}/posts", 404, f"{NOBODY}/posts"),
    _form(f"{POST}/end", 404, f"{NOBODY}/posts/999999/end", last_day="2027-03-31"),
    _form(f"{POST}/end", 400, f"{NOBODY}/posts/999999/end"),
    _form(f"{POST}/change", 404, f"{NOBODY}/posts/999999/change"),
    _form(f"{POST}/cancel", 404, f"{NOBODY}/posts/999999/cancel"),
    _form(f"{PERSON}/data", 404, f"{NOBODY}/data", reason="本人の請求"),
    _page(f"{PERSON}/erase", f"/admin/people/{PERSON_ID}/erase"),
    _form(f"{PERSON}/erase", 404, f"{NOBODY}/erase", login="officer"),
    _form(f"{PERSON}/sign-ins/end", 404, f"{NOBODY}/sign-ins/end"),
    _page("/admin/people/import"),
    _form("/admin/people/import", 400),
    _page("/admin/people/import/template", "/admin/people/import/template?format=csv"),
    _page("/admin/people/import/template"),
    _page(IMPORT, NO_IMPORT, 404),
    _form(f"{IMPORT}/look", 404, f"{NO_IMPORT}/look"),
    _form(f"{IMPORT}/take-in", 404, f"{NO_IMPORT}/take-in"),
    _form(f"{IMPORT}/passphrases", 404, f"{NO_IMPORT}/passphrases"),
    _page("/admin/organisation"),
    _page("/admin/organisation", "/admin/organisation?on=2027-04-01&under=1"),
    _page("/admin/organisation/new"),
    _form("/admin/organisation/new", 400),
    _page(UNIT, f"/admin/organisation/{UNIT_ID}"),
    _page(UNIT, NOWHERE, 404),
    _form(f"{UNIT}/change", 404, f"{NOWHERE}/change"),
    _form(
        f"{UNIT}/change",
        200,
        f"/admin/organisation/{UNIT_ID}/change",
        name="新しい名前",
        parent_id="0",
        from_day="2027-04-01",
    ),
    _form(f"{UNIT}/close", 404, f"{NOWHERE}/close", last_day="2027-03-31"),
    _form(f"{UNIT}/take-back", 404, f"{NOWHERE}/take-back"),
    _page("/admin/settings"),
    _form("/admin/settings", 400),
    _page("/admin/content"),
    _form("/admin/content/check", 302),
    _form("/admin/content/sync", 302),
    _page("/admin/jobs"),
    _page("/admin/jobs", "/admin/jobs?state=failed&page=9"),
    _page("/admin/jobs/<int:job_id>", f"/admin/jobs/{JOB_ID}"),
    _form("/admin/jobs/<int:job_id>/retry", 404, "/admin/jobs/999999/retry"),
    _form("/admin/jobs/sweep", 302),
    _page("/admin/audit"),
    _page("/admin/audit", "/admin/audit?action=post.&who=陽子&about=佐藤&since=2026-01-01&until=2027-01-01"),
    _form("/admin/audit/export", 200),
    _page("/admin/sign-ins"),
    _form("/admin/sign-ins/<int:sign_in_id>/end", 404, "/admin/sign-ins/999999/end"),
    _form("/admin/sign-ins/end-others", 302),
    _page("/admin/backups"),
    _form("/admin/backups", 302),
    _form(f"{BACKUP}/download", 404, f"{NO_BACKUP}/download"),
    _form(f"{BACKUP}/check", 404, f"{NO_BACKUP}/check"),
    _form(f"{BACKUP}/delete", 404, f"{NO_BACKUP}/delete"),
    Route("GET", "/account/data", signed_in(200)),
    Route("POST", "/account/data", signed_in_form(200)),
)
