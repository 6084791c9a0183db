-- Rises with each transaction that carries commands out, so that a node knows whether another one
-- wrote since it did.
INSERT INTO meta (name, number) VALUES ('turn', 0);

-- For the sessions of a product alone: as long as the server has not counted open sessions, as in the
-- morning, it sees no difference to the index by person, and walks everybody's for what one has.
-- What asks for it says so by the last condition, which every session fulfills.
DROP INDEX session_lapse;
CREATE INDEX session_lapse ON session (product_id, expires_at) WHERE ended_at IS NULL AND expires_at > 0;
