"""The table of taken commands, with the forms of desks that were taken before there was one."""

from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import migrations, models

import kotacerdas.kernel.clock
import kotacerdas.kernel.ids
from kotacerdas.kernel.keyring import keyring

_CALLS = (
    "iceta.call"  # its form holds the seconds of the call, so a second press differs: nothing is known of it
)


def key_of(text):
    try:
        return UUID(text)
    except ValueError:
        return uuid5(NAMESPACE_OID, text[:40])


def bring_taken_forms(apps, schema_editor):
    taken = apps.get_model("commands", "TakenCommand")
    rows = []
    for form in apps.get_model("parties", "TakenForm").objects.order_by("id").iterator():
        key = key_of(form.key)
        parts = form.room.split(".")
        rows.append(
            taken(
                actor=f"user:{form.user_id}",
                command_id=uuid5(key, form.room) if len(parts) > 2 else key,
                name=".".join(parts[:2]),
                digest="" if form.room == _CALLS else keyring().blind("commands.digest", form.said[:32]),
                happened_at=form.at,
                came_at=form.at,
            )
        )
    taken.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("parties", "0006_sealed_at_rest")]

    operations = [
        migrations.CreateModel(
            name="TakenCommand",
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
                ("actor", models.CharField(max_length=80)),
                ("command_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("happened_at", models.DateTimeField(default=kotacerdas.kernel.clock.now)),
                ("came_at", models.DateTimeField(default=kotacerdas.kernel.clock.now)),
                ("refs", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["actor", "name", "came_at"], name="command_actor_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("actor", "command_id"), name="a_command_is_taken_once")
                ],
            },
        ),
        migrations.RunPython(bring_taken_forms, migrations.RunPython.noop),
    ]
