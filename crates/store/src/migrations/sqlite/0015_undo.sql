-- What jobs changed of people, so that it can be taken back; which job took back which.

CREATE TABLE job_change (
    job_id BLOB NOT NULL CHECK (length(job_id) = 16),
    number INTEGER NOT NULL CHECK (number >= 0),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    what TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE job ADD COLUMN is_known INTEGER NOT NULL DEFAULT 0 CHECK (is_known IN (0, 1));
ALTER TABLE job ADD COLUMN undoes BLOB CHECK (length(undoes) = 16);
ALTER TABLE job ADD COLUMN undone_by BLOB CHECK (length(undone_by) = 16);
CREATE INDEX job_known ON job (ended_at) WHERE is_known;
