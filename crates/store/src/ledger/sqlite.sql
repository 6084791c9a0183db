-- What a license service keeps. Times are milliseconds since 1970 in UTC.

CREATE TABLE license (
    id TEXT NOT NULL PRIMARY KEY,
    serial TEXT NOT NULL UNIQUE,
    customer TEXT,
    -- the terms of the latest revision, as documents write them
    terms TEXT NOT NULL,
    -- SHA-256 of the license key, which is kept nowhere
    key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    key_shown TEXT NOT NULL,
    installations INTEGER NOT NULL CHECK (installations > 0),
    issued_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_why TEXT
) STRICT, WITHOUT ROWID;

-- Every revision that was ever issued.
CREATE TABLE revision (
    license_id TEXT NOT NULL REFERENCES license (id),
    revision INTEGER NOT NULL CHECK (revision > 0),
    terms TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (license_id, revision)
) STRICT, WITHOUT ROWID;

-- Which installations have which license.
CREATE TABLE activation (
    license_id TEXT NOT NULL REFERENCES license (id),
    installation TEXT NOT NULL,
    -- the installation's key at its activation: only its owner may refresh
    public_key TEXT NOT NULL,
    company TEXT,
    activated_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    -- the latest revision that was sent there
    revision INTEGER NOT NULL,
    released_at INTEGER,
    PRIMARY KEY (license_id, installation)
) STRICT, WITHOUT ROWID;

-- Who may administer the service; the secrets are kept as hashes only.
CREATE TABLE token (
    name TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
