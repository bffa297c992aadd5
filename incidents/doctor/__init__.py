"""What is wrong with an installation, and how to mend it. Looks, and changes nothing."""

from incidents.doctor.checks import Finding, Outcome, examine
from incidents.doctor.installation import Installation

__all__ = ["Finding", "Installation", "Outcome", "examine"]
