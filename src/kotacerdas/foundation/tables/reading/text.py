"""Tables as text: which encoding, which separator, and the rows one by one."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from kotacerdas.foundation.tables.reading.extent import MOST_COLUMNS, MOST_ROWS
from kotacerdas.foundation.tables.reading.refused import Unreadable

SEPARATORS = (";", ",", "\t", "|")
_LONGEST_CELL = 32_767  # as in a spreadsheet
_SAMPLE_LINES = 40
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Unreadable for what is no text."""
    named = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    for encoding in (named,) if named else _guesses(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text, encoding
    raise Unreadable("encoding")


def _guesses(data: bytes) -> tuple[str, ...]:
    sample = data[:4096]
    if b"\x00" not in sample:
        return ("utf-8", "cp1252")
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _is_text(text: str) -> bool:
    """No control characters but tabs and line ends in its beginning."""
    sample = text[:4096]
    return not any(ord(letter) < 32 and letter not in "\t\r\n\x0c" for letter in sample)


class Text:
    """A table as text, whose rows can be gone through again and again."""

    def __init__(self, data: bytes) -> None:
        text, self.encoding = decoded(data)
        if "\x00" in text:
            raise Unreadable("encoding")
        self.skipped = 0
        first, _, rest = text.partition("\n")
        if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
            self.separator, text, self.skipped = first.strip()[4], rest, 1
        else:
            self.separator = _separator(text)
        self.text = text

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line of the file, cells) of every row; a row may stand on several lines. Raises Unreadable."""
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator)
        line, count = 1, 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise Unreadable("quote", line=line + self.skipped) from error
            if cells is None:
                return
            count += 1
            if count > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise Unreadable("many", n=MOST_ROWS, columns=MOST_COLUMNS)
            yield line + self.skipped, cells
            line = reader.line_num + 1


def _separator(text: str) -> str:
    """The one that parts most lines into the same number of cells, of at least two."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    best, most = ",", 0.0
    for one in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=one) if any(row)]
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = widths.count(usual) * min(usual, 20) if usual > 1 else 0
        if score > most:
            best, most = one, score
    return best
