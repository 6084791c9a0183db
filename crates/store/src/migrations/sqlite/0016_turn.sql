-- What PostgreSQL counts to tell nodes apart; a store of one process leaves it at 0.
INSERT INTO meta (name, number) VALUES ('turn', 0);
