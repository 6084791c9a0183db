-- Rises with each transaction that carries commands out, so that a node knows whether another one
-- wrote since it did.
INSERT INTO meta (name, number) VALUES ('turn', 0);
