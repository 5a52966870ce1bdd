"""The phone desk: a call becomes a report while the caller speaks."""
