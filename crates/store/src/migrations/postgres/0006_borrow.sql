-- Seats that are offline: until when the last signed period lasts, and whether the session was
-- ended all the same.
ALTER TABLE session ADD COLUMN borrowed_until bigint;
ALTER TABLE session ADD COLUMN closed_at bigint;
ALTER TABLE session ADD COLUMN close_reason text;
CREATE INDEX session_borrowed ON session (product_id, borrowed_until)
    WHERE ended_at IS NULL AND borrowed_until IS NOT NULL;
