import { execFile } from 'node:child_process';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { Side, Sides } from '../dicomweb/sides.ts';
import { ctStudy } from '../dimse/tools.ts';
import type { Bench } from '../support/bench.ts';
import { type Answer, answered, getAll, type Headers, type Load, overConnections } from '../support/client.ts';
import type { DataSet } from '../support/data.ts';

const CONNECTIONS = 8;

/** Instances without identity a second. */
export interface Rate {
  readonly perSecond: number;
}

const rateOf = (what: string, load: Load): Rate => {
  if (load.failures > 0) throw new Error(`${what}: ${load.failures} of ${load.requests} requests failed`);
  return { perSecond: load.requests / load.seconds };
};

/** Files of one instance each, by WADO-URI. */
export async function inOurs({ server, headers }: Sides['ours'], images: DataSet): Promise<Rate> {
  const urls = (images.series ?? []).flatMap(({ study, series, instances }) =>
    instances.map((uid) => {
      const query = { requestType: 'WADO', studyUID: study, seriesUID: series, objectUID: uid };
      const wanted = { ...query, contentType: 'application/dicom', anonymize: 'yes' };
      return `${server.baseUrl}/dicom-web/wado?${new URLSearchParams(wanted)}`;
    }),
  );
  return rateOf('ours', await getAll(urls, headers, CONNECTIONS));
}

function post(agent: http.Agent, url: string, headers: Headers, body: unknown): Promise<Answer> {
  const started = performance.now();
  const request = http.request(url, { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json' } });
  request.end(JSON.stringify(body));
  return answered(request, started);
}

/** Everything in one ZIP. */
export async function oursAsZip({ server, headers }: Sides['ours'], images: DataSet): Promise<Rate> {
  const listed = await fetch(`${server.baseUrl}/api/patients?limit=100`, { headers });
  const { items } = (await listed.json()) as { items: { id: string }[] }; // The contract's list.
  const begun = performance.now();
  const agent = new http.Agent();
  const body = { patientIds: items.map(({ id }) => id) };
  const { status } = await post(agent, `${server.baseUrl}/api/patients/export/anonymised`, headers, body);
  if (status !== 200) throw new Error(`The ZIP was answered with ${status}`);
  return { perSecond: (images.instances * 1000) / (performance.now() - begun) };
}

/** Files of one instance each, by Orthanc's default profile. */
export async function inOrthanc({ server }: Side, images: DataSet): Promise<Rate> {
  const known = await fetch(`${server.baseUrl}/instances`);
  const ids = ((await known.json()) as string[]).slice(0, images.instances); // Its list of identifiers.
  const load = await overConnections(ids, CONNECTIONS, (agent, id) =>
    post(agent, `${server.baseUrl}/instances/${id}/anonymize`, {}, {}),
  );
  return rateOf('Orthanc', load);
}

/** Six attributes emptied and the private ones erased in files on the disk, by one process. */
export async function inDcmtk(bench: Bench, count: number): Promise<Rate> {
  const { files } = ctStudy(bench, 'deid', count);
  const names = ['PatientName', 'PatientID', 'PatientBirthDate', 'StudyDate', 'InstitutionName', 'ReferringPhysicianName'];
  const begun = performance.now();
  const changes = names.flatMap((name) => ['-ma', `${name}=`]);
  await promisify(execFile)('dcmodify', ['-nb', '-ep', '-gst', '-gse', ...changes, ...files]);
  return { perSecond: (count * 1000) / (performance.now() - begun) };
}
