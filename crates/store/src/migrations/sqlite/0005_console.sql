-- Who may sign in to the web console, and on which browsers they are signed in.

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    full_name TEXT,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor')),
    password TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    generation INTEGER NOT NULL CHECK (generation > 0),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_session (
    hash TEXT NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL CHECK (length(account_id) = 16),
    generation INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_session_account ON account_session (account_id);
CREATE INDEX account_session_end ON account_session (expires_at);
