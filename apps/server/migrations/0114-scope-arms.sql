-- The arms of a scope know the table that they are for (functions/scope.sql): the old signature goes. No lock: a function goes.
DROP FUNCTION ng_scope_arms(uuid);
