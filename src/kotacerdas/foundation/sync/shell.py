"""What the phone loads: the shell's files, the forms in the person's language, and the words of both languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from kotacerdas.foundation.cases.lifecycle import lifecycles
from kotacerdas.foundation.commands.fields import as_json, problem_templates
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.sync.declarations import FieldForm, forms, records
from kotacerdas.foundation.sync.words import WORDS
from kotacerdas.foundation.ui.icons import inner

ICONS = (
    "menu", "arrow-left", "chevron-right", "chevron-down", "check", "circle-alert", "wifi-off", "refresh-cw", "camera",
    "trash-2", "map-pin", "navigation", "phone", "inbox", "list-checks", "smartphone", "plus", "minus", "search",
    "file-text", "image", "clock", "download", "rotate-ccw", "pencil", "qr-code", "log-out", "arrow-right",
)  # fmt: skip
_FOLDER = Path(__file__).parent / "static" / "sync"
ALSO = ("commands/fields.js", "sync/field.css", "kotacerdas/mark.svg")
LATER = ("form", "outfile", "scan", "settle", "signature")  # modules that the first page does without
LANGUAGES = ("id", "en")


def static_names() -> tuple[str, ...]:
    """Names of the files that the shell consists of, besides its page."""
    modules = sorted(
        f"sync/{one.name}" for one in _FOLDER.glob("*.js") if one.name not in ("enrol.js", "key.js")
    )
    return (*modules, *ALSO)


def first_modules() -> list[str]:
    """Addresses of the modules that the first page needs, to be fetched at once."""
    later = {"commands/fields.js", *(f"sync/{one}.js" for one in LATER)}
    wanted = (one for one in static_names() if one.endswith(".js") and one not in later)
    return [staticfiles_storage.url(one) for one in wanted]


def static_urls() -> list[str]:
    """Their addresses."""
    return [staticfiles_storage.url(name) for name in static_names()]


def addresses() -> dict[str, str]:
    """Where the phone sends to; the photo's address holds a nil UUID in place of its own."""
    return {
        "exchange": reverse("sync:exchange"),
        "forms": reverse("sync:forms"),
        "photo": reverse("sync:photo", args=[UUID(int=0)]),
        "still": reverse("sync:still_in"),
    }


@lru_cache(maxsize=1)
def sprite() -> SafeString:
    """Every icon that the shell can show, once."""
    declared = {one.icon for one in forms().values()} | {one.icon for one in records().values()}
    states = {state.icon for one in lifecycles().values() for state in one.states}
    symbols = (
        format_html('<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>', name, mark_safe(inner(name)))
        for name in sorted({*ICONS, *declared, *states})
    )
    return format_html('<svg class="sprite" aria-hidden="true">{}</svg>', mark_safe("".join(symbols)))


@lru_cache(maxsize=1)
def version() -> str:
    """A name of this version of the shell: it changes with any of its files or words."""
    told = hashlib.sha256(json.dumps([static_urls(), shell_words()], sort_keys=True).encode())
    for one in (*sorted(_FOLDER.glob("*.js")), _FOLDER / "field.css"):
        told.update(one.read_bytes())
    return told.hexdigest()[:12]


def shell_words() -> dict[str, dict[str, str]]:
    """The words of the shell by language and name."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = {name: str(words) for name, words in WORDS.items()}
    return found


def problem_words() -> dict[str, dict[str, str]]:
    """The words of what can be wrong with an answer, by language and code."""
    return {language: problem_templates(language) for language in LANGUAGES}


def forms_for(actor: Actor, language: str) -> dict[str, Any]:
    """The kinds of records and the forms that somebody may use, in one language, with a name of this version."""
    with override(language):
        kinds = [
            {"name": one.name, "label": str(one.label), "icon": one.icon, "today": one.is_today}
            for one in records().values()
            if actor.grants.may(one.permission)
        ]
        offered = list(_offered(actor.grants, language))
    pin = needs_pin(actor.grants, offered)
    found = {"language": language, "records": kinds, "forms": offered, "pin": pin}
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    return found | {"version": hashlib.sha256(text.encode()).hexdigest()[:12]}


def _offered(grants: Grants, language: str) -> Iterator[dict[str, Any]]:
    """The forms that somebody may use. One that raises is left out alone, and set aside for the operator."""
    fence = Fence("sync.forms")
    fence.waiting()  # whatever waits is tried at every look
    for one in forms().values():
        with fence.around(one.name, in_transaction=False):
            if _is_offered(one, grants):
                yield _form(one, language)


def needs_pin(grants: Grants, offered: Iterable[Mapping[str, Any]]) -> bool:
    """Whether personal data stands on somebody's phone: in records that they keep, or in one of these forms."""
    return any(one.personal and grants.may(one.permission) for one in records().values()) or any(
        _is_personal(one["fields"]) for one in offered
    )


def _is_personal(fields: Iterable[Mapping[str, Any]]) -> bool:
    return any(one.get("personal") or _is_personal(one.get("fields", ())) for one in fields)


def field_permissions() -> frozenset[str]:
    """Whoever has one of these has a record or a form in the field."""
    begins = {one.command.permission for one in forms().values() if not one.on}
    return frozenset({one.permission for one in records().values()} | begins - {""})


def works_in_field(grants: Grants) -> bool:
    """Whether somebody has any record or form in the field."""
    return any(grants.may(one) for one in field_permissions())


def _is_offered(form: FieldForm, grants: Grants) -> bool:
    """Whether somebody has a form: with its permission, and with the records that it is for."""
    if form.on and not grants.may(records()[form.on].permission):
        return False
    return not form.command.permission or grants.may(form.command.permission)


def _form(form: FieldForm, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": form.name,
        "label": str(form.label),
        "icon": form.icon,
        "button": str(form.button),
        "fields": as_json(form.asked, language),
    }
    if form.on:
        shown["on"] = form.on
    if form.at_once:
        shown["at_once"] = [str(form.at_once[0]), *form.at_once[1:]]
    if form.goes_on:
        shown["goes_on"] = True
    if form.again:
        shown["again"] = True
    if form.danger:
        shown["danger"] = True
    return shown
