from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("iceta", "0002_search_by_upper_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
