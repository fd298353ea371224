import { createHash } from 'node:crypto';
import { buildZip, type Dataset, smallDataset, writePart10 } from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, firstValue, type Json, relatedBody } from './support.ts';

/** UIDs of one length, so that no size tells one file from another. */
const ROOT = '1.2.826.0.1.900.';
let last = 1000;
export function newUid(): string {
  last += 1;
  return `${ROOT}${last}`;
}

/** A small CT of somebody; every value that a guess may have is of one length. */
export function fileOf(changes: Dataset): Buffer {
  const dataset: Dataset = {
    ...smallDataset('blind'),
    Modality: 'CT',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    ConversionType: undefined,
    PatientID: 'Z900',
    PatientName: 'Leroux^Anna',
    PatientBirthDate: '19660606',
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    SOPInstanceUID: newUid(),
    ...changes,
  };
  return Buffer.from(writePart10(dataset, { transferSyntaxUid: '1.2.840.10008.1.2.1' }));
}

const BOUNDARY = 'blind-boundary';
function form(files: readonly Buffer[], fields: Readonly<Record<string, string>> = {}): Buffer {
  const part = (head: string, body: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]);
  return Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)),
    ...files.map((file, index) => part(`name="files"; filename="${index}"\r\nContent-Type: application/octet-stream`, file)),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

const FORM = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

const zipped = (files: readonly Buffer[]): Buffer =>
  Buffer.from(buildZip(files.map((bytes, index) => ({ name: `${index}.dcm`, bytes }))));

type Answers = readonly LightMyRequestResponse[];
export type Entrance = (
  server: DicomwebServer,
  who: Browser,
  files: readonly Buffer[],
  fields?: Readonly<Record<string, string>>,
) => Promise<Answers>;

const post = (
  server: DicomwebServer,
  who: Browser,
  url: string,
  payload: Buffer | object,
  headers: Readonly<Record<string, string>> = {},
) => server.app.inject({ method: 'POST', url, payload, headers: { ...who.headers, ...headers } });

const whole: Entrance = async (server, who, files, fields) => [
  await post(server, who, '/api/patients/import', form(files, fields), FORM),
];

const inBatches: Entrance = async (server, who, files, fields = {}) => {
  const opened = await post(server, who, '/api/imports', fields);
  const { id } = opened.json<{ id: string }>();
  const answers = [opened];
  const known = files.map((file, index) => ({
    name: String(index),
    sizeBytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
  }));
  if (known.length > 0) answers.push(await post(server, who, `/api/imports/${id}/known`, { files: known }));
  for (const file of files) answers.push(await post(server, who, `/api/imports/${id}/files`, form([file]), FORM));
  answers.push(await post(server, who, `/api/imports/${id}/finish`, {}));
  return answers;
};

const LATER = { prefer: 'respond-async' };

const stow =
  (headers: Readonly<Record<string, string>> = {}): Entrance =>
  async (server, who, files) => [
    await post(server, who, '/dicom-web/studies', relatedBody(files.map((body) => ({ body }))), {
      'content-type': 'multipart/related; type="application/dicom"; boundary=test-boundary',
      ...headers,
    }),
  ];

/** Accepted with 202; a job reads the archive, and its report is asked for before and after. */
const forLater: Entrance = async (server, who, files, fields) => {
  const accepted = await post(server, who, '/api/patients/import', form([zipped(files)], fields), { ...FORM, ...LATER });
  if (accepted.statusCode !== 202) return [accepted];
  const { id } = accepted.json<{ id: string }>();
  const report = () => server.app.inject({ method: 'GET', url: `/api/imports/${id}`, headers: { cookie: who.cookie } });
  const before = await report();
  await server.runJob('read-spool', { importId: id });
  return [accepted, before, await report()];
};

export const ENTRANCES: Readonly<Record<string, Entrance>> = {
  'one request': whole,
  'a ZIP': async (server, who, files, fields) => whole(server, who, [zipped(files)], fields),
  'batches of an open import': inBatches,
  'an archive for later (202)': forLater,
  'STOW-RS': stow(),
  'STOW-RS, asked to answer later': stow(LATER),
};

/** What an answer says but for what is its own: ids, record numbers, times, hashes. */
export function told(response: LightMyRequestResponse): unknown {
  const plain = (text: string): string =>
    text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
      .replaceAll(/NG-\d{4}-\d+/g, 'record')
      .replaceAll(new RegExp(`${ROOT.replaceAll('.', '\\.')}\\d+`, 'g'), 'uid')
      .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'time')
      .replaceAll(/[0-9a-f]{64}/g, 'hash')
      .replaceAll(/ng-[0-9a-f]{36}/g, 'boundary');
  const { date, etag, 'set-cookie': _cookie, ...headers } = response.headers;
  return { status: response.statusCode, headers: plain(JSON.stringify(headers)), body: plain(response.body) };
}

/**
 * Everything that somebody can ask of the server after importing a study. UIDs are no secret (Retain UIDs): what a search by the UID finds in records that
 * were to be seen before is left out.
 */
export async function lookAround(
  server: DicomwebServer,
  who: Browser,
  study: string,
  seenBefore: readonly string[],
): Promise<unknown[]> {
  const urls = [
    '/api/imports',
    '/api/studies',
    '/api/studies?sort=receivedAt',
    '/api/studies?q=ct',
    '/api/patients',
    '/api/patients?identityStatus=IDENTITY_REVIEW',
    '/api/search?q=ng',
    `/api/studies/${study}`,
    '/api/stats/overview',
    '/api/conflicts',
    '/api/identity-review',
    '/dicom-web/studies?includefield=all',
    '/dicom-web/series?includefield=all',
    '/dicom-web/instances?includefield=all',
    `/dicom-web/studies/${study}/metadata`,
    `/dicom-web/studies/${study}/rendered`,
  ];
  const answers: unknown[] = [];
  for (const url of urls)
    answers.push([
      url.replace(study, 'uid'),
      told(await server.app.inject({ method: 'GET', url, headers: { cookie: who.cookie } })),
    ]);
  for (const url of [`/studies?StudyInstanceUID=${study}`, `/studies/${study}/series`]) {
    const found: Json[] = (await server.get(who, url)).json();
    answers.push(JSON.stringify(found.filter((one) => !seenBefore.includes(firstValue(one, '00100020')))).length);
  }
  return answers;
}
