"""A phone of Rudi's, and exchanges as his phone makes them."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kotacerdas.foundation.sync.exchange import milliseconds
from kotacerdas.foundation.sync.phones import phone_enrol
from kotacerdas.kernel import clock


class Handset:
    """A phone with its token, as the shell uses it."""

    def __init__(self, user: Any, label: str = "") -> None:
        self.phone, self.token = phone_enrol(user=user, by=user, label=label)
        self.cursor, self.records = 0, {}
        self.session, self.made = str(uuid4())[:28], 0
        self.client = Client()

    @property
    def headers(self) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.token}", "HTTP_X_LANGUAGE": "id"}

    def command(self, name: str, *, at: Any = None, **more: Any) -> dict[str, Any]:
        """A command as the outbox has it."""
        self.made += 1
        return {
            "id": f"{self.session}{self.made:08x}",
            "name": name,
            "at": milliseconds(at or clock.now()),
            "values": {},
            **more,
        }

    def post(self, body: Any, *, packed: bool = True) -> Any:
        raw = json.dumps(body).encode()
        more = {"HTTP_CONTENT_ENCODING": "gzip"} if packed else {}
        return self.client.post(
            "/lapangan/tukar/",
            gzip.compress(raw) if packed else raw,
            content_type="application/json",
            **self.headers,
            **more,
        )

    def exchange(self, *commands: dict[str, Any], left: int = 0, p: int = 2, **more: Any) -> dict[str, Any]:
        """One exchange as protocol 2 has it; what changed is put into `records`."""
        body = {"p": p, "v": "t", "now": milliseconds(clock.now()), "cursor": self.cursor, "left": left}
        answer = self.post(body | {"commands": list(commands)} | more)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = json.loads(gzip.decompress(answer.content))
        self.apply(found)
        return found

    def apply(self, found: dict[str, Any]) -> None:
        if found["from"] == 0:
            self.records = {}
        for kind, key, fields, went in found["changed"]:
            row = self.records.setdefault((kind, key), {})
            row.update(fields)
            for name in went:
                row.pop(name, None)
        for kind, key in found["gone"]:
            self.records.pop((kind, key), None)
        self.cursor = found["cursor"]


@pytest.fixture
def handset(cast: Any) -> Handset:
    """Rudi's phone."""
    return Handset(cast.rudi, "Rudi")
