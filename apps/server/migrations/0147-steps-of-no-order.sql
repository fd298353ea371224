-- Steps that devices tell of nothing that was ordered here go some day. Locks: performed_steps is not written while its index is built.

CREATE INDEX performed_steps_of_none ON performed_steps (told_at) WHERE patient_id IS NULL;
