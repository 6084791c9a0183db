-- Ids are UUIDv7, times are milliseconds since 1970 in UTC, `*_key` are folded names.
-- Texts that order or are compared byte by byte have the collation "C", as SQLite compares them.

CREATE TABLE meta (
    name text NOT NULL PRIMARY KEY,
    number bigint,
    content text
);

CREATE TABLE policy (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    content text NOT NULL
);

CREATE TABLE folder (
    id uuid NOT NULL PRIMARY KEY,
    parent_id uuid NOT NULL CHECK (parent_id <> id),
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    UNIQUE (parent_id, name_key)
);

CREATE TABLE app_user (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL,
    username text NOT NULL,
    username_key text COLLATE "C" NOT NULL UNIQUE,
    name text,
    email text,
    folder_id uuid NOT NULL,
    active boolean NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    -- username, name and e-mail address in folded form, one a line: what a search looks through
    search_text text NOT NULL
);
CREATE INDEX app_user_person ON app_user (person_id);
CREATE INDEX app_user_folder ON app_user (folder_id, username_key);

CREATE TABLE product (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    code_key text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    modules text NOT NULL,
    ever_licensed boolean NOT NULL,
    demo_in_use bigint NOT NULL CHECK (demo_in_use >= 0),
    search_text text NOT NULL
);

CREATE TABLE license (
    id uuid NOT NULL PRIMARY KEY,
    product_id uuid NOT NULL,
    terms text NOT NULL,
    issuer text NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    auto_assign text NOT NULL CHECK (auto_assign IN ('off', 'new_users', 'as_needed')),
    imported_at bigint NOT NULL,
    validated_at bigint NOT NULL,
    accepted text,
    replaced_by uuid,
    revoked_at bigint,
    removed_at bigint,
    version bigint NOT NULL CHECK (version > 0),
    -- repeated or derived from the terms, to be searched and ordered by
    reference_key text COLLATE "C" NOT NULL UNIQUE,
    serial text COLLATE "C" NOT NULL,
    model text NOT NULL CHECK (model IN ('dedicated', 'floating', 'site')),
    starts_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    stale_at bigint NOT NULL,
    awaits_agreement boolean NOT NULL,
    search_text text NOT NULL
);
CREATE INDEX license_product ON license (product_id, id) WHERE removed_at IS NULL;
CREATE INDEX license_site ON license (product_id, id) WHERE model = 'site' AND removed_at IS NULL;
CREATE INDEX license_new_users ON license (id) WHERE auto_assign = 'new_users' AND removed_at IS NULL;
CREATE INDEX license_ends ON license (ends_at, id) WHERE removed_at IS NULL;
CREATE INDEX license_expires ON license (expires_at, id);
CREATE INDEX license_serial ON license (serial, id);

CREATE TABLE pool (
    id uuid NOT NULL PRIMARY KEY,
    license_id uuid NOT NULL,
    product_id uuid NOT NULL,
    folder_id uuid NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    occupied bigint NOT NULL CHECK (occupied >= 0),
    -- repeated from the license, so that open pools are one range of one index
    model text NOT NULL CHECK (model IN ('dedicated', 'floating', 'site')),
    expires_at bigint NOT NULL,
    serial text COLLATE "C" NOT NULL,
    usable_until bigint NOT NULL,
    assignable boolean NOT NULL,
    UNIQUE (license_id, folder_id)
);
CREATE INDEX pool_open ON pool (product_id, model, folder_id, expires_at, serial, id, usable_until)
    WHERE occupied < size AND assignable;
CREATE INDEX pool_over ON pool (product_id, occupied, size) WHERE occupied > size;
CREATE INDEX pool_product ON pool (product_id);
CREATE INDEX pool_folder ON pool (folder_id);

CREATE TABLE seat (
    id uuid NOT NULL PRIMARY KEY,
    pool_id uuid NOT NULL,
    license_id uuid NOT NULL,
    product_id uuid NOT NULL,
    person_id uuid NOT NULL,
    user_id uuid NOT NULL,
    assigned_at bigint NOT NULL,
    sources bigint NOT NULL CHECK (sources BETWEEN 0 AND 255),
    releasing_since bigint,
    unbacked boolean NOT NULL,
    -- when the holder last signed in to the product on dedicated seats
    last_active_at bigint,
    UNIQUE (license_id, person_id)
);
CREATE INDEX seat_person ON seat (person_id, product_id);
CREATE INDEX seat_unbacked ON seat (pool_id, assigned_at, id) WHERE unbacked;
CREATE INDEX seat_releasing ON seat (product_id, license_id) WHERE releasing_since IS NOT NULL;
CREATE INDEX seat_seniority ON seat (license_id, assigned_at, id);

CREATE TABLE session (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL,
    person_id uuid NOT NULL,
    product_id uuid NOT NULL,
    via text NOT NULL CHECK (via IN ('dedicated', 'floating', 'site', 'demo')),
    license_id uuid CHECK ((license_id IS NULL) = (via = 'demo')),
    pool_id uuid CHECK ((pool_id IS NULL) = (via <> 'floating')),
    ask_access text,
    ask_modules text,
    client text,
    started_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ended_at bigint,
    end_reason text CHECK ((end_reason IS NULL) = (ended_at IS NULL))
);
CREATE INDEX session_person ON session (person_id, product_id) WHERE ended_at IS NULL;
CREATE INDEX session_lapse ON session (product_id, expires_at) WHERE ended_at IS NULL;

CREATE TABLE event (
    seq bigint NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    user_id uuid,
    product_id uuid,
    license_id uuid,
    session_id uuid,
    why text,
    before_json text,
    after_json text,
    -- whether it is part of daily sign-ins; those are in no index
    sign_in boolean NOT NULL
);
CREATE INDEX event_act ON event (kind, seq) WHERE NOT sign_in;
CREATE INDEX event_user ON event (user_id, seq) WHERE NOT sign_in AND user_id IS NOT NULL;
CREATE INDEX event_license ON event (license_id, seq) WHERE NOT sign_in AND license_id IS NOT NULL;

CREATE TABLE seal (
    block bigint NOT NULL PRIMARY KEY CHECK (block > 0),
    first_seq bigint NOT NULL UNIQUE,
    last_seq bigint NOT NULL UNIQUE CHECK (last_seq >= first_seq),
    count bigint NOT NULL CHECK (count > 0),
    previous bytea NOT NULL CHECK (octet_length(previous) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- the first 8 bytes of each event's hash, to tell which one was altered
    digests bytea NOT NULL CHECK (octet_length(digests) = 8 * count),
    sealed_at bigint NOT NULL
);

CREATE TABLE denial (
    day bigint NOT NULL,
    username_key text COLLATE "C" NOT NULL,
    product_key text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    username text NOT NULL,
    user_id uuid,
    product text NOT NULL,
    admin_message text NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, username_key, product_key, code)
);
CREATE INDEX denial_user ON denial (username_key, day);

CREATE TABLE issuer (
    key_id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    trusted_at bigint NOT NULL
);

CREATE TABLE token (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor', 'application')),
    hash text COLLATE "C" NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);

CREATE TABLE idempotency (
    actor text COLLATE "C" NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    outcome text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE job (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    actor text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    done bigint NOT NULL CHECK (done >= 0),
    total bigint NOT NULL CHECK (total >= 0),
    counts text NOT NULL,
    errors text NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint CHECK ((ended_at IS NULL) = (state = 'running'))
);

INSERT INTO meta (name, number) VALUES ('latest_time', 0), ('last_event', 0);
