from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_row_is_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO journal_pending (row_id) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER journal_row_pending AFTER INSERT ON journal_row
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION journal_row_is_pending();

CREATE FUNCTION journal_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER journal_row_kept BEFORE UPDATE OR DELETE ON journal_row
    FOR EACH ROW EXECUTE FUNCTION journal_never_changes();
CREATE TRIGGER journal_sealed_kept BEFORE UPDATE OR DELETE ON journal_sealed
    FOR EACH ROW EXECUTE FUNCTION journal_never_changes();
CREATE TRIGGER journal_block_kept BEFORE UPDATE OR DELETE ON journal_block
    FOR EACH ROW EXECUTE FUNCTION journal_never_changes();
"""
BACK = """
DROP TRIGGER journal_block_kept ON journal_block;
DROP TRIGGER journal_sealed_kept ON journal_sealed;
DROP TRIGGER journal_row_kept ON journal_row;
DROP TRIGGER journal_row_pending ON journal_row;
DROP FUNCTION journal_never_changes();
DROP FUNCTION journal_row_is_pending();
"""


class Migration(migrations.Migration):
    """Inserted rows become pending by themselves; rows, seals and blocks refuse any change."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
