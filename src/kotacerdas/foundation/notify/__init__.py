"""Outgoing messages: what is sent to whom, by which channel, and the result of each attempt."""
