"""The chain is written by the database at commit, and nothing in the book can be changed.

Why a deferred trigger: the chain needs one order of all commits, hence one lock. Taken at the
very end of a transaction it is held for the length of a commit only, and, being the last lock
anybody asks for, it cannot be part of a deadlock.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_link_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('journal_link'));
    SELECT seq, digest INTO head FROM journal_link ORDER BY seq DESC LIMIT 1;
    INSERT INTO journal_link (seq, entry_id, previous, digest)
    VALUES (
        coalesce(head.seq, 0) + 1,
        NEW.id,
        coalesce(head.digest, repeat('0', 64)),
        encode(sha256(convert_to(
            coalesce(head.digest, repeat('0', 64)) || '|' || NEW.id || '|' || NEW.body, 'UTF8'
        )), 'hex')
    );
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_entry_link AFTER INSERT ON journal_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_link_entry();

CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_link_append_only BEFORE UPDATE OR DELETE ON journal_link
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_release_immutable BEFORE UPDATE OR DELETE ON journal_release
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""

BACKWARD = """
DROP TRIGGER journal_release_immutable ON journal_release;
DROP TRIGGER journal_link_append_only ON journal_link;
DROP TRIGGER journal_entry_append_only ON journal_entry;
DROP FUNCTION journal_refuse_change();
DROP TRIGGER journal_entry_link ON journal_entry;
DROP FUNCTION journal_link_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
