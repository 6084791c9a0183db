-- What lists of licenses and of people are ordered by.

-- The folder in which all seats of a license stand; none when they stand in several, or there are
-- none.
ALTER TABLE license ADD COLUMN home_id uuid;
UPDATE license SET home_id = (SELECT q.folder_id FROM pool q WHERE q.license_id = license.id AND NOT EXISTS (SELECT 1 FROM pool o WHERE o.license_id = q.license_id AND o.folder_id <> q.folder_id));
CREATE INDEX license_home ON license (home_id, serial, id, removed_at);
-- What a search for licenses looks through.
CREATE INDEX license_search ON license (serial, id, removed_at, home_id, search_text);
-- Every order tells where a license stands, so that those of a folder are picked without a look at
-- the others.
DROP INDEX license_ends;
CREATE INDEX license_ends ON license (ends_at, id, removed_at, revoked_at, awaits_agreement, starts_at, stale_at, expires_at, serial, home_id) WHERE removed_at IS NULL;
DROP INDEX license_serial;
CREATE INDEX license_serial ON license (serial, id, removed_at, revoked_at, ends_at, awaits_agreement, starts_at, stale_at, expires_at, home_id);
DROP INDEX license_expires;
CREATE INDEX license_expires ON license (expires_at, id, removed_at, home_id);
DROP INDEX license_model;
CREATE INDEX license_model ON license ((model || ''), id, removed_at, home_id);
DROP INDEX license_access;
CREATE INDEX license_access ON license (access, id, removed_at, home_id);
DROP INDEX license_seats;
CREATE INDEX license_seats ON license (seats, id, removed_at, home_id);
DROP INDEX license_issuer;
CREATE INDEX license_issuer ON license (issuer, id, removed_at, home_id);
DROP INDEX pool_folder;
CREATE INDEX pool_folder ON pool (folder_id, license_id);

-- When an account last signed in, as far as it is written down; 0 when it never did.
ALTER TABLE app_user ADD COLUMN last_active_at bigint NOT NULL DEFAULT 0;
UPDATE app_user SET last_active_at = s.at FROM (SELECT t.user_id, max(t.at) AS at FROM (SELECT x.user_id, x.started_at AS at FROM session x UNION ALL SELECT v.user_id, v.day * 86400000 FROM person_use v WHERE v.sessions > 0) AS t GROUP BY t.user_id) AS s WHERE s.user_id = app_user.id;
CREATE INDEX app_user_last_active ON app_user (last_active_at, username_key);
CREATE INDEX app_user_folder_last_active ON app_user (folder_id, last_active_at, username_key);

-- Up to which event sign-ins are written down for their accounts.
INSERT INTO meta (name, number) SELECT 'seen_event', number FROM meta WHERE name = 'last_event';
