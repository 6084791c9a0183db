-- How licenses are refreshed at their issuers' services, and where those are.

CREATE TABLE license_refresh (
    license_id uuid NOT NULL PRIMARY KEY,
    attempted_at bigint,
    succeeded_at bigint,
    next_at bigint,
    -- what stands in the way since the last success
    trouble text
);
CREATE INDEX license_refresh_due ON license_refresh (next_at, license_id) WHERE next_at IS NOT NULL;

CREATE TABLE license_service (
    issuer_key text NOT NULL PRIMARY KEY,
    issuer text NOT NULL,
    url text NOT NULL,
    set_at bigint NOT NULL
);
