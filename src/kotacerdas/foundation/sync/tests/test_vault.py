"""The phone's sealing, run by node: rows, the PIN's key, and the exported file that the desk opens."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable
from trials.cast import seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.sync import rescue
from kotacerdas.foundation.sync.phones import export_key
from kotacerdas.foundation.sync.tests.test_rescue import in_secret, inner

VAULT = Path(__file__).parents[1] / "static" / "sync" / "vault.js"
START = """
import { readFileSync } from "node:fs";
const vault = await import(process.argv[1]);
const given = JSON.parse(readFileSync(0, "utf8"));
const { raw, name, key } = await vault.newKey();
const isLocked = (work) => work.then(() => false, (error) => error instanceof vault.Locked);
const fails = (work) => work.then(() => false, () => true);
const text = async (row) => JSON.stringify(row) + new TextDecoder("latin1").decode(await new Blob([row.sealed.data]).arrayBuffer());
const tell = (found) => process.stdout.write(JSON.stringify(found));
"""


def on_the_phone(script: str, given: object = None):
    """What a script tells that works with `vault.js`."""
    node = compute_driver_executable()[0]
    done = subprocess.run(
        [node, "--input-type=module", "-e", START + script, VAULT.as_uri()],
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_sealed_row_shows_its_order_and_state_and_nothing_of_its_content():
    found = on_the_phone("""
const entry = { id: "a", status: "waiting", seq: 3, at: 9, tries: 0, values: { name: "Wati" }, title: "Dermaga" };
const draft = { id: "d", at: 1, values: { body: "Papan" }, photos: [{ id: "p", blob: new Blob(["JPEG 1"], { type: "image/jpeg" }) }, { id: "q", blob: new Blob(["JPEG 22"]) }] };
vault.hold(name, key);
const rows = [await vault.sealed("outbox", entry), await vault.sealed("outbox", entry), await vault.sealed("drafts", draft)];
const texts = await Promise.all(rows.map(text));
const back = await vault.openedRow("drafts", rows[2]);
tell({
  plain: { ...rows[0], sealed: 0 }, opened: await vault.openedRow("outbox", rows[0]),
  photos: await Promise.all(back.photos.map(async ({ blob }) => [blob.type, await blob.text()])),
  shown: ["Wati", "Dermaga", "Papan", "JPEG"].filter((secret) => texts.some((one) => one.includes(secret))),
  nonces: new Set(rows.map((row) => String(row.sealed.iv))).size,
  moved: await fails(vault.openedRow("outbox", { ...rows[0], id: "b" })), elsewhere: await fails(vault.openedRow("drafts", rows[0])),
  changed: await fails(vault.openedRow("outbox", { ...rows[1], id: "a", sealed: { ...rows[1].sealed, data: rows[1].sealed.data.slice(1) } })),
});
""")
    assert found["plain"] == {"id": "a", "status": "waiting", "seq": 3, "at": 9, "tries": 0, "sealed": 0}
    assert (found["opened"]["values"], found["opened"]["title"]) == ({"name": "Wati"}, "Dermaga")
    assert found["photos"] == [["image/jpeg", "JPEG 1"], ["", "JPEG 22"]]
    assert (found["shown"], found["nonces"]) == ([], 3)
    assert (found["moved"], found["elsewhere"], found["changed"]) == (True, True, True)


def test_the_token_is_sealed_and_the_other_notes_of_the_phone_are_not():
    found = on_the_phone("""
vault.hold(name, key);
const row = await vault.sealed("meta", { name: "phone", phone: "1", offset: 5, token: "TOKEN", exportKey: "KEY", user: "Rudi" });
tell({ plain: { ...row, sealed: 0 }, shown: /TOKEN|KEY|Rudi/.test(await text(row)), link: vault.isSealable("meta", { name: "link" }) });
""")
    assert found == {
        "plain": {"name": "phone", "phone": "1", "offset": 5, "sealed": 0},
        "shown": False,
        "link": False,
    }


def test_without_the_key_nothing_is_opened_or_sealed_and_a_plain_row_stays_readable():
    assert on_the_phone("""
vault.hold(name, key);
const row = await vault.sealed("records", { kind: "k", id: "1", fields: { words: "x" } });
await vault.openedRow("records", row);
vault.drop();
const other = await vault.newKey();
const shut = await isLocked(vault.openedRow("records", row));
vault.hold(other.name, other.key);
tell([shut, await isLocked(vault.openedRow("records", row)), (vault.drop(), await isLocked(vault.sealed("records", row))), (await vault.openedRow("drafts", { id: "1", values: 2 })).values]);
""") == [True, True, True, 2]


def test_a_pin_opens_the_key_that_it_was_set_for_and_no_other_pin_does():
    found = on_the_phone("""
const row = await vault.wrapped(raw, "kuda-laut");
const again = await vault.wrapped(raw, "940271");
const readable = await vault.unwrapped(row, "kuda-laut", true);
tell({
  rounds: row.rounds, wrong: await vault.unwrapped(row, "kuda-laux"), forged: await vault.unwrapped({ ...row, key: "0" }, "kuda-laut"),
  same: vault.base64(await vault.rawOf(readable)) === vault.base64(raw), salts: String(row.salt) !== String(again.salt),
  kept: (await vault.unwrapped(again, "940271")).extractable, name: row.key === name && again.key === name, shown: JSON.stringify(row).includes("kuda"),
});
""")
    assert found == {
        "rounds": 600_000,
        "wrong": None,
        "forged": None,
        "same": True,
        "salts": True,
        "kept": False,
        "name": True,
        "shown": False,
    }


def test_pins_that_anybody_tries_first_are_refused_with_the_reason():
    pins = {
        "12345": "short", "é1": "short", "": "short", "000000": "trivial", "123456": "trivial", "654321": "trivial",
        "890123": "trivial", "121212": "trivial", "123123": "trivial", "1231231": "trivial", "abcdef": "trivial",
        "Rahasia123": "trivial", "password": "trivial", "493817": "", "112233": "", "kuda-laut": "", "180845": "",
    }  # fmt: skip
    assert on_the_phone("tell(given.map(vault.pinFlaw));", list(pins)) == list(pins.values())


@pytest.mark.django_db
def test_the_desk_opens_what_the_phone_exports_byte_for_byte(handset):
    text = inner(handset.phone, [{"id": "1", "values": {"body": "Ditulis — “é” 🌊"}}])
    given = {"text": text, "exportKey": export_key(handset.phone), "phone": str(handset.phone.pk)}
    found = on_the_phone(
        "tell([await vault.sealedFile(given.text, { ...given, salt: Uint8Array.from({ length: 16 }, (_one, at) => at), iv: new Uint8Array(12) }), await vault.sealedFile(given.text, given)]);",
        given,
    )
    assert found[0] == json.loads(in_secret(handset.phone, text))
    assert found[0]["data"] != found[1]["data"]
    assert "Ditulis" not in base64.b64decode(found[1]["data"]).decode("latin-1")
    head = staff(seat("kepala-pu", "PU", "head"))
    for one in found:
        export = rescue.export_read(head, json.dumps(one).encode())
        assert export.commands[0]["values"] == {"body": "Ditulis — “é” 🌊"}
