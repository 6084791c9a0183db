-- What a license service keeps. Times are milliseconds since 1970 in UTC.
-- Texts that order or are compared byte by byte have the collation "C", as SQLite compares them.

-- Marks these tables as a license service's, and has their version.
CREATE TABLE ledger (
    name text NOT NULL PRIMARY KEY,
    number bigint NOT NULL
);

CREATE TABLE license (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    serial text COLLATE "C" NOT NULL UNIQUE,
    customer text,
    -- the terms of the latest revision, as documents write them
    terms text NOT NULL,
    -- SHA-256 of the license key, which is kept nowhere
    key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    key_shown text NOT NULL,
    installations bigint NOT NULL CHECK (installations > 0),
    issued_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    withdrawn_at bigint,
    withdrawn_why text
);

-- Every revision that was ever issued.
CREATE TABLE revision (
    license_id text COLLATE "C" NOT NULL REFERENCES license (id),
    revision bigint NOT NULL CHECK (revision > 0),
    terms text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (license_id, revision)
);

-- Which installations have which license.
CREATE TABLE activation (
    license_id text COLLATE "C" NOT NULL REFERENCES license (id),
    installation text COLLATE "C" NOT NULL,
    -- the installation's key at its activation: only its owner may refresh
    public_key text NOT NULL,
    company text,
    activated_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    -- the latest revision that was sent there
    revision bigint NOT NULL,
    released_at bigint,
    PRIMARY KEY (license_id, installation)
);

-- Who may administer the service; the secrets are kept as hashes only.
CREATE TABLE token (
    name text NOT NULL PRIMARY KEY,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    made_at bigint NOT NULL
);
