import http from 'node:http';
import type { Bench } from '../support/bench.ts';
import { get, getAll, type Headers, type Load } from '../support/client.ts';
import type { DataSet, SeriesUids } from '../support/data.ts';
import type { Peer } from '../support/peers.ts';
import type { Cell } from '../support/results.ts';
import { median, ratio } from '../support/statistics.ts';
import { hammer, perSecond } from '../support/wrk.ts';
import { dropCaches } from './cold.ts';
import type { Side, Sides } from './sides.ts';

export const RETRIEVAL_COLUMNS = [
  'work',
  'unit',
  'ours',
  'Orthanc',
  'nginx',
  'ours / Orthanc',
  'wanted',
  'ours / nginx',
  'wanted',
];
const FRAME = { accept: 'multipart/related; type="application/octet-stream"' };
const METADATA = { accept: 'application/dicom+json' };
const JPEG = { accept: 'image/jpeg' };
const DICOM = { accept: 'multipart/related; type="application/dicom"' };

interface Figures {
  readonly ours: number | undefined;
  readonly orthanc: number | undefined;
  readonly nginx?: number | undefined;
}
/** `isTime`: less is better, the ratio is the other way round. */
function row(
  work: string,
  unit: string,
  { ours, orthanc, nginx }: Figures,
  wanted: readonly [string, string],
  isTime = false,
): Cell[] {
  const against = (peer: number | undefined): number | null => (isTime ? ratio(peer, ours) : ratio(ours, peer));
  return [work, unit, ours ?? null, orthanc ?? null, nginx ?? null, against(orthanc), wanted[0], against(nginx), wanted[1]];
}

const seriesPath = ({ study, series }: SeriesUids): string => `/dicom-web/studies/${study}/series/${series}`;
const long = (set: DataSet): SeriesUids[] => (set.series ?? []).slice(0, 3);
const short = (set: DataSet): SeriesUids[] => (set.series ?? []).slice(3);
const instancePaths = (series: readonly SeriesUids[], rest: string): string[] =>
  series.flatMap((one) => one.instances.map((uid) => `${seriesPath(one)}/instances/${uid}${rest}`));

async function each(sides: Sides, work: (side: Side) => Promise<number | undefined>): Promise<Figures> {
  return { ours: await work(sides.ours), orthanc: sides.orthanc && (await work(sides.orthanc)) };
}

/** A figure, or undefined with a note where something was not answered well. */
function sound(bench: Bench, what: string, load: Load, figure: number): number | undefined {
  if (load.failures === 0) return figure;
  bench.results.note(`${what}: ${load.failures} of ${load.requests} requests failed, no figure.`);
  return undefined;
}

/** Of three long series: the median of their first answers, and of ten later ones each. */
export async function metadata(bench: Bench, sides: Sides, set: DataSet): Promise<Cell[][]> {
  const [first, again] = [new Map<string, number>(), new Map<string, number>()];
  for (const side of [sides.ours, sides.orthanc]) {
    if (side === undefined) continue;
    dropCaches();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const times: number[][] = Array.from({ length: 11 }, () => []);
    for (const series of long(set)) {
      const url = `${side.server.baseUrl}${seriesPath(series)}/metadata`;
      for (let round = 0; round < 11; round += 1) {
        const { ms, status } = await get(agent, url, { ...side.headers, ...METADATA });
        if (status !== 200) bench.results.note(`Metadata, ${side.name}: ${status}.`);
        times[round]?.push(ms);
      }
    }
    agent.destroy();
    first.set(side.name, median(times[0] ?? []));
    again.set(side.name, median(times.slice(1).flat()));
  }
  const size = long(set)[0]?.instances.length ?? 0;
  const of = (map: Map<string, number>): Figures => ({ ours: map.get('ours'), orthanc: map.get('Orthanc') });
  return [
    row(`metadata of ${size} instances, first`, 'ms', of(first), ['≥ 10', ''], true),
    row(`metadata of ${size} instances, again`, 'ms', of(again), ['≥ 3', ''], true),
  ];
}

/** Every frame of the long series once with empty caches, then 100 of them again and again. */
export async function frames(bench: Bench, sides: Sides, set: DataSet, nginx: Peer | undefined): Promise<Cell[][]> {
  const seconds = bench.quick ? 2 : 6;
  const cold = instancePaths(long(set), '/frames/1');
  const hot = cold.slice(0, 100);
  const files = (set.frames ?? []).slice(0, cold.length).map((name) => `/${name}`);
  const pass = async (what: string, base: string, paths: readonly string[], headers: Headers): Promise<number | undefined> => {
    if (!dropCaches()) bench.results.note('Caches could not be dropped: the cold figures are of a first pass.');
    const load = await getAll(
      paths.map((path) => base + path),
      headers,
      8,
    );
    return sound(bench, `frames cold, ${what}`, load, perSecond(load));
  };
  const many = async (what: string, base: string, paths: readonly string[], headers: Headers): Promise<number | undefined> => {
    const load = await hammer(bench, base, paths, { headers, connections: 8, seconds });
    return sound(bench, `frames hot, ${what}`, load, perSecond(load));
  };
  const coldFigures = await each(sides, (side) => pass(side.name, side.server.baseUrl, cold, { ...side.headers, ...FRAME }));
  const coldNginx = nginx && (await pass('nginx', nginx.baseUrl, files, {}));
  const hotFigures = await each(sides, (side) => many(side.name, side.server.baseUrl, hot, { ...side.headers, ...FRAME }));
  const hotNginx = nginx && (await many('nginx', nginx.baseUrl, files.slice(0, 100), {}));
  return [
    row('frames of 512 KiB from disk, 8 connections', 'requests/s', { ...coldFigures, nginx: coldNginx }, ['≥ 2.5', '≥ 0.6']),
    row('frames of 512 KiB hot, 8 connections', 'requests/s', { ...hotFigures, nginx: hotNginx }, ['≥ 5', '≥ 0.6']),
  ];
}

export async function rendered(bench: Bench, sides: Sides, set: DataSet): Promise<Cell[][]> {
  const paths = instancePaths(long(set), '/frames/1/rendered').slice(-(bench.quick ? 20 : 100));
  const first = await each(sides, async ({ name, server, headers }) => {
    const load = await getAll(
      paths.map((path) => server.baseUrl + path),
      { ...headers, ...JPEG },
      8,
    );
    return sound(bench, `rendered first, ${name}`, load, perSecond(load));
  });
  const again = await each(sides, async ({ name, server, headers }) => {
    const options = { headers: { ...headers, ...JPEG }, connections: 8, seconds: bench.quick ? 2 : 6 };
    const load = await hammer(bench, server.baseUrl, paths, options);
    return sound(bench, `rendered again, ${name}`, load, perSecond(load));
  });
  return [
    row('rendered JPEG 512 × 512, first, 8 connections', 'requests/s', first, ['≥ 1.3', '']),
    row('rendered JPEG 512 × 512, again, 8 connections', 'requests/s', again, ['≥ 4', '']),
  ];
}

/** Megabytes of stored instances a second over one connection: several passes over the short series, each some hundred MB; the first does not count. */
export async function wholes(bench: Bench, sides: Sides, set: DataSet): Promise<Cell[][]> {
  const sourceMb = (set.bytes / set.instances / 1e6) * short(set).reduce((sum, { instances }) => sum + instances.length, 0);
  const timed = async (what: string, urls: readonly string[], headers: Headers): Promise<number | undefined> => {
    await getAll(urls, headers, 1);
    const passes = bench.quick ? 1 : 4;
    const load = await getAll(
      Array.from({ length: passes }).flatMap(() => urls),
      headers,
      1,
    );
    return sound(bench, what, load, (sourceMb * passes) / load.seconds);
  };
  const series = await each(sides, ({ name, server, headers }) =>
    timed(
      `series, ${name}`,
      short(set).map((one) => server.baseUrl + seriesPath(one)),
      { ...headers, ...DICOM },
    ),
  );
  const zip = await each(sides, async (side) => {
    const urls = await archives(side, short(set));
    return timed(`ZIP, ${side.name}`, urls, side.headers);
  });
  return [
    row(`series of ${short(set)[0]?.instances.length ?? 0} as multipart, 1 connection`, 'MB/s of source', series, ['≥ 1.5', '']),
    row('study as ZIP, 1 connection', 'MB/s of source', zip, ['≥ 10', '']),
  ];
}

/** The addresses of the studies' ZIPs: a patient's here (each has one study), a study's in Orthanc. */
async function archives({ name, server, headers }: Side, series: readonly SeriesUids[]): Promise<string[]> {
  const urls: string[] = [];
  for (const { study } of series) {
    if (name === 'ours') {
      const response = await fetch(`${server.baseUrl}/dicom-web/studies?StudyInstanceUID=${study}`, {
        headers: { ...headers, ...METADATA },
      });
      const [found] = (await response.json()) as { '00100020'?: { Value?: [string] } }[]; // PS3.18 F.2: Patient ID.
      const patients = await fetch(`${server.baseUrl}/api/patients?q=${found?.['00100020']?.Value?.[0] ?? ''}`, { headers });
      const { items } = (await patients.json()) as { items: { id: string }[] }; // The contract's list of patients.
      urls.push(`${server.baseUrl}/api/patients/${items[0]?.id ?? ''}/export`);
    } else {
      const body = JSON.stringify({ Level: 'Study', Query: { StudyInstanceUID: study } });
      const [id] = (await (await fetch(`${server.baseUrl}/tools/find`, { method: 'POST', body })).json()) as string[]; // Orthanc's identifiers.
      urls.push(`${server.baseUrl}/studies/${id ?? ''}/archive`);
    }
  }
  return urls;
}
