"""Pages of places and of terms, and what a place’s field offers while one types."""

from incidents.vocabulary.routes import beside, places, terms
from incidents.vocabulary.routes.blueprint import bp

__all__ = ["beside", "bp", "places", "terms"]
