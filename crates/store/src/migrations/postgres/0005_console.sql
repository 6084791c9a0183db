-- Who may sign in to the web console, and on which browsers they are signed in.

CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    full_name text,
    role text NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor')),
    password text NOT NULL,
    active boolean NOT NULL,
    generation bigint NOT NULL CHECK (generation > 0),
    created_at bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
);

CREATE TABLE account_session (
    hash text COLLATE "C" NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    generation bigint NOT NULL,
    started_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX account_session_account ON account_session (account_id);
CREATE INDEX account_session_end ON account_session (expires_at);
