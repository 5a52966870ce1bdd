"""A form whose session changed after it was opened: the words come back, nothing is done, and strangers get no echo."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.tests.test_mine import sign_in
from kotacerdas.programs.iceta.tests.test_public import WORDS, fields

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}
TYPED = 'Papan patah "dua"\n<script>alert(1)</script> & lampu mati'
WHY = "Anda masuk atau keluar di tab lain"
VALUES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "str": "x", "slug": "x", "path": "x", "number": "x"}


def page(answer) -> str:
    return answer.content.decode()


def form_of(answer) -> tuple[str, list[tuple[str, str]]]:
    """Where the form on the page goes, and what a browser would send from it."""
    found = re.search(
        r'<form class="narrow" method="post" action="([^"]*)">(.*?)</form>', page(answer), re.DOTALL
    )
    assert found, page(answer)[:2000]
    sent = [
        (a, unescape(b))
        for a, b in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found[2])
    ]
    typed = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', found[2], re.DOTALL)
    return unescape(found[1]), sent + [(name, unescape(value)) for name, value in typed]


def strict(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


def test_a_report_told_signed_out_goes_on_after_signing_in_in_another_tab(client, cast):
    opened = client.get(reverse("iceta:report_words"))
    given = {**fields(opened), "words": WORDS + "\r\n<b>dua</b>", "category": "jetty", "go": "next"}
    sign_in(client, "0813-1111-2222")
    answer = strict(client).post(reverse("iceta:report_you"), given, headers=HERE)
    assert answer.status_code == 403
    assert WHY in page(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<b>dua</b>" not in page(answer)
    address, sent = form_of(answer)
    assert address == reverse("iceta:report_you")
    assert {**given, "csrfmiddlewaretoken": ""} == {**dict(sent), "csrfmiddlewaretoken": ""}
    again = client.post(address, dict(sent), headers=HERE)
    assert again.status_code == 302
    back = client.get(reverse("iceta:report_words"), {"draf": given["draf"]})
    assert unescape(fields(back)["words"]) == given["words"].replace("\r\n", "\n")
    assert not Report.objects.exists()


def test_a_reply_at_the_desk_comes_back_and_is_sent_once_more_by_one_press(cast):
    filed = cast.verified()
    client = strict(client_of(cast.rudi))
    address = reverse("iceta:step", args=[filed.case.number, "reply"])
    given = {"csrfmiddlewaretoken": "a" * 64, "body": TYPED, "key": str(uuid.uuid4()), "seen_version": "1"}
    answer = client.post(address, given, headers=HERE)
    assert answer.status_code == 403
    assert WHY not in page(answer)  # there was no cookie at all yet
    assert "Cookie harus diizinkan" in page(answer)
    assert not Note.objects.filter(body__contains="Papan").exists()
    to, sent = form_of(answer)
    assert dict(sent)["body"].replace("\r\n", "\n") == TYPED
    assert client.post(to, dict(sent), headers=HERE).status_code in (302, 409)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.jahat.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {"Referer": "https://jahat.example/testserver"},
        {"Referer": "//testserver/"},
        {"Referer": "javascript:http://testserver/"},
        {},
    ],
)
def test_what_a_foreign_page_makes_a_browser_send_has_no_effect_and_no_echo(client, cast, headers):
    filed = cast.verified()
    for address in (
        reverse("iceta:report_words"),
        reverse("following:follow", args=[link_token(filed.party)]),
        reverse("iceta:step", args=[filed.case.number, "reply"]),
        reverse("account_login"),
    ):
        before = Case.objects.get().version
        answer = strict(client).post(
            f"{address}?q=<script>", {"body": TYPED, "words": TYPED}, headers=headers
        )
        assert answer.status_code == 403
        for echo in ("Papan", "<script>alert", "alert(1)", "lampu", "textarea"):
            assert echo not in page(answer)
        assert Case.objects.get().version == before


def patterns(resolver=None, way: str = "/"):
    """Every address of the house, with something in place of its arguments."""
    for one in (resolver or get_resolver()).url_patterns:
        text = str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, way + text)
        elif isinstance(one, URLPattern) and "(?P" not in text:
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda kind: VALUES.get(kind[1] or "str", "x"), way + text), one


def test_every_form_of_the_house_brings_its_words_back(cast):
    """No address answers with a bare error page; those that look at no token are the machines'."""
    client, seen = strict(client_of(cast.sari)), 0
    for address, one in patterns():
        if getattr(one.callback, "csrf_exempt", False):
            continue
        given = {"isi": TYPED, "lain": ["a", "b"], "go": "next"}
        answer = client.post(address, given, headers=HERE)
        if answer.status_code == 404:
            continue  # no value of ours fits there
        assert answer.status_code == 403, address
        to, sent = form_of(answer)
        assert to == address
        assert [value for name, value in sent if name == "lain"] == ["a", "b"]
        assert dict(sent)["isi"].replace("\r\n", "\n") == TYPED
        seen += 1
    assert seen > 150


def test_no_password_and_no_code_is_repeated(client, cast):
    for name in ("account_login", "mfa_authenticate", "account_confirm_login_code"):
        given = {"password": "rahasia sekali", "code": "123456", "login": "sari"}
        answer = strict(client).post(reverse(name), given, headers=HERE)
        assert answer.status_code == 302
        assert answer.url == reverse(name)
        assert "rahasia" not in page(answer)


def test_files_are_asked_for_again_and_scripts_are_refused_as_ever(client, cast):
    photo = SimpleUploadedFile("a.jpg", b"x" * 100, "image/jpeg")
    given = {"words": TYPED, "photo": photo}
    answer = strict(client).post(reverse("iceta:report_photo"), given, headers=HERE)
    assert 'enctype="multipart/form-data"' in page(answer)
    assert re.search(r'<input type="file"[^>]* name="photo"', page(answer))
    for more in ({"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}):
        answer = client.post(reverse("iceta:report_photo"), {"words": TYPED}, headers={**HERE, **more})
        assert answer.status_code == 403
        assert "textarea" not in page(answer)


def test_a_reply_sent_while_signed_out_waits_until_somebody_signed_in_in_another_tab(cast):
    filed = cast.verified()
    case, client = filed.case, client_of(cast.rudi)
    opened = client.get(reverse("iceta:case", args=[case.number]))
    given = {
        "csrfmiddlewaretoken": str(opened.context["csrf_token"]),
        "body": TYPED,
        "audience": "public",
        "key": str(uuid.uuid4()),
    }
    client.session.flush()
    address = reverse("iceta:step", args=[case.number, "reply"])
    answer = strict(client).post(address, given, headers=HERE)
    assert answer.status_code == 403
    assert "Masuk di tab lain" in page(answer)
    assert reverse("account_login") in page(answer)
    assert not Note.objects.filter(body__contains="Papan").exists()
    to, sent = form_of(answer)
    client.force_login(cast.rudi)
    for _press in range(2):  # the token changed with the session: looked at and sent once more
        answer = client.post(to, dict(sent), headers=HERE)
        if answer.status_code == 302:
            break
        to, sent = form_of(answer)
    assert answer.status_code == 302
    assert Note.objects.get(body__contains="Papan").body.replace("\r\n", "\n") == TYPED


@pytest.mark.parametrize(
    ("given", "headers"),
    [({"body": TYPED}, {}), ({"body": ""}, HERE), ({}, HERE), ({"body": TYPED, "kept_here": "1"}, HERE)],
)
def test_without_words_or_from_elsewhere_who_is_signed_out_signs_in(client, cast, given, headers):
    address = reverse("iceta:step", args=[cast.verified().case.number, "reply"])
    answer = client.post(address, given, headers=headers)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("typed", ["Selesai.", "Wati", "0812-3456-7890", "Rp2.000", "📷"])
def test_what_somebody_typed_is_shown_also_as_one_word(cast, typed):
    client = strict(client_of(cast.rudi))
    given = {"phone": typed, "urgency": "normal", "key": str(uuid.uuid4()), "dari": "/desk/iceta/?tiket=A"}
    answer = client.post("/desk/telepon/", given, headers=HERE)
    if answer.status_code == 404:
        answer = client.post(reverse("iceta:report_words"), given, headers=HERE)
    text = page(answer)
    assert re.search(rf">\n{re.escape(typed)}</textarea>", text), text[:3000]
    assert text.count("<textarea") == 1
    assert "Dikirim sebagai Rudi" in text


def test_no_pin_of_a_phone_is_repeated(client, cast):
    answer = strict(client).post(
        reverse("iceta:report_words"), {"pin": "837261", "words": TYPED}, headers=HERE
    )
    assert "837261" not in page(answer)
