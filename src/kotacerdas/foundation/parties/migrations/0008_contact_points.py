import django.db.models.deletion
from django.db import migrations, models

import kotacerdas.kernel.clock
import kotacerdas.kernel.ids
from kotacerdas.kernel.keyring import keyring

# The number's point bears the id of the person who had it: what is sealed for that id stays readable.
NUMBERS = """
INSERT INTO parties_contactpoint (id, kind, index, sealed, last_used_at, held_since)
SELECT person.id, 'phone', person.phone_index, person.phone_sealed,
       greatest(person.created_at, account.last_login), person.created_at
FROM parties_person person LEFT JOIN parties_user account ON account.id = person.user_id
WHERE person.phone_index <> ''
"""


def addresses(apps, schema_editor):
    """Addresses of those who gave no number: one point for all who gave the same."""
    ring, point = keyring(), apps.get_model("parties", "ContactPoint")
    people = apps.get_model("parties", "Person").objects.filter(phone_index="").exclude(email_sealed="")
    for one in people.order_by("created_at").iterator():
        email = ring.open("parties.person.email", one.id, one.email_sealed)
        index = ring.blind("email", email.strip().lower())
        if not point.objects.filter(kind="email", index=index).exists():
            sealed = ring.seal("parties.person.phone", one.id, email)
            point.objects.create(
                id=one.id,
                kind="email",
                index=index,
                sealed=sealed,
                last_used_at=one.created_at,
                held_since=one.created_at,
            )


class Migration(migrations.Migration):
    """Numbers and addresses stand by themselves; people are told apart from them."""

    dependencies = [("parties", "0007_taken_forms_are_commands")]

    operations = [
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotacerdas.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("phone", "phone"), ("email", "e-mail address")], max_length=8),
                ),
                ("index", models.CharField(max_length=64)),
                ("sealed", models.TextField()),
                ("last_used_at", models.DateTimeField(default=kotacerdas.kernel.clock.now)),
                ("held_since", models.DateTimeField(default=kotacerdas.kernel.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "index"), name="one_contact_point_per_address")
                ]
            },
        ),
        migrations.AddField(
            model_name="person",
            name="same_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_people",
                to="parties.person",
            ),
        ),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
        migrations.RunPython(addresses, migrations.RunPython.noop),
    ]
