"""The sequence of versions, and what is below a facility stays below that facility."""

from django.db import migrations

SAME_FACILITY = """
ALTER TABLE registry_resource ADD CONSTRAINT resource_of_facility UNIQUE (id, facility_id);
ALTER TABLE registry_resource ADD CONSTRAINT line_of_same_facility
    FOREIGN KEY (line_id, facility_id) REFERENCES registry_resource (id, facility_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registry_capability ADD CONSTRAINT capability_of_same_facility
    FOREIGN KEY (resource_id, facility_id) REFERENCES registry_resource (id, facility_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registry_certificate ADD CONSTRAINT certificate_of_same_facility
    FOREIGN KEY (resource_id, facility_id) REFERENCES registry_resource (id, facility_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registry_indexrow ADD CONSTRAINT index_row_of_same_facility
    FOREIGN KEY (resource_id, facility_id) REFERENCES registry_resource (id, facility_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
UNDO = """
ALTER TABLE registry_indexrow DROP CONSTRAINT index_row_of_same_facility;
ALTER TABLE registry_certificate DROP CONSTRAINT certificate_of_same_facility;
ALTER TABLE registry_capability DROP CONSTRAINT capability_of_same_facility;
ALTER TABLE registry_resource DROP CONSTRAINT line_of_same_facility;
ALTER TABLE registry_resource DROP CONSTRAINT resource_of_facility;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE registry_version", "DROP SEQUENCE registry_version"),
        migrations.RunSQL(SAME_FACILITY, UNDO),
    ]
