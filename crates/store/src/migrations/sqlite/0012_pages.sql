-- Pages of lists in large stores. The first two have all that the state of a license depends on,
-- and whether it was removed, so that states are counted and sorted without a look at the rows.

DROP INDEX license_states;
DROP INDEX license_ends;
CREATE INDEX license_ends ON license (ends_at, id, removed_at, revoked_at, awaits_agreement, starts_at, stale_at, expires_at, serial) WHERE removed_at IS NULL;
DROP INDEX license_serial;
CREATE INDEX license_serial ON license (serial, id, removed_at, revoked_at, ends_at, awaits_agreement, starts_at, stale_at, expires_at);

-- What a search in a large store goes by, beside the username and the name: the last word of a
-- name that has several, and the address, in folded form.
ALTER TABLE app_user ADD COLUMN last_key TEXT NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
UPDATE app_user SET last_key = CASE WHEN name_key LIKE '% %' THEN substr(name_key, length(rtrim(name_key, replace(name_key, ' ', ''))) + 1) ELSE '' END, email_key = substr(search_text, length(rtrim(search_text, replace(search_text, char(10), ''))) + 1);
CREATE INDEX app_user_last ON app_user (last_key, username_key);
CREATE INDEX app_user_email ON app_user (email_key, username_key);
