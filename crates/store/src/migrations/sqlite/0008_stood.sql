-- Where a license's seats stood when it was withdrawn, for when it comes back.
ALTER TABLE license ADD COLUMN stood TEXT;
