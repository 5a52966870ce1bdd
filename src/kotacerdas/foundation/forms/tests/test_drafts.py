"""Drafts are sealed with two keys at once, are a browser's own, and go after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kotacerdas.foundation.forms import store
from kotacerdas.foundation.forms.models import SealedDraft
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.fieldcrypt import CannotOpen

pytestmark = pytest.mark.django_db
VALUE = {"values": {"book": "Laskar Pelangi", "name": "Wati"}}


def browser(secret: str = ""):
    """A request of a browser, with the secret that it was given."""
    request = RequestFactory().get("/")
    if secret:
        request.COOKIES[store.COOKIE] = secret
    return request


def kept(request, draft_id, value=VALUE, form="toy.loan") -> str:
    """The secret that the browser has after something was kept for it."""
    response = HttpResponse()
    store.put(request, response, form=form, draft_id=draft_id, value=value)
    cookie = response.cookies[store.COOKIE]
    assert cookie["httponly"]
    assert int(cookie["max-age"]) == 24 * 3600
    return str(cookie.value)


def found(request, draft_id, form="toy.loan"):
    got = store.get(request, form=form, draft_id=draft_id)
    return {"values": got[0]["values"]} if got else None


def test_a_stolen_store_with_its_keyring_opens_no_draft():
    draft_id = ids.new_id()
    secret = kept(browser(), draft_id)
    row = SealedDraft.objects.get()
    everything = f"{row.browser} {row.draft_id} {row.form} {row.sealed}"
    assert not any(words in everything for words in ("Laskar", "Wati", secret))
    for guessed in ("", row.browser, str(draft_id), row.sealed[:40]):
        with pytest.raises(CannotOpen):
            store._keys(guessed).open("forms.draft", draft_id, row.sealed)
    with pytest.raises(CannotOpen):
        keyring().open("forms.draft", draft_id, row.sealed)
    assert found(browser(secret), draft_id) == VALUE


def test_a_cookie_without_the_servers_key_opens_nothing(settings):
    draft_id = ids.new_id()
    secret = kept(browser(), draft_id)
    own = keyring()
    other = type(own)(keys={own.current: b"x" * 32}, current=own.current, index_key=own.index_key)
    with pytest.raises(CannotOpen):
        type(own)(
            keys={own.current: other.joined(own.current, secret)},
            current=own.current,
            index_key=own.index_key,
        ).open("forms.draft", draft_id, SealedDraft.objects.get().sealed)


def test_another_browser_with_the_id_finds_nothing_and_overwrites_nothing():
    draft_id = ids.new_id()
    secret = kept(browser(), draft_id)
    other = browser("a" * 40)
    assert found(other, draft_id) is None
    kept(other, draft_id, {"values": {}})
    store.drop(browser("b" * 40), draft_id)
    assert found(browser(secret), draft_id) == VALUE
    assert store.photo_key(other, draft_id) != store.photo_key(browser(secret), draft_id)


def test_a_row_moved_to_another_id_does_not_open():
    first, second = ids.new_id(), ids.new_id()
    secret = kept(browser(), first)
    kept(browser(secret), second, {"values": {}})
    sealed = SealedDraft.objects.get(draft_id=first).sealed
    SealedDraft.objects.filter(draft_id=second).update(sealed=sealed)
    assert found(browser(secret), second) is None


def test_a_draft_of_another_form_is_not_found_here():
    draft_id = ids.new_id()
    secret = kept(browser(), draft_id)
    assert found(browser(secret), draft_id, form="toy.other") is None


def test_after_a_day_a_draft_is_neither_shown_nor_there():
    draft_id = ids.new_id()
    secret = kept(browser(), draft_id)
    with clock.frozen(clock.now() + timedelta(hours=23)):
        store.forget_drafts()
        assert found(browser(secret), draft_id) == VALUE
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert found(browser(secret), draft_id) is None
        store.forget_drafts()
    assert not SealedDraft.objects.exists()


def test_the_oldest_go_beyond_what_one_browser_may_keep():
    secret = kept(browser(), ids.new_id())
    for _time in range(store.MOST + 3):
        kept(browser(secret), ids.new_id())
    assert SealedDraft.objects.count() == store.MOST


@pytest.mark.parametrize("secret", ["kurang", "x" * 65, "a b" * 20, ""])
def test_what_is_no_secret_of_ours_is_given_a_new_one(secret):
    given = kept(browser(secret), ids.new_id())
    assert given != secret
    assert len(given) >= 40
