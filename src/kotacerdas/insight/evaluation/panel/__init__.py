"""The panel: seats, blind scores, what was settled, and how far the four agreed."""
