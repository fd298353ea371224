import { writeFileSync } from 'node:fs';
import { type Dataset, manyElements, manyInItems, smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type MeasuredServer, startMeasured } from '../support/measured-server.ts';
import { ENHANCED_FRAMES, enhancedFile } from './enhanced-support.ts';
import { BOUNDARY, type DicomwebServer, firstValue, openDicomweb, type Part, relatedBody } from './support.ts';

/**
 * What requests that are long, hostile or both do to the process that answers them: its longest block of the loop, and by how much it grew. A table for a
 * person to read (`NEGATOSCOPE_BLOCKS` names a file for it); only answers and memory are asserted, since a busy machine lengthens every block.
 */
const MOST_BYTES = 200 * 1024 * 1024;
const EDGE = 2896;
const FRAMES = 24;

let setup: DicomwebServer;
let admin: Browser;
let server: MeasuredServer;
const rows: string[] = [];
beforeAll(async () => {
  setup = await openDicomweb();
  admin = await setup.login('ADMIN');
  server = await startMeasured(setup.settings, setup.database);
}, 240_000);
afterAll(async () => {
  const table = [
    '| request | status | bytes | seconds | longest block, ms | without waiting for a processor, ms | growth, MB |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  if (process.env.NEGATOSCOPE_BLOCKS !== undefined) writeFileSync(process.env.NEGATOSCOPE_BLOCKS, `${table}\n`);
  else console.log(table);
  await server.close();
  await setup.close();
}, 120_000);

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Sends a request, reads its answer without keeping it, and writes the row. */
async function measured(name: string, url: string, statuses: readonly number[], ask: Ask = {}): Promise<void> {
  const { method = 'GET', headers = {}, body } = ask;
  await server.longestBlock();
  const begun = performance.now();
  let [status, length] = [0, 0];
  const growth = await server.growthDuring(async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${url}`, {
      method,
      headers: { ...admin.headers, ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    status = answer.status;
    for await (const chunk of answer.body ?? []) length += chunk.length;
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const { blockMs, ownMs } = await server.longestBlock();
  rows.push(
    `| ${name} | ${status} | ${length} | ${seconds} | ${blockMs.toFixed(0)} | ${ownMs.toFixed(0)} | ${(growth / 2 ** 20).toFixed(0)} |`,
  );
  expect(statuses, name).toContain(status);
  expect(growth, name).toBeLessThan(MOST_BYTES);
}

const store = (name: string, statuses: readonly number[], body: Buffer, type = 'application/dicom') =>
  measured(name, '/dicom-web/studies', statuses, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=${BOUNDARY}` },
    body: relatedBody([{ type, body }]),
  });

const empties = (name: string, count: number): Buffer => Buffer.from(manyElements(smallDataset(name), count));

const uid = (value: string) => ({ vr: 'UI', Value: [value] });
const NAMED = {
  '00080016': uid('1.2.840.10008.5.1.4.1.1.7'),
  '00080018': uid('2.25.1'),
  '0020000D': uid('2.25.2'),
  '0020000E': uid('2.25.3'),
};
const manyOf = (count: number, element: object): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [(0x00111000 + at).toString(16).padStart(8, '0'), element]));

async function pathOf(patientId: string): Promise<string> {
  const [json] = await setup.json(admin, `/instances?PatientID=${patientId}`);
  return `/dicom-web/studies/${firstValue(json, '0020000D')}/series/${firstValue(json, '0020000E')}/instances/${firstValue(json, '00080018')}`;
}

/** Every way by which an instance is read. */
async function readings(name: string, instance: string, frames: number): Promise<void> {
  const dicom = { accept: 'application/dicom' };
  const as = (syntax: string) => ({ headers: { accept: `application/dicom; transfer-syntax=${syntax}` } });
  const series = instance.slice(0, instance.indexOf('/instances'));
  await measured(`${name}: metadata`, `${instance}/metadata`, [200]);
  await measured(`${name}: metadata of the series, packed`, `${series}/metadata`, [200], {
    headers: { 'accept-encoding': 'gzip' },
  });
  const xml = { accept: 'multipart/related; type="application/dicom+xml"' };
  await measured(`${name}: metadata, XML`, `${instance}/metadata`, [200, 422], { headers: xml });
  await measured(`${name}: search, all fields`, '/dicom-web/instances?includefield=all', [200]);
  await measured(`${name}: file`, instance, [200], { headers: dicom });
  await measured(`${name}: series as ZIP`, series, [200], { headers: { accept: 'application/zip' } });
  await measured(`${name}: file, implicit VR`, instance, [200], as(TransferSyntax.implicitVrLittleEndian));
  if (frames === 0) return;
  await measured(`${name}: file, RLE`, instance, [200], as(TransferSyntax.rleLossless));
  await measured(`${name}: a frame`, `${instance}/frames/${frames}`, [200]);
  await measured(`${name}: rendered`, `${instance}/frames/${frames}/rendered`, [200], { headers: { accept: 'image/png' } });
  await measured(`${name}: rendered, viewport 16384`, `${instance}/rendered?viewport=16384,16384`, [200, 400], {
    headers: { accept: 'image/png' },
  });
}

async function rename(patientId: string): Promise<void> {
  const url = `http://127.0.0.1:${server.port}/api/patients`;
  const list = await fetch(`${url}?q=${patientId}`, { headers: admin.headers });
  const { items } = (await list.json()) as { items: { id: string; updatedAt: string }[] };
  const [patient] = items;
  const payload = { updatedAt: patient?.updatedAt, lastName: 'Nouveau' };
  const headers = { ...admin.headers, 'content-type': 'application/json' };
  const edited = await fetch(`${url}/${patient?.id}`, { method: 'PATCH', headers, body: JSON.stringify(payload) });
  expect(edited.status).toBe(200);
}

test('a large enhanced object', { timeout: 900_000 }, async () => {
  const { bytes } = enhancedFile('enhanced');
  // What is taken once (threads, their code) is the process's, not a request's.
  await store('a smaller one, first', [200], enhancedFile('enhanced-first', 1000).bytes);
  await store('enhanced: stored', [200], bytes);
  await store('enhanced: stored again', [200], bytes);
  const instance = await pathOf('H-enhanced');
  await readings('enhanced', instance, ENHANCED_FRAMES);
  await rename('H-enhanced');
  await readings('enhanced, renamed', instance, ENHANCED_FRAMES);
  await measured('enhanced, renamed: all frames', `${instance}/frames/${Array.from({ length: 1000 }, (_, at) => at + 1)}`, [200]);
});

test('large frames', { timeout: 900_000 }, async () => {
  const dataset: Dataset = {
    ...smallDataset('frames'),
    Rows: EDGE,
    Columns: EDGE,
    NumberOfFrames: FRAMES,
    PixelData: { vr: 'OB', value: new Uint8Array(EDGE * EDGE * FRAMES).fill(7) },
  };
  const file = Buffer.from(writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }));
  await store('24 frames of 8 MB: stored', [200], file);
  const deflated = { ...dataset, ...smallDataset('deflated'), Rows: EDGE, Columns: EDGE, PixelData: dataset.PixelData };
  const small = writePart10(deflated, { transferSyntaxUid: TransferSyntax.deflatedExplicitVrLittleEndian });
  await store('deflated, 200 MB: stored', [200], Buffer.from(small));
  for (const name of ['frames', 'deflated']) {
    const instance = await pathOf(`H-${name}`);
    await measured(`${name}: frames/1,1,1…`, `${instance}/frames/${'1,'.repeat(149)}1`, [400]);
    await measured(`${name}: all frames`, `${instance}/frames/${Array.from({ length: FRAMES }, (_, at) => at + 1)}`, [200]);
    await readings(name, instance, FRAMES);
    await rename(`H-${name}`);
    await readings(`${name}, renamed`, instance, FRAMES);
  }
});

/** As many elements in items as a file may have, each as wide as an item may be without counting as wide. */
const wideItems = (name: string, items: number, width: number): Buffer =>
  Buffer.from(manyInItems(smallDataset(name), items, width));

test('many elements', { timeout: 900_000 }, async () => {
  await store('1,500,000 empty elements', [409], empties('too-many', 1_500_000));
  await store('999,000 empty elements side by side', [409], empties('beside', 999_000));
  await store('990,000 empty elements in items', [200], wideItems('items', 3960, 250));
  const items = await pathOf('H-items');
  await readings('items', items, 0);
  await rename('H-items');
  await readings('items, renamed', items, 0);
  await store('200,000 empty elements', [200], empties('empties', 200_000));
  const instance = await pathOf('H-empties');
  await readings('empties', instance, 0);
  await rename('H-empties');
  await readings('empties, renamed', instance, 0);
});

const JSON_TYPE = 'application/dicom+json';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Metadata of a request with what comes with them. */
const storeRelated = (name: string, statuses: readonly number[], parts: readonly Part[]) =>
  measured(name, '/dicom-web/studies', statuses, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="${JSON_TYPE}"; boundary=${BOUNDARY}` },
    body: relatedBody(parts),
  });
const octets = (location: string, body: Buffer): Part => ({
  type: 'application/octet-stream',
  headers: [`Content-Location: ${location}`],
  body,
});

test('long documents', { timeout: 900_000 }, async () => {
  const named = JSON_TYPE;
  await store('JSON, 15 MB', [413], json([{ ...NAMED, ...manyOf(500_000, { vr: 'LO', Value: ['x'] }) }]), named);
  await store('JSON, a million elements', [413], json([{ ...NAMED, ...manyOf(1_000_000, {}) }]), named);
  await store('JSON, 2,500,000 empty datasets', [413], Buffer.from(`[${'{},'.repeat(2_500_000)}{}]`), named);
  await store('JSON, 9,000 empty datasets', [400, 409], Buffer.from(`[${'{},'.repeat(9_000)}{}]`), named);
  const reference = { vr: 'OB', BulkDataURI: 'a' };
  const bulk = octets('a', Buffer.alloc(10));
  const beside = json([{ ...NAMED, ...manyOf(300_000, reference) }]);
  await storeRelated('JSON, 300,000 references to one bulk value', [413], [{ type: named, body: beside }, bulk]);
  const items = Array.from({ length: 1200 }, () => manyOf(250, reference));
  const inItems = json([{ ...NAMED, '00089215': { vr: 'SQ', Value: items } }]);
  await storeRelated('JSON, 300,000 references in items', [413], [{ type: named, body: inItems }, bulk]);
  const parts = Array.from({ length: 50_000 }, (_, at) => octets(String(at), Buffer.alloc(2)));
  await storeRelated('JSON, 50,000 bulk parts', [413], [{ type: named, body: json([NAMED]) }, ...parts]);
  const xml = 'application/dicom+xml';
  const attribute = (at: number): string =>
    `<DicomAttribute tag="${(0x00111000 + at).toString(16).padStart(8, '0')}" vr="LO"><Value number="1">x</Value></DicomAttribute>`;
  const model = `<NativeDicomModel>${Array.from({ length: 150_000 }, (_, at) => attribute(at)).join('')}</NativeDicomModel>`;
  await store('XML, 13 MB', [200, 400, 409], Buffer.from(model), xml);
  await store(
    'XML, 2,200,000 empty items',
    [413],
    Buffer.from(`<NativeDicomModel>${'<Item/>'.repeat(2_200_000)}</NativeDicomModel>`),
    xml,
  );
});

/** A series of which each instance has a hundred attributes. */
const seriesOf = (study: string, count: number, more: (at: number) => object): object[] =>
  Array.from({ length: count }, (_, at) => ({
    ...NAMED,
    '00080018': uid(`${study}.1.${at}`),
    '0020000D': uid(study),
    '0020000E': uid(`${study}.1`),
    ...manyOf(95, { vr: 'LO', Value: [`value ${at}`] }),
    ...more(at),
  }));

test('what many instances are stored by', { timeout: 900_000 }, async () => {
  const several = json(seriesOf('2.25.10', 2500, () => ({})));
  await store('JSON, 2,500 instances of 100 attributes', [200], several, JSON_TYPE);
  const frames = Array.from({ length: 10_000 }, () => manyOf(60, { vr: 'LO' }));
  await store(
    'JSON, 10,000 frames of 60 elements',
    [200],
    json([{ ...NAMED, '00080018': uid('2.25.11'), '52009230': { vr: 'SQ', Value: frames } }]),
    JSON_TYPE,
  );
  const pixels = (at: number) => ({ '7FE00010': { vr: 'OB', BulkDataURI: String(at) } });
  await storeRelated(
    'JSON, 2,000 instances with a part each',
    [200],
    [
      { type: JSON_TYPE, body: json(seriesOf('2.25.12', 2000, pixels)) },
      ...Array.from({ length: 2000 }, (_, at) => octets(String(at), Buffer.alloc(2048, at))),
    ],
  );
  const explicit = { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian };
  const files = Array.from({ length: 4000 }, (_, at) => ({
    body: Buffer.from(writePart10({ ...smallDataset('many'), SOPInstanceUID: `2.25.13.${at}` }, explicit)),
  }));
  await measured('4,000 files in one request', '/dicom-web/studies', [200], {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    body: relatedBody(files),
  });
  const empty = Array.from({ length: 40_000 }, () => ({ body: Buffer.from('no file') }));
  await measured('40,000 parts that are no files', '/dicom-web/studies', [409], {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    body: relatedBody(empty),
  });
});
