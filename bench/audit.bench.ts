import pg from 'pg';
import { findEmbeddedPostgres } from '../apps/server/src/platform/postgres/embedded.ts';
import { auditPages } from './audit/pages.ts';
import { countFilled, fillEvents } from './audit/rows.ts';
import { runBench } from './support/bench.ts';
import { startOurs } from './support/ours.ts';

/**
 * Pages of the journal by the usual filters over BENCH_EVENTS generated events, ten million by default, in the database of the built server, whose jobs don't run: they would read the same rows.
 * BENCH_DATA names a folder that keeps the events for a further run: filling takes a quarter of an hour.
 */
await runBench('audit', async (bench) => {
  const events = Number(process.env.BENCH_EVENTS ?? (bench.quick ? 100_000 : 10_000_000));
  const server = await startOurs(bench, process.env.BENCH_DATA, 0, { ROLES: 'web' });
  const database = await findEmbeddedPostgres(server.dataDir);
  if (database === undefined) throw new Error('The database of the server was not found');
  const owner = new pg.Client(database.owner);
  await owner.connect();
  if ((await countFilled(owner)) < events) await fillEvents(owner, events, (text) => console.log(text));
  bench.results.add(await auditPages(database.app, Number(process.env.BENCH_ROUNDS ?? 30)));
  bench.results.note(`${events.toLocaleString('en')} events.`);
  await owner.end();
});
