"""What a date or a number is read as, told while it is typed. Keeps nothing, and logs nothing."""

from flask import jsonify, request
from werkzeug.wrappers import Response

from incidents import dates, quantity
from incidents.dates_beside import Beside, read_beside
from incidents.folding import has_unstorable
from incidents.incident.routes.beside import beside_source
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.web import allow, services, viewer

_LONGEST_TEXT = 300


@bp.get("/dates/read")
@allow(*RECORDERS)
def read_date() -> Response:
    """`source` is the reference of the one whose year “16 December” has; none on a source’s own."""
    text, reference = _typed(), request.args.get("source", "")
    beside = beside_source(reference) if reference else Beside(viewer().day_first)
    try:
        reading = read_beside(text, beside)
    except dates.DateError as error:
        return jsonify(problem=str(error) if text else "")
    if dates.in_future(reading.edtf, services().clock().date()):
        return jsonify(problem=dates.still_to_come(reading.edtf))
    return jsonify(said=dates.echo(reading))


@bp.get("/quantities/read")
@allow(*RECORDERS)
def read_quantity() -> Response:
    text = _typed()
    try:
        read = quantity.read(text)
    except quantity.QuantityError as error:
        return jsonify(problem=str(error) if text else "")
    if not text:
        return jsonify(problem="")
    words = quantity.in_words(read.low, read.best, read.high, read.qualifier)
    return jsonify(said=words[:1].upper() + words[1:])


def _typed() -> str:
    text = request.args.get("text", "").strip()[:_LONGEST_TEXT]
    return "" if has_unstorable(text) else text
