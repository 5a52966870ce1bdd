"""The end of a round: frozen, closed, recommendations, sealed pack."""
