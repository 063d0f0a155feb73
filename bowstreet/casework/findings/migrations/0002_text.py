from django.db import migrations

from bowstreet.casework.findings.fulltext import create, drop


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
