-- functions/codes.sql says what a code is now, by defined terms. No lock.
DROP FUNCTION ng_is_code(text);
