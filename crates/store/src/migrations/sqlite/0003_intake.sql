-- What a key signs, when it is believed, who introduced it, and since when it is not trusted any more.
ALTER TABLE issuer ADD COLUMN kind TEXT NOT NULL DEFAULT 'seatkeeper' CHECK (kind IN ('seatkeeper', 'keygen'));
ALTER TABLE issuer ADD COLUMN valid_from INTEGER;
ALTER TABLE issuer ADD COLUMN valid_until INTEGER;
ALTER TABLE issuer ADD COLUMN introduced_by TEXT;
ALTER TABLE issuer ADD COLUMN distrusted_at INTEGER;
CREATE INDEX license_key_id ON license (key_id, id);
