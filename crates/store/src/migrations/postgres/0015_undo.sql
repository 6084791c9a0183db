-- What jobs changed of people, so that it can be taken back; which job took back which.

CREATE TABLE job_change (
    job_id uuid NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    user_id uuid NOT NULL,
    what text NOT NULL,
    PRIMARY KEY (job_id, number)
);

ALTER TABLE job ADD COLUMN is_known boolean NOT NULL DEFAULT false;
ALTER TABLE job ADD COLUMN undoes uuid;
ALTER TABLE job ADD COLUMN undone_by uuid;
CREATE INDEX job_known ON job (ended_at) WHERE is_known;
