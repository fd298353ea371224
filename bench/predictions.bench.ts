import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prediction } from '@negatoscope/contract';
import { chestXray } from '@negatoscope/testkit';
import { runBench } from './support/bench.ts';
import { answered } from './support/client.ts';
import { type Ours, startOurs } from './support/ours.ts';
import { quantile } from './support/statistics.ts';
import { type Users, whileUsed } from './support/users.ts';

const BOUNDARY = 'negatoscope-predictions';

/** Phantoms of adults as detectors give them: 12 bits of 16. */
const filmsOf = (count: number, side: number) =>
  Array.from({ length: count }, (_, index) => {
    const dataset = { PatientBirthDate: '19700102', StudyDate: '20260301', PatientID: `B${side}-${index}` };
    const [film] = [...chestXray({ seed: `${side} ${index}`, rows: side, columns: side, dataset })];
    if (film === undefined) throw new Error('The phantom is missing.');
    return film;
  });

async function store({ baseUrl, headers }: Ours, bytes: Uint8Array): Promise<void> {
  const body = Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
    bytes,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  const type = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;
  const request = http.request(`${baseUrl}/dicom-web/studies`, { method: 'POST', headers: { ...headers, 'content-type': type } });
  request.end(body);
  const { status } = await answered(request, performance.now());
  if (status !== 200) throw new Error(`A film was answered with ${status}`);
}

async function ask({ baseUrl, headers }: Ours, sopInstanceUid: string, wait: number): Promise<Prediction> {
  const answer = await fetch(`${baseUrl}/api/predict`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: `wait=${wait}` },
    body: JSON.stringify({ sopInstanceUid }),
  });
  if (!answer.ok) throw new Error(`A prediction was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Prediction; // The contract's answer.
}

const waiting = async ({ baseUrl, headers }: Ours): Promise<number> => {
  const counts = await Promise.all(
    ['QUEUED', 'RUNNING'].map(async (status) => {
      const answer = await fetch(`${baseUrl}/api/predictions?limit=1&status=${status}`, { headers });
      return ((await answer.json()) as { total: number }).total; // The contract's list.
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/** Memory of the process that models run in, bytes; 0 where there is none. */
function modelMemory(): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('inference.worker')) return 0;
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
      } catch {
        return 0;
      }
    });
  return Math.max(0, ...found);
}

/** One film after the other: what a person waits for, from the request to its answer. */
async function endToEnd(server: Ours, uids: readonly string[], rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const uid of uids) {
      const started = performance.now();
      const { status, failureCode } = await ask(server, uid, 30);
      if (status !== 'DONE') throw new Error(`A phantom was not answered: ${failureCode}`);
      times.push(performance.now() - started);
    }
  }
  return times;
}

/** Many asked at once: films a minute, and the most memory that the model's process took. */
async function manyAtOnce(server: Ours, uids: readonly string[], count: number): Promise<{ perMinute: number; rss: number }> {
  const started = performance.now();
  for (let at = 0; at < count; at += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, count - at) }, (_, i) => ask(server, uids[(at + i) % uids.length] ?? '', 0)),
    );
  let rss = 0;
  for (;;) {
    rss = Math.max(rss, modelMemory());
    if ((await waiting(server)) === 0) break;
    await sleep(200);
  }
  return { perMinute: (count * 60_000) / (performance.now() - started), rss };
}

/** What people at their desks ask for: frames of films, and lists. Eight of them, each twice a second. */
const usersOf = ({ baseUrl, headers }: Ours, films: ReturnType<typeof filmsOf>): Users => {
  const frames = films.map(
    ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }) =>
      `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`,
  );
  const lists = ['/api/patients?limit=25', '/api/studies?limit=25', '/api/predictions?limit=25'];
  const urls = frames.flatMap((frame, at) => [frame, lists[at % lists.length] ?? frame]).map((path) => `${baseUrl}${path}`);
  return { clients: 8, everyMs: 500, urls, headers };
};

async function measure(server: Ours, uids: readonly string[], quick: boolean) {
  const times = await endToEnd(server, uids, quick ? 5 : 20);
  return { times, ...(await manyAtOnce(server, uids, quick ? 60 : 200)) };
}
const cellsOf = ({ times, perMinute, rss }: Awaited<ReturnType<typeof measure>>) => [
  ...[times.length, quantile(times, 0.5), quantile(times, 0.95), perMinute, rss / 1e6],
];

await runBench('predictions', async (bench) => {
  const server = await startOurs(bench);
  const { results } = bench;
  const [alone, used] = [[] as (string | number)[][], [] as (string | number)[][]];
  for (const side of bench.quick ? [1024] : [1024, 2048, 3000]) {
    const films = filmsOf(3, side);
    for (const { bytes } of films) await store(server, bytes);
    const uids = films.map(({ sopInstanceUid }) => sopInstanceUid);
    await endToEnd(server, uids, 1);
    const film = `${side} × ${side}`;
    alone.push([film, ...cellsOf(await measure(server, uids, bench.quick))]);
    const { result, served } = await whileUsed(usersOf(server, films), () => measure(server, uids, bench.quick));
    used.push([film, ...cellsOf(result), served.perSecond, served.p50, served.p95, served.leftOut]);
  }
  const columns = ['film', 'films', 'p50 ms', 'p95 ms', 'films a minute', 'RSS of the model MB'];
  results.add({ title: 'One film after the other, and many asked at once', columns, rows: alone });
  results.add({
    title: 'The same while 8 clients each ask for a frame of such a film or a list twice a second',
    columns: [...columns, 'their answers a second', 'p50 ms', 'p95 ms', 'not asked for'],
    rows: used,
  });
});
