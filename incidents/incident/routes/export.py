"""Downloads of the listing's query, and the log of past ones."""

from flask import render_template, request
from werkzeug.wrappers import Response

from incidents.incident.columns import ColumnSet
from incidents.incident.exports import Wanted, begin
from incidents.incident.queries.export_log import export_by_id, past_exports
from incidents.incident.routes.blueprint import bp
from incidents.web import EVERYBODY, allow, commit, save, services, session, viewer, work

_TYPE = "text/csv; charset=utf-8"


@bp.get("/incidents.csv", defaults={"table": "incidents"})
@bp.get("/incidents/<any(citations, parties, figures, relations, sources):table>.csv")
@allow(*EVERYBODY)
def download(table: str) -> Response:
    """A logged GET: the start is committed before the first byte, the end after the last."""
    session(writes=True)
    args = list(request.args.items(multi=True))
    wanted = Wanted(table, args, ColumnSet.REPORT, request.url_root.rstrip("/"))
    export = begin(services(), work(), wanted, save)
    commit()
    response = Response(export, content_type=_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=export.options.file_name)
    return response


@bp.get("/exports")
@allow(*EVERYBODY)
def exports() -> str:
    return render_template("incident/exports.html", exports=past_exports(session(), viewer()))


@bp.get("/exports/<int:export_id>")
@allow(*EVERYBODY)
def export(export_id: int) -> str:
    return render_template(
        "incident/export.html", page=export_by_id(session(), viewer(), export_id)
    )
