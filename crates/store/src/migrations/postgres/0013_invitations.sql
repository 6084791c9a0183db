-- Until when the one-time link of an account works, by which its password is chosen. While there is
-- such a time, the password kept is the code of that link.

ALTER TABLE account ADD COLUMN invited_until bigint;
