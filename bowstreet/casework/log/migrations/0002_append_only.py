from django.db import migrations

from bowstreet.casework.log.append_only import migrate, unmigrate


class Migration(migrations.Migration):
    dependencies = [("log", "0001_initial")]
    operations = [migrations.RunPython(migrate, unmigrate)]
