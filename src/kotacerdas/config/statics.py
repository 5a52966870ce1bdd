"""Static files: hashed names, compressed once at set-up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

_NOT_OURS = ("django_htmx/", "leaflet/")
_COMMENT_LINES = re.compile(rb"^[ \t]*//[^\n]*\n", re.MULTILINE)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed; our ES modules import one another by hashed names as well, and go without comments.

    References inside installed packages' scripts stay as they are: some name modules of npm. Before
    anything was collected (in tests), names are served unhashed.
    """

    support_js_module_import_aggregation = True
    manifest_strict = False

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[Any], str]:
        """The function that rewrites one reference; see Django's HashedFilesMixin."""
        if name.startswith(_NOT_OURS):
            return lambda found: str(found["matched"])
        return super().url_converter(name, hashed_files, template)  # type: ignore[no-any-return]

    def _save(self, name: str, content: File[bytes]) -> str:
        if name.endswith(".js") and not name.startswith(_NOT_OURS):
            content = ContentFile(_COMMENT_LINES.sub(b"", b"".join(content.chunks())))
        return str(super()._save(name, content))

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one of what was not collected yet, as in tests."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
