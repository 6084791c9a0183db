-- Servers that work on one database. A store of one process has none of this to say.

CREATE TABLE node (
    id uuid NOT NULL PRIMARY KEY,
    started_at bigint NOT NULL,
    -- when it last said that it runs
    seen_at bigint NOT NULL,
    version text NOT NULL
);

-- Which node does a job, and whether somebody wants it stopped.
CREATE TABLE job_run (
    job_id uuid NOT NULL PRIMARY KEY,
    node_id uuid NOT NULL,
    cancelled boolean NOT NULL
);

-- Rises with each change of what nodes keep in memory.
INSERT INTO meta (name, number) VALUES ('generation', 0);
