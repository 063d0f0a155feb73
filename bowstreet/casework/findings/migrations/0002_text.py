from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE VIRTUAL TABLE findings_text USING fts5(text, tokenize='unicode61 remove_diacritics 2')",
            "DROP TABLE findings_text",
        )
    ]
