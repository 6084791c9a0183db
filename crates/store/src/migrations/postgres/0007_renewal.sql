-- Replacements of licenses by others, for a day, so that they can be undone.
CREATE TABLE replacement (
    id uuid NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    -- the licenses that went and came, and which free seats moved along
    licenses text NOT NULL,
    -- who was carried over, and how many that were
    carried text NOT NULL,
    holders bigint NOT NULL CHECK (holders >= 0),
    left_out bigint NOT NULL CHECK (left_out >= 0),
    undone_at bigint
);

-- What this installation asked issuers for; each request is answered once.
CREATE TABLE license_request (
    id uuid NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    company text NOT NULL,
    version text NOT NULL,
    issuer text,
    answered_at bigint,
    -- the key that signed the answer
    answered_by text CHECK ((answered_by IS NULL) = (answered_at IS NULL))
);
