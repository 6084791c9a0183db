-- Replacements of licenses by others, for a day, so that they can be undone.
CREATE TABLE replacement (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    -- the licenses that went and came, and which free seats moved along
    licenses TEXT NOT NULL,
    -- who was carried over, and how many that were
    carried TEXT NOT NULL,
    holders INTEGER NOT NULL CHECK (holders >= 0),
    left_out INTEGER NOT NULL CHECK (left_out >= 0),
    undone_at INTEGER
) STRICT, WITHOUT ROWID;

-- What this installation asked issuers for; each request is answered once.
CREATE TABLE license_request (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    company TEXT NOT NULL,
    version TEXT NOT NULL,
    issuer TEXT,
    answered_at INTEGER,
    -- the key that signed the answer
    answered_by TEXT CHECK ((answered_by IS NULL) = (answered_at IS NULL))
) STRICT, WITHOUT ROWID;
