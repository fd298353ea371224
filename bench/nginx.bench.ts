import { CONNECTIONS, type Figure, measure, rowOf, worksOf } from './nginx/measure.ts';
import { type Bench, runBench } from './support/bench.ts';
import { postFiles } from './support/client.ts';
import { bodiesOf, type DataSet, dataSet, STOW_HEADERS } from './support/data.ts';
import { startOurs } from './support/ours.ts';
import { isProxyHere, startProxy, startRedis } from './support/proxy.ts';

const COLUMNS = [
  ...['work, 8 connections', 'alone, requests/s', 'nginx (TLS) and Redis', 'ratio', 'wanted'],
  ...['alone, ms of processor a request', 'behind nginx', 'nginx, ms', 'nginx, % of processor'],
];

/** The data folder of a server that holds these images, and has ended. */
async function filled(bench: Bench, images: DataSet): Promise<string> {
  const server = await startOurs(bench);
  const headers = { ...STOW_HEADERS, ...server.headers };
  const load = await postFiles(`${server.baseUrl}/dicom-web/studies`, bodiesOf(images), headers, CONNECTIONS);
  if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests were refused`);
  await server.stop();
  return server.dataDir;
}

/** The same frames and lists asked of the server alone, and of one with Redis through nginx as it is delivered, by TLS, in turns. */
await runBench('nginx', async (bench) => {
  if (!isProxyHere) {
    bench.results.note('nginx or Redis is not installed: no figures.');
    return;
  }
  const images = await dataSet(bench, 'images', bench.quick ? 50 : 500);
  const works = worksOf(images, bench.quick ? 20 : 100).map((work) => ({ work, alone: [] as Figure[], through: [] as Figure[] }));
  const dataDir = await filled(bench, images);
  const redis = await startRedis(bench);
  for (let round = 0; round < (bench.quick ? 1 : 3); round += 1) {
    const plain = await startOurs(bench, dataDir);
    for (const { work, alone } of works) alone.push(await measure(bench, plain, plain, work));
    await plain.stop();
    const behind = await startOurs(bench, dataDir, 0, { REDIS_URL: redis.baseUrl, TRUST_PROXY: '127.0.0.1' });
    const proxy = await startProxy(bench, Number(new URL(behind.baseUrl).port));
    for (const { work, through } of works) through.push(await measure(bench, behind, proxy, work));
    await proxy.stop();
    await behind.stop();
  }
  const rows = works.map(({ work, alone, through }) => rowOf(work, alone, through));
  bench.results.add({ title: 'Through nginx and Redis on one machine', columns: COLUMNS, rows });
  bench.results.note(
    'The share of nginx is of the time that the server with its database, and nginx, took of the processors; what wrk takes to decrypt is in neither.',
  );
});
