import { chestXray, type Dataset } from '@negatoscope/testkit';
import type { DicomwebServer, Json } from '../dicomweb/support.ts';
import type { Browser } from './app.ts';

/** Where a film stands. */
export interface Place {
  readonly uid: string;
  readonly series: string;
  readonly sop: string;
}

/** A group, and who works there. */
export interface Site {
  readonly group: string;
  readonly physician: Browser;
  readonly radiologist: Browser;
  readonly staff: Browser;
}
export async function openSite(server: DicomwebServer, name: string): Promise<Site> {
  const group = await server.makeGroup(name);
  const person = async (role: 'PHYSICIAN' | 'RADIOLOGIST' | 'STAFF', firstName: string) =>
    server.login(await server.makeUser({ role, groupId: group, firstName, lastName: 'Diop' }));
  return {
    group,
    physician: await person('PHYSICIAN', 'Awa'),
    radiologist: await person('RADIOLOGIST', 'Omar'),
    staff: await person('STAFF', 'Fatou'),
  };
}

let count = 0;
/** A frontal film of an adult, which no server has. */
export function newFilm(more: Dataset = {}): { readonly place: Place; readonly file: Buffer } {
  count += 1;
  const place = { uid: `2.25.990${count}0`, series: `2.25.990${count}1`, sop: `2.25.990${count}2` };
  const dataset: Dataset = {
    ...{ PatientBirthDate: '19700102', StudyDate: '20260301', PatientID: `V${count}`, PatientName: `Sow^${count}`, ...more },
    ...{ StudyInstanceUID: place.uid, SeriesInstanceUID: place.series, SOPInstanceUID: place.sop },
  };
  const [film] = [...chestXray({ seed: `film ${count}`, bodySeed: 'one body', rows: 256, columns: 256, dataset })];
  return { place, file: Buffer.from(film?.bytes ?? []) };
}

/** Stores such a film, in a group or in none. */
export async function storeFilm(
  server: DicomwebServer,
  admin: Browser,
  group: string | null,
  more: Dataset = {},
): Promise<Place> {
  const { place, file } = newFilm(more);
  const answer = await server.store(admin, [file], group === null ? '/studies' : `/groups/${group}/studies`);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return place;
}

/** A call of the API that waits for what it asks of a model. */
export async function callApi(
  server: DicomwebServer,
  who: Browser,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
) {
  const answer = await server.app.inject({
    method,
    url,
    headers: { ...who.headers, prefer: 'wait=30' },
    ...(body === undefined ? {} : { payload: body }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, json: (isJson ? answer.json() : undefined) as Json, raw: answer.rawPayload };
}
