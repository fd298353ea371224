// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../db/statements.ts';

declare module '../db/statements.ts' {
  interface Statements {
    // announce.ts
    'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS p(payload)': { values: readonly [string | null, readonly (string | null)[]]; row: { pg_notify: string | null } };
    // postgres-state.ts
    'SELECT pg_notify($1, $2)': { values: readonly [string | null, string | null]; row: { pg_notify: string | null } };
  }
}
