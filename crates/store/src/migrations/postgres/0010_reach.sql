-- How far rights go: over a folder and what is below it; none: over everything.

ALTER TABLE token ADD COLUMN folder_id uuid;
ALTER TABLE token DROP CONSTRAINT token_role_check;
ALTER TABLE token ADD CONSTRAINT token_role_check CHECK (role IN ('administrator', 'manager', 'auditor', 'application', 'user'));
CREATE INDEX token_folder ON token (folder_id) WHERE folder_id IS NOT NULL;

ALTER TABLE account ADD COLUMN folder_id uuid;
ALTER TABLE account DROP CONSTRAINT account_role_check;
ALTER TABLE account ADD CONSTRAINT account_role_check CHECK (role IN ('administrator', 'manager', 'auditor', 'user'));

-- Who may see a job: whoever reaches as far as the one who asked for it.
ALTER TABLE job ADD COLUMN folder_id uuid;
