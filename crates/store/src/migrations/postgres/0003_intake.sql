-- What a key signs, when it is believed, who introduced it, and since when it is not trusted any more.
ALTER TABLE issuer ADD COLUMN kind text NOT NULL DEFAULT 'seatkeeper' CHECK (kind IN ('seatkeeper', 'keygen'));
ALTER TABLE issuer ADD COLUMN valid_from bigint;
ALTER TABLE issuer ADD COLUMN valid_until bigint;
ALTER TABLE issuer ADD COLUMN introduced_by text;
ALTER TABLE issuer ADD COLUMN distrusted_at bigint;
CREATE INDEX license_key_id ON license (key_id, id);
