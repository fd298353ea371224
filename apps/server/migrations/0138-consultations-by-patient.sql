-- A patient's consultations and orders are read on in the order of their ids. Locks: SHARE on both tables while the indexes are made.
CREATE INDEX consultations_patient_id ON consultations (patient_id, id);
DROP INDEX film_orders_patient;
CREATE INDEX film_orders_patient ON film_orders (patient_id, id);
