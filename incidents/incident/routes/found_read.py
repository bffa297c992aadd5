"""What words suggest, told while they are selected or typed: they come in a body, as words stand in
no address. Keeps nothing, and logs nothing.
"""

from flask import jsonify, render_template, request
from werkzeug.wrappers import Response

from incidents.errors import NotFound
from incidents.incident.forms import blank_entry
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.form import form_of
from incidents.incident.routes.found import found_in
from incidents.incident.routes.looks_like import said_types
from incidents.incident.routes.page import RECORDERS
from incidents.incident.types import TYPES
from incidents.web import allow


@bp.post("/incidents/found")
@allow(*RECORDERS)
def found() -> str:
    """The lines beside a form's fields, as it is posted."""
    declared = TYPES.get(request.args.get("type", ""))
    if declared is None:
        raise NotFound("There is no such type.")
    form = form_of(declared, blank_entry(declared, ""))
    return render_template("incident/_suggestions.html", found=found_in(form), whole=True)


@bp.post("/incidents/found/types")
@allow(*RECORDERS)
def found_types() -> Response:
    """What words selected in a source look like, the likeliest first; none where none speaks."""
    return jsonify(types=said_types(request.form.get("quote", "")))
