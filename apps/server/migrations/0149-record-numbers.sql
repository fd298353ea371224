-- Record numbers go on behind 999,999, where six digits were cut to the first six; the year is of the moment, not of the transaction's beginning. Locks: an exclusive one on patients for a moment, without a rewrite.

CREATE FUNCTION ng_record_number() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT 'NG-' || to_char(clock_timestamp(), 'YYYY') || '-' || lpad(n::text, greatest(6, length(n::text)), '0') FROM (SELECT nextval('patient_record_seq') AS n) AS next
$$;

ALTER TABLE patients ALTER COLUMN record_number SET DEFAULT ng_record_number();
