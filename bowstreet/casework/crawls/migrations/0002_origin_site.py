from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crawls', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='origin',
            name='site',
            field=models.CharField(default='', max_length=300),
            preserve_default=False,
        ),
    ]
