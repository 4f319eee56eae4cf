"""The ledger keeps itself: every entry adds to zero when it is committed, and nothing is changed.

The sum is checked by a deferred trigger, for an entry and its lines come one after the other.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION settlement_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    total numeric;
    many integer;
BEGIN
    IF TG_TABLE_NAME = 'settlement_ledgerentry' THEN
        wanted := NEW.id;
    ELSE
        wanted := NEW.entry_id;
    END IF;
    SELECT coalesce(sum(amount), 0), count(*) INTO total, many
        FROM settlement_ledgerline WHERE entry_id = wanted;
    IF total <> 0 OR many < 2 THEN
        RAISE EXCEPTION 'ledger entry % does not balance: % lines add to %', wanted, many, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER settlement_entry_balances AFTER INSERT ON settlement_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_entry_balances();
CREATE CONSTRAINT TRIGGER settlement_line_balances AFTER INSERT ON settlement_ledgerline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_entry_balances();

CREATE FUNCTION settlement_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER settlement_entry_append_only BEFORE UPDATE OR DELETE ON settlement_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();
CREATE TRIGGER settlement_line_append_only BEFORE UPDATE OR DELETE ON settlement_ledgerline
    FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();
CREATE TRIGGER settlement_consent_append_only BEFORE UPDATE OR DELETE ON settlement_consent
    FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();
"""

BACKWARD = """
DROP TRIGGER settlement_consent_append_only ON settlement_consent;
DROP TRIGGER settlement_line_append_only ON settlement_ledgerline;
DROP TRIGGER settlement_entry_append_only ON settlement_ledgerentry;
DROP FUNCTION settlement_refuse_change();
DROP TRIGGER settlement_line_balances ON settlement_ledgerline;
DROP TRIGGER settlement_entry_balances ON settlement_ledgerentry;
DROP FUNCTION settlement_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
