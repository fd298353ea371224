import pg from 'pg';
import { findEmbeddedPostgres } from '../apps/server/src/platform/postgres/embedded.ts';
import { fillRows } from '../apps/server/test/support/generated-rows.ts';
import { GENERATED_GROUPS } from '../apps/server/test/support/index-requests.ts';
import { growRows, qidoAtScale } from './search/at-scale.ts';
import { BUDGET_MS, inProcess, TYPO_BUDGET_MS } from './search/in-process.ts';
import { overHttp } from './search/over-http.ts';
import { runBench } from './support/bench.ts';
import { startOurs } from './support/ours.ts';

/**
 * Lists and searches at 100,000 patients and 200,000 generated studies, in the database of the built server.
 * BENCH_ROUNDS: measurements of each, 30 by default. Then QIDO-RS over an index grown to a million studies.
 */
await runBench('search', async (bench) => {
  const patients = bench.quick ? 2000 : 100_000;
  const rounds = Number(process.env.BENCH_ROUNDS ?? (bench.quick ? 3 : 30));
  const server = await startOurs(bench);
  const database = await findEmbeddedPostgres(server.dataDir);
  if (database === undefined) throw new Error('The database of the server was not found');
  const owner = new pg.Client(database.owner);
  await owner.connect();
  await fillRows(owner, { patients, studies: patients * 2, groups: GENERATED_GROUPS });
  const overall = await overHttp(server, rounds);
  bench.results.add(overall);
  const inside = await inProcess(database.app, rounds);
  bench.results.add(inside);
  const over = [...overall.rows, ...inside.rows].filter((row) => row.at(-1) !== '').length;
  bench.results.note(
    `${patients} patients, ${patients * 2} studies: ${over} measurements over their budget (p95 ${BUDGET_MS} ms, typos ${TYPO_BUDGET_MS} ms).`,
  );
  await growRows(owner, bench.quick ? 10_000 : 1_000_000);
  bench.results.add(await qidoAtScale(bench, server, owner));
  await owner.end();
});
