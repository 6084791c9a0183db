-- Servers that work on one database. A store of one process has none of this to say.

CREATE TABLE node (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    started_at INTEGER NOT NULL,
    -- when it last said that it runs
    seen_at INTEGER NOT NULL,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which node does a job, and whether somebody wants it stopped.
CREATE TABLE job_run (
    job_id BLOB NOT NULL PRIMARY KEY CHECK (length(job_id) = 16),
    node_id BLOB NOT NULL CHECK (length(node_id) = 16),
    cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Rises with each change of what nodes keep in memory.
INSERT INTO meta (name, number) VALUES ('generation', 0);
