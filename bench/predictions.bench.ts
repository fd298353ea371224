import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prediction } from '@negatoscope/contract';
import { chestXray } from '@negatoscope/testkit';
import { runBench } from './support/bench.ts';
import { answered } from './support/client.ts';
import { type Ours, startOurs } from './support/ours.ts';
import { quantile } from './support/statistics.ts';

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

await runBench('predictions', async (bench) => {
  const server = await startOurs(bench);
  const { results } = bench;
  const rows = [];
  for (const side of bench.quick ? [1024] : [1024, 2048, 3000]) {
    const films = filmsOf(3, side);
    for (const { bytes } of films) await store(server, bytes);
    const uids = films.map(({ sopInstanceUid }) => sopInstanceUid);
    await endToEnd(server, uids, 1);
    const times = await endToEnd(server, uids, bench.quick ? 5 : 10);
    const { perMinute, rss } = await manyAtOnce(server, uids, bench.quick ? 60 : 200);
    rows.push([`${side} × ${side}`, times.length, quantile(times, 0.5), quantile(times, 0.95), perMinute, rss / 1e6]);
  }
  const columns = ['film', 'films', 'p50 ms', 'p95 ms', 'films a minute', 'RSS of the model MB'];
  results.add({ title: 'One film after the other, and many asked at once', columns, rows });
});
