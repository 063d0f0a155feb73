from django.db import migrations

# The event and its salt may one day be erased by law; the number and the leaf never change, and no row goes.
KEEP = """
CREATE TRIGGER log_entry_stays BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""
FIX = """
CREATE TRIGGER log_entry_is_fixed BEFORE UPDATE ON log_entry
WHEN NEW.number <> OLD.number OR NEW.leaf <> OLD.leaf OR NEW.act <> OLD.act OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


class Migration(migrations.Migration):
    dependencies = [("log", "0001_initial")]
    operations = [
        migrations.RunSQL(KEEP, "DROP TRIGGER log_entry_stays"),
        migrations.RunSQL(FIX, "DROP TRIGGER log_entry_is_fixed"),
    ]
