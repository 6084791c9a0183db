-- Accounts in a table with row numbers: their rows are wide, and a tree that is ordered by ids keeps
-- such rows in its inner pages too, so that it is deep, and every index carries the whole id. Whoever
-- signs in for the first time in a while is found by one or two pages that are not in memory, not by three.
CREATE TABLE account_rows (
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
    search_text TEXT NOT NULL,
    name_key TEXT NOT NULL DEFAULT '',
    last_key TEXT NOT NULL DEFAULT '',
    email_key TEXT NOT NULL DEFAULT '',
    last_active_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO account_rows SELECT id, person_id, username, username_key, name, email, folder_id, active, created_at, version, search_text, name_key, last_key, email_key, last_active_at FROM app_user ORDER BY id;
DROP TABLE app_user;
ALTER TABLE account_rows RENAME TO app_user;
CREATE INDEX app_user_person ON app_user (person_id, id);
CREATE INDEX app_user_folder ON app_user (folder_id, username_key);
CREATE INDEX app_user_name ON app_user (name_key, username_key);
CREATE INDEX app_user_active ON app_user (active, username_key);
CREATE INDEX app_user_last ON app_user (last_key, username_key);
CREATE INDEX app_user_email ON app_user (email_key, username_key);
CREATE INDEX app_user_last_active ON app_user (last_active_at, username_key);
-- Whoever walks through a folder reads each id once.
CREATE INDEX app_user_folder_id ON app_user (folder_id, id);
CREATE INDEX app_user_folder_last_active ON app_user (folder_id, last_active_at, username_key);

-- The same for who used what, which is written for many people at once: rows are appended, as are the
-- entries of the index by day, and a change of a row leaves the indexes alone.
CREATE TABLE use_rows (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    day INTEGER NOT NULL,
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    -- sessions that began that day, counted when they ended
    sessions INTEGER NOT NULL CHECK (sessions >= 0),
    held_ms INTEGER NOT NULL CHECK (held_ms >= 0),
    PRIMARY KEY (user_id, day, product_id)
) STRICT;
INSERT INTO use_rows SELECT user_id, day, product_id, sessions, held_ms FROM person_use ORDER BY day, user_id, product_id;
DROP TABLE person_use;
ALTER TABLE use_rows RENAME TO person_use;
CREATE INDEX person_use_day ON person_use (day);
