from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER payments_entry_kept BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER payments_line_kept BEFORE UPDATE OR DELETE ON payments_line
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();

ALTER TABLE payments_entry ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION payments_line_is_of_its_entry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    by_whom xid8;
BEGIN
    SELECT written_by INTO by_whom FROM payments_entry WHERE id = NEW.entry_id;
    IF by_whom IS DISTINCT FROM pg_current_xact_id() THEN
        RAISE EXCEPTION 'a line belongs to an entry of the same transaction';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_line_comes_with_its_entry BEFORE INSERT ON payments_line
    FOR EACH ROW EXECUTE FUNCTION payments_line_is_of_its_entry();

CREATE FUNCTION payments_in_balance(entry uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sides bigint;
    total numeric;
BEGIN
    SELECT count(*), coalesce(sum(amount), 0) INTO sides, total FROM payments_line WHERE entry_id = entry;
    IF sides < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % lines, sum %', entry, sides, total
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.written_by <> pg_current_xact_id() THEN
        RAISE EXCEPTION 'an entry is written by its own transaction';
    END IF;
    PERFORM payments_in_balance(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION payments_line_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_in_balance(NEW.entry_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_entry_in_balance AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE CONSTRAINT TRIGGER payments_line_in_balance AFTER INSERT ON payments_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_line_balances();
"""
BACK = """
DROP TRIGGER payments_line_in_balance ON payments_line;
DROP TRIGGER payments_entry_in_balance ON payments_entry;
DROP TRIGGER payments_line_comes_with_its_entry ON payments_line;
DROP TRIGGER payments_line_kept ON payments_line;
DROP TRIGGER payments_entry_kept ON payments_entry;
DROP FUNCTION payments_line_balances();
DROP FUNCTION payments_entry_balances();
DROP FUNCTION payments_in_balance(uuid);
DROP FUNCTION payments_line_is_of_its_entry();
DROP FUNCTION payments_never_changes();
ALTER TABLE payments_entry DROP COLUMN written_by;
"""


class Migration(migrations.Migration):
    """The database itself balances every entry when its transaction ends, and lets none of them change.

    Lines come in their entry's own transaction, or not at all. Both tables carry the check, so that a caller who sets
    the constraints to IMMEDIATE between two lines gains nothing.
    """

    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
