import type { Bench } from '../support/bench.ts';
import type { Load } from '../support/client.ts';
import type { DataSet } from '../support/data.ts';
import type { Cell, Table } from '../support/results.ts';
import { ratio } from '../support/statistics.ts';
import { hammer, perSecond } from '../support/wrk.ts';
import type { Side, Sides } from './sides.ts';

const ACCEPT = { accept: 'application/dicom+json' };

/** Answers of the first few questions together: both servers must find the same. */
async function matches({ server, headers }: Side, paths: readonly string[]): Promise<number> {
  let found = 0;
  for (const path of paths.slice(0, 10)) {
    const response = await fetch(server.baseUrl + path, { headers: { ...headers, ...ACCEPT } });
    const body = response.status === 204 ? [] : await response.json();
    found += Array.isArray(body) ? body.length : Number.NaN;
  }
  return found;
}

/** QIDO-RS at study level, another question each time. */
export async function searches(bench: Bench, { ours, orthanc }: Sides, set: DataSet): Promise<Table> {
  const seconds = bench.quick ? 2 : 8;
  const rows: Cell[][] = [];
  for (const [name, queries] of Object.entries(set.queries ?? {})) {
    const paths = (queries as string[]).map((query) => `/dicom-web/studies?${query}`); // Entries of Queries.
    // Both were started a moment ago: what a search costs once (compiling, planning) is in the seconds before, which don't count.
    const ask = async (side: Side): Promise<Load> => {
      const options = { headers: { ...side.headers, ...ACCEPT }, connections: 8 };
      await hammer(bench, side.server.baseUrl, paths, { ...options, seconds: bench.quick ? 1 : 3 });
      return hammer(bench, side.server.baseUrl, paths, { ...options, seconds });
    };
    const mine = await ask(ours);
    const theirs = orthanc && (await ask(orthanc));
    const [found, foundThere] = [await matches(ours, paths), orthanc && (await matches(orthanc, paths))];
    if (foundThere !== undefined && found !== foundThere) {
      bench.results.note(`QIDO by ${name}: ten questions have ${found} answers here and ${foundThere} from Orthanc.`);
    }
    for (const [who, load] of [
      ['ours', mine],
      ['Orthanc', theirs],
    ] as const) {
      if (load !== undefined && load.failures > 0)
        bench.results.note(`QIDO by ${name}, ${who}: ${load.failures} of ${load.requests} failed.`);
    }
    const theirRate = theirs && perSecond(theirs);
    rows.push([
      `by ${name}`,
      perSecond(mine),
      mine.p95,
      theirRate ?? null,
      theirs?.p95 ?? null,
      ratio(perSecond(mine), theirRate),
      '≥ 40, p95 < 20 ms',
    ]);
  }
  return {
    title: `QIDO-RS over ${set.instances} studies, 8 connections`,
    columns: ['search', 'ours requests/s', 'ours p95 ms', 'Orthanc requests/s', 'Orthanc p95 ms', 'ours / Orthanc', 'wanted'],
    rows,
  };
}
