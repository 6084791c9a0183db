-- How products are used, by the hour and by the day, and by whom. Written afterwards by upkeep, so
-- that a sign-in costs no more for it.

CREATE TABLE product_use (
    grain TEXT NOT NULL CHECK (grain IN ('hour', 'day')),
    at INTEGER NOT NULL,
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    -- the most seats in use at the same moment
    peak INTEGER NOT NULL CHECK (peak >= 0),
    -- milliseconds that seats were in use, all seats together
    seat_ms INTEGER NOT NULL CHECK (seat_ms >= 0),
    -- seats of usable licenses at the end of an hour; the most of a day's hours
    owned INTEGER NOT NULL CHECK (owned >= 0),
    begun INTEGER NOT NULL CHECK (begun >= 0),
    PRIMARY KEY (grain, at, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_use_product ON product_use (product_id, grain, at);

CREATE TABLE person_use (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    day INTEGER NOT NULL,
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    -- sessions that began that day, counted when they ended
    sessions INTEGER NOT NULL CHECK (sessions >= 0),
    held_ms INTEGER NOT NULL CHECK (held_ms >= 0),
    PRIMARY KEY (user_id, day, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_use_day ON person_use (day, user_id, product_id, sessions, held_ms);

-- What lists are ordered by.
ALTER TABLE license ADD COLUMN access TEXT NOT NULL DEFAULT 'write';
ALTER TABLE license ADD COLUMN seats INTEGER NOT NULL DEFAULT 0;
UPDATE license SET access = json_extract(terms, '$.access'), seats = json_extract(terms, '$.seats');
-- An expression, so that nothing but this order is read off it.
CREATE INDEX license_model ON license ((model || ''), id);
CREATE INDEX license_access ON license (access, id);
CREATE INDEX license_seats ON license (seats, id);
CREATE INDEX license_issuer ON license (issuer, id);
-- Everything that the state of a license depends on.
CREATE INDEX license_states ON license (ends_at, expires_at, starts_at, stale_at, awaits_agreement, revoked_at, serial, id) WHERE removed_at IS NULL;
ALTER TABLE app_user ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE app_user SET name_key = lower(coalesce(name, ''));
CREATE INDEX app_user_name ON app_user (name_key, username_key);
CREATE INDEX app_user_active ON app_user (active, username_key);

-- Which licenses follow one that ends.
CREATE INDEX license_term ON license (product_id, model, expires_at, id) WHERE removed_at IS NULL;

-- Up to when hours are written down, and up to which event sessions are counted for people.
INSERT INTO meta (name, number) VALUES ('use_upto', 0), ('use_event', 0);
