"""What browsers are served: our scripts without the comments that stand on lines of their own."""

from __future__ import annotations

from django.core.files.base import ContentFile

from kotacerdas.config.paths import ROOT
from kotacerdas.config.statics import Storage


def test_scripts_go_out_without_their_comment_lines(tmp_path):
    storage = Storage(location=tmp_path)
    source = ContentFile(b"// for readers\nexport const a = 1; // stays\n")
    source.read()  # as whoever made its hash did
    script = storage.save("kotacerdas/a.js", source)
    words = storage.save("kotacerdas/a.txt", ContentFile(b"// stays\n"))
    assert storage.open(script).read() == b"export const a = 1; // stays\n"
    assert storage.open(words).read() == b"// stays\n"


def test_no_text_of_a_script_spans_lines():
    """A line of it that looked like a comment would be lost with them."""
    scripts = list((ROOT / "src").rglob("static/**/*.js"))
    assert scripts
    for file in scripts:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{file.name}:{number}"
