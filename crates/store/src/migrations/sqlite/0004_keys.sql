-- How licenses are refreshed at their issuers' services, and where those are.

CREATE TABLE license_refresh (
    license_id BLOB NOT NULL PRIMARY KEY CHECK (length(license_id) = 16),
    attempted_at INTEGER,
    succeeded_at INTEGER,
    next_at INTEGER,
    -- what stands in the way since the last success
    trouble TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX license_refresh_due ON license_refresh (next_at, license_id) WHERE next_at IS NOT NULL;

CREATE TABLE license_service (
    issuer_key TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    url TEXT NOT NULL,
    set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
