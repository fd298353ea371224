-- Indexes for the journal's filters by action and by what failed. Locks: SHARE on audit_events while they are built (about 20 s for 10 million events): nothing is written, and so nobody signs in or opens an image, until they are.
CREATE INDEX audit_events_action ON audit_events (action, occurred_at DESC, id DESC);
CREATE INDEX audit_events_outcome ON audit_events (outcome, occurred_at DESC, id DESC) WHERE outcome <> 'SUCCESS';
