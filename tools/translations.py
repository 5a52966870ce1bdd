"""Every message of the code and the templates has an Indonesian one, with the same placeholders.

Messages are found by Babel's extractors; templates go through Django's `templatize` first. No f-string
stands inside gettext: it would be built before it is looked up.

With a folder, that of a program from elsewhere, it is its messages that are looked at. No text, of the code or of a
pack, holds a phrase that docs/glossary.md lists under "Words we do not use".
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "kotacerdas"
PACKS = ROOT / "packs"
GLOSSARY = ROOT / "docs" / "glossary.md"
_PLAIN = ("gettext", "gettext_lazy", "gettext_noop", "_")
_PLURAL = ("ngettext", "ngettext_lazy")
_CONTEXT = ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")
KEYWORDS = (*_PLAIN, *_PLURAL, *_CONTEXT)
Key = tuple[str, str]  # context, msgid


def main(folder: Path = SOURCES) -> int:
    """Print what is missing; 1 when something is."""
    known, problems = catalogs(folder)
    problems += in_packs(PACKS)
    used: dict[Key, str] = {}
    kinds = "*.py", "templates/**/*.html", "templates/**/*.txt"
    for file in sorted(one for kind in kinds for one in folder.rglob(kind)):
        if {"tests", "migrations"} & set(file.relative_to(folder).parts):
            continue
        if file.suffix == ".py":
            problems += list(built_strings(file))
        for line, key in messages(file):
            used.setdefault(key, f"{shown(file)}:{line}")
    problems += [f"{where}: no Indonesian for {key[1]!r}" for key, where in used.items() if key not in known]
    print("\n".join(problems) or f"{len(used)} messages, all in Indonesian")
    return 1 if problems else 0


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file)


def catalogs(more: Path = SOURCES) -> tuple[set[Key], list[str]]:
    """The translated messages of all Indonesian catalogs, and what is wrong in them."""
    known: set[Key] = set()
    problems: list[str] = []
    said: dict[Key, object] = {}  # one of two would be shown in both places
    odd = odd_words()
    for folder in dict.fromkeys((SOURCES, ROOT / "locale", more)):
        for file in sorted(folder.rglob("id/LC_MESSAGES/django.po")):
            with file.open("rb") as source:
                catalog = read_po(source, locale="id", abort_invalid=True)
            for message in catalog:
                if message.id and _is_whole(message):
                    known.add(_key(message))
                    if said.setdefault(_key(message), message.string) != message.string:
                        problems.append(
                            f"{shown(file)}:{message.lineno}: {_key(message)[1]!r} is said otherwise "
                            "elsewhere, and one is shown in both places: use other English, or pgettext"
                        )
                    found = [*_errors(message, catalog), *_oddities(message, odd)]
                    problems += [f"{shown(file)}:{message.lineno}: {e}" for e in found]
    return known, problems


def odd_words() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """(phrase, what to say) by language, from the glossary's last table."""
    odd: dict[str, list[tuple[re.Pattern[str], str]]] = {"id": [], "en": []}
    table = GLOSSARY.read_text(encoding="utf-8").partition("## Words we do not use")[2]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[2] in odd:
            phrases = "|".join(re.escape(phrase.strip()) for phrase in cells[0].split(","))
            odd[cells[2]].append((re.compile(rf"\b({phrases})\b", re.IGNORECASE), cells[1]))
    return odd


def in_packs(folder: Path) -> list[str]:
    """The odd words in the files of packs, whose texts stand in both languages."""
    odd = [one for phrases in odd_words().values() for one in phrases]
    lines = [
        (f"{file.relative_to(folder.parent)}:{at}", line)
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".csv", ".toml")
        for at, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    ]
    return [f"{where}: {error}" for where, line in lines for error in _odd_in(line, odd)]


def _oddities(message: Message, odd: dict[str, list[tuple[re.Pattern[str], str]]]) -> Iterator[str]:
    for language, text in (("en", message.id), ("id", message.string)):
        yield from _odd_in(" ".join(text) if isinstance(text, tuple | list) else text, odd[language])


def _odd_in(words: str, odd: list[tuple[re.Pattern[str], str]]) -> Iterator[str]:
    for phrase, better in odd:
        if hit := phrase.search(words):
            yield f"{hit[0]!r} in {words!r}: say {better}"


def messages(file: Path) -> Iterator[tuple[int, Key]]:
    """(line, (context, msgid)) of each message in a module or template."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        from django.utils.translation.template import templatize

        text = "\n".join(line.strip() for line in templatize(text, origin=str(file)).splitlines())
    for line, name, found, _comments in extract_python(
        BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"}
    ):
        parts = found if isinstance(found, tuple) else (found,)
        context = parts[0] if name in _CONTEXT else ""
        msgid = parts[1] if name in _CONTEXT and len(parts) > 1 else parts[0]
        if msgid:
            yield line, (context or "", msgid)


def built_strings(file: Path) -> Iterator[str]:
    """Calls of gettext whose message is built at run time."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in KEYWORDS and any(isinstance(given, ast.JoinedStr | ast.BinOp) for given in node.args):
            yield f"{shown(file)}:{node.lineno}: a message built at run time is never found in a catalog"


def _is_whole(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and not message.fuzzy


def _key(message: Message) -> Key:
    return message.context or "", message.id[0] if isinstance(message.id, tuple | list) else message.id


def _errors(message: Message, catalog: Catalog) -> Iterator[str]:
    yield from (str(error) for error in message.check(catalog))


def set_up() -> None:
    """Templates are read with the settings' tags and filters at hand."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")
    django.setup()


if __name__ == "__main__":
    set_up()
    sys.exit(main(*(Path(one).resolve() for one in sys.argv[1:2])))
