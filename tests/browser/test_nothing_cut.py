"""Nothing is cut, written over or off the screen on a phone and on the office's screens, with the longest names there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import POSTS, STORY, Town, stored
from trials.cast import INVENTED, MONDAY
from trials.cut import cut_text
from trials.long_names import PERSON, PERSON_ENDS, lengthened, longer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ((360, 740), (1366, 720), (1440, 900))
PUBLIC = (
    "/",
    "/darurat/",
    "/lapor/",
    "/lapor/tempat/",
    f"/lapor/cerita/?q={STORY}",
    "/sedot/pesan/",
    "/aset/",
)
DESKS = {
    "rudi": ("/desk/iceta/", "/desk/iceta/?tiket={report}", "/desk/iceta/dinas/", "/desk/iceta/{report}/"),
    "sari": ("/desk/iceta/verifikasi/", "/desk/perangkat/peta/"),
    "dewi": ("/desk/telepon/",),
    "piket": ("/dinding/",),
    "perencana": ("/desk/evaluasi/", "/desk/evaluasi/putaran/", "/desk/evaluasi/anggaran/"),
    "dina": ("/desk/sedot/pesanan/", "/desk/sedot/pesanan/{order}/", "/desk/sedot/tangki/", "/desk/rute/"),
    "endah": ("/desk/barang/", "/desk/barang/{good}/", "/desk/barang/buku/"),
}


@pytest.fixture
def long_town(town: Town, tmp_path: Path) -> dict[str, str]:
    """The town under long names, with a report at work and one to verify, an order and a good; what they are called."""

    def grow() -> dict[str, str]:
        from trials.cast import Cast, seat

        from kotacerdas.config.pack import load_pack
        from kotacerdas.foundation.cases.links import link_token
        from kotacerdas.foundation.parties.actors import staff
        from kotacerdas.foundation.parties.models import Agency, User
        from kotacerdas.kernel import clock
        from kotacerdas.kernel.memory import forget_all
        from kotacerdas.programs.gopal.tests import world as sludge
        from kotacerdas.programs.iceta import actions as iceta
        from kotacerdas.programs.lada.tests import world as goods

        load_pack(lengthened(INVENTED, tmp_path / "long"), may_close_many=True)
        forget_all()
        cast = Cast(rudi=None, sari=seat("sari", "KOMINFO", "coordinator"), dewi=None, asep=None, head=None)
        who = longer("Wati", PERSON, PERSON_ENDS)
        filed = cast.verified(words=STORY, name=who)
        cast.report(words=STORY, name=who, category=cast.category("landslide"))
        iceta.report_accept(actor=staff(seat("rudi", *POSTS["rudi"])), case=filed.case)
        sludge.ready(1)
        with clock.frozen(MONDAY):
            order = sludge.order(address=longer("Jalan Raya", PERSON, PERSON_ENDS))
        named = {"name": longer("Tanah puskesmas", PERSON, PERSON_ENDS)}
        good = goods.good(data=named, amount=1_368_698_000_000)
        for one in User.objects.all():
            one.name = longer(one.name, PERSON, PERSON_ENDS)
            one.save(update_fields=["name"])
        assert len(Agency.objects.get(code="PU").name) > 80
        link = f"/l/{link_token(filed.party)}/"
        return {"report": filed.case.number, "link": link, "order": order.case.number, "good": good.nibar}

    made = stored(grow)
    town.house.forget()
    return made


def test_nothing_is_cut_with_the_longest_names(town: Town, long_town: dict[str, str]) -> None:
    found = {}
    for width, height in SIZES:
        for who, paths in {"": (*PUBLIC, "{link}"), **DESKS}.items():
            if width == 1440 and not who:
                continue  # what citizens read grows no wider than at 1366
            page = town.page(who, viewport={"width": width, "height": height})
            for path in paths:
                answer = page.goto(town.url + path.format(**long_town), wait_until="load")
                assert answer, path
                assert answer.ok, path
                if wrong := cut_text(page):
                    found[who, path, width] = wrong
            page.context.close()
    assert found == {}


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("width: 40px; white-space: nowrap; overflow: hidden", "cut at the side"),
        ("width: 140px; height: 20px; overflow: hidden", "cut below"),
        ("white-space: nowrap; position: absolute; left: 96%", "off the screen"),
        ("margin-bottom: -16px; line-height: 16px", "written over"),
    ],
)
def test_what_looks_for_it_finds_it(town: Town, style: str, words: str) -> None:
    page = town.page()
    page.set_content(
        f"<style>p{{margin:0;font:16px sans-serif}}</style><p style='{style}'>Kedokanbunder Wetan</p><p>Desa</p>"
    )
    assert words in " ".join(cut_text(page))
