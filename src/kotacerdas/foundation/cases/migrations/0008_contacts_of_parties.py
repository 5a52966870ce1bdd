import django.db.models.deletion
from django.db import migrations, models

# A number's point bears the id of the person who had it.
CONTACTS = """
UPDATE cases_caseparty party SET contact_id = point.id
FROM parties_contactpoint point WHERE point.id = party.person_id;
UPDATE parties_contactpoint point SET last_used_at = greatest(point.last_used_at, party.since)
FROM (SELECT contact_id, max(since) AS since FROM cases_caseparty WHERE is_proved GROUP BY contact_id) party
WHERE party.contact_id = point.id;
"""


def addresses(apps, schema_editor):
    """Who gave an address that an earlier one gave too has the same contact point."""
    from kotacerdas.kernel.keyring import keyring

    ring, points = keyring(), apps.get_model("parties", "ContactPoint").objects
    parties = apps.get_model("cases", "CaseParty").objects.filter(contact=None, person__isnull=False)
    for one in parties.exclude(person__email_sealed="").select_related("person").iterator():
        email = ring.open("parties.person.email", one.person_id, one.person.email_sealed)
        one.contact = points.filter(kind="email", index=ring.blind("email", email.strip().lower())).first()
        one.save(update_fields=["contact"])


class Migration(migrations.Migration):
    """A party keeps the contact used and the name given this time, beside the person."""

    dependencies = [("cases", "0007_open_kinds"), ("parties", "0008_contact_points")]

    operations = [
        migrations.AddField(
            model_name="caseparty",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parties",
                to="parties.contactpoint",
            ),
        ),
        migrations.AddField(
            model_name="caseparty",
            name="name_sealed",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(CONTACTS, migrations.RunSQL.noop),
        migrations.RunPython(addresses, migrations.RunPython.noop),
    ]
