"""The master plan, what programmes cost, and what the pack says of both."""
