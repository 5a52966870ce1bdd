"""Words that were asked for before their catalog was compiled are read from it afterwards."""

from __future__ import annotations

from django.utils.translation import gettext, override

from kotacerdas.config import prepare

WORDS = "A word that no other catalog has"
CATALOG = f"""msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "{WORDS}"
msgstr "Kata yang lain"
"""


def test_a_first_start_says_in_indonesian_what_it_asked_for_too_early(tmp_path, settings, monkeypatch):
    catalog = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(CATALOG)
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(prepare, "catalogs", lambda: [catalog])
    with override("id"):
        assert gettext(WORDS) == WORDS
        prepare.compile_catalogs()
    with override("id"):
        assert gettext(WORDS) == "Kata yang lain"
