import { chestXray, type Dataset } from '@negatoscope/testkit';
import type { DicomwebServer, Json } from '../dicomweb/support.ts';
import type { Browser } from './app.ts';

/** Where a film stands. */
export interface Place {
  readonly uid: string;
  readonly series: string;
  readonly sop: string;
}

let count = 0;
/** Stores a frontal film of an adult, in a group or in none. */
export async function storeFilm(
  server: DicomwebServer,
  admin: Browser,
  group: string | null,
  more: Dataset = {},
): Promise<Place> {
  count += 1;
  const place = { uid: `2.25.990${count}0`, series: `2.25.990${count}1`, sop: `2.25.990${count}2` };
  const dataset: Dataset = {
    ...{ PatientBirthDate: '19700102', StudyDate: '20260301', PatientID: `V${count}`, PatientName: `Sow^${count}`, ...more },
    ...{ StudyInstanceUID: place.uid, SeriesInstanceUID: place.series, SOPInstanceUID: place.sop },
  };
  const [film] = [...chestXray({ seed: `film ${count}`, rows: 256, columns: 256, dataset })];
  const answer = await server.store(
    admin,
    [Buffer.from(film?.bytes ?? [])],
    group === null ? '/studies' : `/groups/${group}/studies`,
  );
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return place;
}

/** A call of the API that waits for what it asks of a model. */
export async function callApi(
  server: DicomwebServer,
  who: Browser,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
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
