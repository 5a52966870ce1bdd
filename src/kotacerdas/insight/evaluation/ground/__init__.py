"""A score opened to its ground: index, dimension, measure, item, evidence or figure, journal rows."""
