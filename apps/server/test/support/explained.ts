import pg from 'pg';
import { inject } from 'vitest';
import { withDatabase } from './cluster.ts';
import { createTestDatabase } from './database.ts';
import { fillRows } from './generated-rows.ts';
import { GENERATED_GROUPS } from './index-requests.ts';

/** A database of generated rows whose client is told the plan of each statement, those inside functions too. */
export interface ExplainedIndex {
  /** The application's role. */
  readonly client: pg.Client;
  /** Plans as they came; a test empties it before it asks. */
  readonly plans: string[];
  close(): Promise<void>;
}

/** Makes it with 100,000 patients and as many studies, in about a minute. */
export async function openExplainedIndex(): Promise<ExplainedIndex> {
  const database = await createTestDatabase();
  const owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name');
  await fillRows(owner, { patients: 100_000, studies: 100_000, groups: GENERATED_GROUPS });
  await owner.end();
  const plans: string[] = [];
  // Only a superuser may load auto_explain; it then becomes the application.
  const client = new pg.Client(withDatabase(inject('testCluster').admin, rows[0]?.name ?? ''));
  client.on('notice', (notice) => plans.push(notice.message ?? ''));
  await client.connect();
  await client.query(`LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_level = notice; SET ROLE negatoscope_app`);
  return {
    client,
    plans,
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
}
