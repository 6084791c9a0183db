-- Ids are UUIDv7 in 16 bytes, times are milliseconds since 1970 in UTC, `*_key` are folded names.
-- Tables keyed by an id are without rowid: ids ascend, so rows are appended.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    number INTEGER,
    content TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE policy (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    content TEXT NOT NULL
) STRICT;

CREATE TABLE folder (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    parent_id BLOB NOT NULL CHECK (length(parent_id) = 16 AND parent_id <> id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (parent_id, name_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_user (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16),
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    name TEXT,
    email TEXT,
    folder_id BLOB NOT NULL CHECK (length(folder_id) = 16),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    -- username, name and e-mail address in folded form, one a line: what a search looks through
    search_text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX app_user_person ON app_user (person_id);
CREATE INDEX app_user_folder ON app_user (folder_id, username_key);

CREATE TABLE product (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    code TEXT NOT NULL,
    code_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    modules TEXT NOT NULL,
    ever_licensed INTEGER NOT NULL CHECK (ever_licensed IN (0, 1)),
    demo_in_use INTEGER NOT NULL CHECK (demo_in_use >= 0),
    search_text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE license (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    terms TEXT NOT NULL,
    issuer TEXT NOT NULL,
    key_id TEXT NOT NULL,
    auto_assign TEXT NOT NULL CHECK (auto_assign IN ('off', 'new_users', 'as_needed')),
    imported_at INTEGER NOT NULL,
    validated_at INTEGER NOT NULL,
    accepted TEXT,
    replaced_by BLOB CHECK (length(replaced_by) = 16),
    revoked_at INTEGER,
    removed_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    -- repeated or derived from the terms, to be searched and ordered by
    reference_key TEXT NOT NULL UNIQUE,
    serial TEXT NOT NULL,
    model TEXT NOT NULL CHECK (model IN ('dedicated', 'floating', 'site')),
    starts_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    stale_at INTEGER NOT NULL,
    awaits_agreement INTEGER NOT NULL CHECK (awaits_agreement IN (0, 1)),
    search_text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX license_product ON license (product_id, id) WHERE removed_at IS NULL;
CREATE INDEX license_site ON license (product_id, id) WHERE model = 'site' AND removed_at IS NULL;
CREATE INDEX license_new_users ON license (id) WHERE auto_assign = 'new_users' AND removed_at IS NULL;
CREATE INDEX license_ends ON license (ends_at, id) WHERE removed_at IS NULL;
CREATE INDEX license_expires ON license (expires_at, id);
CREATE INDEX license_serial ON license (serial, id);

CREATE TABLE pool (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    folder_id BLOB NOT NULL CHECK (length(folder_id) = 16),
    size INTEGER NOT NULL CHECK (size >= 0),
    occupied INTEGER NOT NULL CHECK (occupied >= 0),
    -- repeated from the license, so that open pools are one range of one index
    model TEXT NOT NULL CHECK (model IN ('dedicated', 'floating', 'site')),
    expires_at INTEGER NOT NULL,
    serial TEXT NOT NULL,
    usable_until INTEGER NOT NULL,
    assignable INTEGER NOT NULL CHECK (assignable IN (0, 1)),
    UNIQUE (license_id, folder_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pool_open ON pool (product_id, model, folder_id, expires_at, serial, id, usable_until)
    WHERE occupied < size AND assignable;
CREATE INDEX pool_over ON pool (product_id, occupied, size) WHERE occupied > size;
CREATE INDEX pool_product ON pool (product_id);
CREATE INDEX pool_folder ON pool (folder_id);

CREATE TABLE seat (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    pool_id BLOB NOT NULL CHECK (length(pool_id) = 16),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    assigned_at INTEGER NOT NULL,
    sources INTEGER NOT NULL CHECK (sources BETWEEN 0 AND 255),
    releasing_since INTEGER,
    unbacked INTEGER NOT NULL CHECK (unbacked IN (0, 1)),
    -- when the holder last signed in to the product on dedicated seats
    last_active_at INTEGER,
    UNIQUE (license_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seat_person ON seat (person_id, product_id);
CREATE INDEX seat_unbacked ON seat (pool_id, assigned_at, id) WHERE unbacked;
CREATE INDEX seat_releasing ON seat (product_id, license_id) WHERE releasing_since IS NOT NULL;
CREATE INDEX seat_seniority ON seat (license_id, assigned_at, id);

CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    product_id BLOB NOT NULL,
    -- not IN (…): for more than two values SQLite builds a table of them for every row it writes
    via TEXT NOT NULL CHECK (via = 'floating' OR via = 'dedicated' OR via = 'site' OR via = 'demo'),
    license_id BLOB CHECK ((license_id IS NULL) = (via = 'demo')),
    pool_id BLOB CHECK ((pool_id IS NULL) = (via <> 'floating')),
    ask_access TEXT,
    ask_modules TEXT,
    client TEXT,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_reason TEXT CHECK ((end_reason IS NULL) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person_id, product_id) WHERE ended_at IS NULL;
CREATE INDEX session_lapse ON session (product_id, expires_at) WHERE ended_at IS NULL;

CREATE TABLE event (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB,
    product_id BLOB,
    license_id BLOB,
    session_id BLOB,
    why TEXT,
    before_json TEXT,
    after_json TEXT,
    -- whether it is part of daily sign-ins; those are in no index
    sign_in INTEGER NOT NULL CHECK (sign_in IN (0, 1))
) STRICT;
CREATE INDEX event_act ON event (kind, seq) WHERE NOT sign_in;
CREATE INDEX event_user ON event (user_id, seq) WHERE NOT sign_in AND user_id IS NOT NULL;
CREATE INDEX event_license ON event (license_id, seq) WHERE NOT sign_in AND license_id IS NOT NULL;

CREATE TABLE seal (
    block INTEGER NOT NULL PRIMARY KEY CHECK (block > 0),
    first_seq INTEGER NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL UNIQUE CHECK (last_seq >= first_seq),
    count INTEGER NOT NULL CHECK (count > 0),
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- the first 8 bytes of each event's hash, to tell which one was altered
    digests BLOB NOT NULL CHECK (length(digests) = 8 * count),
    sealed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE denial (
    day INTEGER NOT NULL,
    username_key TEXT NOT NULL,
    product_key TEXT NOT NULL,
    code TEXT NOT NULL,
    username TEXT NOT NULL,
    user_id BLOB,
    product TEXT NOT NULL,
    admin_message TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, username_key, product_key, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX denial_user ON denial (username_key, day);

CREATE TABLE issuer (
    key_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    trusted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor', 'application')),
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE job (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    done INTEGER NOT NULL CHECK (done >= 0),
    total INTEGER NOT NULL CHECK (total >= 0),
    counts TEXT NOT NULL,
    errors TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER CHECK ((ended_at IS NULL) = (state = 'running'))
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, number) VALUES ('latest_time', 0), ('last_event', 0);
