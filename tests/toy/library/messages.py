"""What borrowers are told, composed when it is sent."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.contacts import contact_of
from kotacerdas.foundation.cases.models import CaseParty
from kotacerdas.foundation.following.actions import message_url
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.notify.declarations import Template, Words
from kotacerdas.kernel import ids


def tell_borrower(case, row, template):
    """Tell the borrower by whatever reaches them."""
    for party in case.parties.select_related("person"):
        send(row_id=row.id, template=template, to=("party", party.id), contact=contact_of(party))


def send_link(party):
    """Send the secret link once more."""
    send(row_id=ids.new_id(), template="library.link", to=("party", party.id))


def _template(name, text):
    def compose(recipient, _args):
        party = CaseParty.objects.select_related("case").get(id=recipient)
        number = party.case.number
        return Words(subject=number, body=f"{text % {'number': number}} {message_url(party)}")

    return Template(name=f"library.{name}", compose=compose)


TEMPLATES = (
    _template("asked", _("Your loan %(number)s is noted. Follow it here:")),
    _template("reminded", _("Please bring the book of loan %(number)s back. Look here:")),
    _template("link", _("Here is your link to loan %(number)s again:")),
)
