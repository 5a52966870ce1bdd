from django.db import migrations


class Migration(migrations.Migration):
    """A number is no longer a person's: it stands in its contact point."""

    dependencies = [("parties", "0008_contact_points"), ("cases", "0008_contacts_of_parties")]

    operations = [
        migrations.RemoveConstraint(model_name="person", name="one_person_per_phone"),
        migrations.RemoveField(model_name="person", name="phone_index"),
        migrations.RemoveField(model_name="person", name="phone_sealed"),
    ]
