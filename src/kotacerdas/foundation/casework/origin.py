"""The page from which a request came: where to go back to, and its filters."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kotacerdas.foundation.casework.declarations import Desk

STEP = "langkah"
OPEN = "tiket"
FILTER = "saring"
PAGE = "halaman"
QUEUE = "antrean"  # on the page of a case: the filter of the queue it was opened from
WHOLE_QUEUE = "semua"


@dataclass(frozen=True)
class Origin:
    """Path and query of a page of a desk, without the step whose form is open."""

    desk: Desk
    path: str
    query: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        """The page itself."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def form_url(self, step: str) -> str:
        """The page with a step's form open."""
        return self.with_value(STEP, step).url

    @property
    def is_queue(self) -> bool:
        return self.path == self.desk.url("queue")

    @property
    def queue(self) -> str:
        """The filter of the queue from which a case was opened; "" when it came from elsewhere."""
        given = dict(self.query)
        return given.get(FILTER, WHOLE_QUEUE) if self.is_queue else given.get(QUEUE, "")

    def case(self, number: str) -> Origin:
        """The page of a case, which knows the queue it was opened from."""
        return Origin(self.desk, self.desk.url("case", number), ()).with_value(QUEUE, self.queue)

    def with_value(self, name: str, value: str) -> Origin:
        """The same page with one value changed; "" takes it away."""
        others = tuple(pair for pair in self.query if pair[0] != name)
        return Origin(self.desk, self.path, (*others, (name, value)) if value else others)


def origin_of(request: HttpRequest, desk: Desk, otherwise: str) -> Origin:
    """Where a request came from: its own page, or what a posted form says in `dari`; only pages of this desk."""
    given = request.POST.get("dari", otherwise) if request.method == "POST" else request.get_full_path()
    if not url_has_allowed_host_and_scheme(given, allowed_hosts=None) or not given.startswith(
        desk.url("queue")
    ):
        given = otherwise
    parts = urlsplit(given)
    pairs = parse_qsl(parts.query, keep_blank_values=False)
    return Origin(desk, parts.path, tuple(pair for pair in pairs if pair[0] != STEP))
