-- Who acted where it is no person: service:<name> or link:<id>. Locks: ACCESS EXCLUSIVE on audit_events for the change of the catalogue; nothing is rewritten.
ALTER TABLE audit_events ADD COLUMN actor text;
