"""The jobs of an upload. Each can be run twice: the second run replaces the first one's results."""

from __future__ import annotations

from kotacerdas.foundation.jobs import job


@job("tables.read")
def read(upload_id: str) -> None:
    """Read a file and say what is wrong in it and what it would change; see `running.read_upload`."""
    from kotacerdas.foundation.tables.running import read_upload

    read_upload(upload_id)


@job("tables.take")
def take(upload_id: str) -> None:
    """Take the good rows of a file; see `running.take_upload`."""
    from kotacerdas.foundation.tables.running import take_upload

    take_upload(upload_id)


@job("tables.mark", lock="tables.mark")
def mark(upload_id: str, language: str) -> None:
    """Make the workbook of a file's wrong rows, one at a time; see `marked.make`."""
    from kotacerdas.foundation.tables.marked import make

    make(upload_id, language)
