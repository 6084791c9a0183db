-- A change of who used what leaves the indexes alone. (SQLite also gets row numbers for two tables;
-- PostgreSQL keeps rows apart from indexes as it is.)
DROP INDEX person_use_day;
CREATE INDEX person_use_day ON person_use (day);

-- Whoever walks through a folder reads each id once.
CREATE INDEX app_user_folder_id ON app_user (folder_id, id);
