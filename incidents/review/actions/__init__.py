"""Verbs of the second pair of eyes: decide on incidents, propose and decide on corrections."""

from incidents.review.actions.corrections import (
    approve_correction,
    edit_correction,
    propose_correction,
    reject_correction,
    return_correction,
    submit_correction,
    withdraw_correction,
)
from incidents.review.actions.decisions import approve, assess, reject, retract, return_to_author

__all__ = [
    "approve",
    "approve_correction",
    "assess",
    "edit_correction",
    "propose_correction",
    "reject",
    "reject_correction",
    "retract",
    "return_correction",
    "return_to_author",
    "submit_correction",
    "withdraw_correction",
]
