-- What hangs on a patient is declared in the sources (apps/server/src/archive/kinds.ts), and a move follows the declaration. No lock: a function goes.
DROP FUNCTION ng_move_patient(uuid, uuid);
