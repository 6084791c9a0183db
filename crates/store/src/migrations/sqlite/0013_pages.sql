-- Pages of lists in large stores. The first two have all that the state of a license depends on,
-- and whether it was removed, so that states are counted and sorted without a look at the rows.

DROP INDEX license_states;
DROP INDEX license_ends;
CREATE INDEX license_ends ON license (ends_at, id, removed_at, revoked_at, awaits_agreement, starts_at, stale_at, expires_at, serial) WHERE removed_at IS NULL;
DROP INDEX license_serial;
CREATE INDEX license_serial ON license (serial, id, removed_at, revoked_at, ends_at, awaits_agreement, starts_at, stale_at, expires_at);
