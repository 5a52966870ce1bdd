from django.db import migrations

FORWARD = """
CREATE FUNCTION lada_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of goods is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER lada_event_kept BEFORE UPDATE OR DELETE ON lada_event
    FOR EACH ROW EXECUTE FUNCTION lada_never_changes();
CREATE TRIGGER lada_period_kept BEFORE UPDATE OR DELETE ON lada_period
    FOR EACH ROW EXECUTE FUNCTION lada_never_changes();
CREATE TRIGGER lada_depreciation_kept BEFORE UPDATE OR DELETE ON lada_depreciation
    FOR EACH ROW EXECUTE FUNCTION lada_never_changes();
"""
BACK = """
DROP TRIGGER lada_depreciation_kept ON lada_depreciation;
DROP TRIGGER lada_period_kept ON lada_period;
DROP TRIGGER lada_event_kept ON lada_event;
DROP FUNCTION lada_never_changes();
"""


class Migration(migrations.Migration):
    """The database lets no event, and no figure of a locked semester, be changed or deleted."""

    dependencies = [("lada", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
