-- How far rights go: over a folder and what is below it; none: over everything. A new role needs a new check, which SQLite takes only with a new table.

CREATE TABLE reaching_token (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor', 'application', 'user')),
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    folder_id BLOB CHECK (length(folder_id) = 16)
) STRICT, WITHOUT ROWID;
INSERT INTO reaching_token SELECT id, name, role, hash, created_at, expires_at, revoked_at, NULL FROM token;
DROP TABLE token;
ALTER TABLE reaching_token RENAME TO token;
CREATE INDEX token_folder ON token (folder_id) WHERE folder_id IS NOT NULL;

CREATE TABLE reaching_account (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    full_name TEXT,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor', 'user')),
    password TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    generation INTEGER NOT NULL CHECK (generation > 0),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    folder_id BLOB CHECK (length(folder_id) = 16)
) STRICT, WITHOUT ROWID;
INSERT INTO reaching_account SELECT id, name, name_key, full_name, role, password, active, generation, created_at, version, NULL FROM account;
DROP TABLE account;
ALTER TABLE reaching_account RENAME TO account;

-- Who may see a job: whoever reaches as far as the one who asked for it.
ALTER TABLE job ADD COLUMN folder_id BLOB CHECK (length(folder_id) = 16);
