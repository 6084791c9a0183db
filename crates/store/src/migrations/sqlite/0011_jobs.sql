-- What long work is about, and whether it only says what it would come to.

ALTER TABLE job ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1));
