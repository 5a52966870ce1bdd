"""Why a whole file cannot be read, and the way out, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, tuple[Any, Any]] = {
    "empty": (_("There is nothing in this file."), _("Choose the file with the table in it.")),
    "kind": (
        _("This is no table."),
        _("Save the table as XLSX, ODS or CSV and choose that file."),
    ),
    "html": (
        _("This is a page of the web under a spreadsheet's name."),
        _("Open it in Excel or LibreOffice and save it as XLSX."),
    ),
    "old": (
        _("This is an old or unusual kind of spreadsheet."),
        _("Open it in Excel or LibreOffice and save it as XLSX."),
    ),
    "password": (
        _("This file is protected by a password."),
        _("Take the password off in Excel (File, Info, Protect Workbook) and choose it again."),
    ),
    "broken": (
        _("This file is damaged."),
        _("Open it in Excel or LibreOffice, save it under a new name and choose that."),
    ),
    "bomb": (
        _("Unpacked, this file is far larger than a table can be."),
        _("Copy the table into a new, empty workbook and save that."),
    ),
    "far": (
        _("The sheet %(sheet)s reaches as far as %(cell)s: more than %(n)s rows, or far too many cells."),
        _("Delete what stands far from the table, or split the table into several files."),
    ),
    "many": (
        _("The table has more than %(n)s rows or %(columns)s columns."),
        _("Split it into several files."),
    ),
    "sheets": (
        _("The workbook has more than %(n)s sheets."),
        _("Copy the one with the table into a workbook of its own."),
    ),
    "formulas": (
        _("More than %(n)s formulas have no result in the file, or an error."),
        _("Open the file in Excel or LibreOffice and save it; then choose it again."),
    ),
    "memory": (
        _("Reading this file took too long, or more memory than a table may."),
        _("Save it as CSV, or copy the table into a new workbook, without pictures and colours."),
    ),
    "encoding": (
        _("The letters of this file cannot be read."),
        _("Save it as CSV UTF-8, or as XLSX."),
    ),
    "quote": (
        _("In line %(line)s a quotation mark opens and never closes."),
        _("Close it there, or save the table as XLSX."),
    ),
    "no_rows": (
        _("Under the heads there is not one row."),
        _("Fill in at least one row, and save the file before you choose it."),
    ),
    "moved": (
        _("What is stored has changed since you saw the preview; nothing was taken."),
        _("Look at the preview again: it is new."),
    ),
    "row": (
        _("Line %(line)s could not be taken after all, so nothing was taken."),
        _("It stands among the wrong ones now. Take the others, or correct the file."),
    ),
    "twice": (
        _("This very file was taken already."),
        _("Nothing was done. Choose a file with new rows."),
    ),
    "failed": (
        _("Something went wrong on our side, and nothing was taken."),
        _("The operator sees it. Try again, or give the file to the operator."),
    ),
    "gone": (
        _("The file was deleted after its time."),
        _("Choose it again."),
    ),
}


def words(refusal: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with the file, and what to do."""
    message, remedy = _WORDS.get(str(refusal.get("code")), _WORDS["broken"])
    return filled(message, refusal.get("given", {})), str(remedy)


def filled(text: Any, given: Mapping[str, Any]) -> str:
    """Words with their values; words that want none are left alone."""
    return str(text) % given if given else str(text)
