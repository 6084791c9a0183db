-- What long work is about, and whether it only says what it would come to.

ALTER TABLE job ADD COLUMN subject text NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN dry_run boolean NOT NULL DEFAULT false;
