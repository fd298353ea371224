import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LightMyRequestResponse } from 'fastify';
import { type Browser, createTestApp, type TestApp, type TestAppOptions } from '../support/app.ts';

/** Real files; they are not part of the repository. */
export const TESTDATA =
  process.env.NEGATOSCOPE_TESTDATA || fileURLToPath(new URL('../../../../../shared/testdata/dicom', import.meta.url));
export const hasTestData = existsSync(path.join(TESTDATA, 'MANIFEST.csv'));
export const readTestFile = (name: string): Buffer => readFileSync(path.join(TESTDATA, name));

export type ManifestRow = Readonly<Record<string, string>>;

/** Cells of one CSV line; quoted cells may hold commas. */
const cells = (line: string): string[] =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
    cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'),
  );

export function manifest(): Map<string, ManifestRow> {
  const [head = '', ...lines] = readTestFile('MANIFEST.csv').toString('utf8').trim().split(/\r?\n/);
  const names = cells(head);
  return new Map(
    lines.map((line) => {
      const values = cells(line);
      return [values[0] ?? '', Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))];
    }),
  );
}

export interface Part {
  readonly type?: string;
  readonly headers?: readonly string[];
  readonly body: Buffer;
}

export const BOUNDARY = 'test-boundary';

export function relatedBody(parts: readonly Part[], boundary = BOUNDARY): Buffer {
  const pieces = parts.flatMap(({ type = 'application/dicom', headers = [], body }) => [
    Buffer.from(`--${boundary}\r\n${[`Content-Type: ${type}`, ...headers].join('\r\n')}\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** Parts of a multipart/related answer. */
export function splitRelated(response: LightMyRequestResponse): { headers: string; body: Buffer }[] {
  const boundary = /boundary="?([^";]+)"?/.exec(String(response.headers['content-type']))?.[1];
  if (boundary === undefined) throw new Error('The answer names no boundary.');
  const delimiter = Buffer.from(`--${boundary}`);
  const bytes = response.rawPayload;
  const parts: { headers: string; body: Buffer }[] = [];
  for (let at = bytes.indexOf(delimiter); at >= 0; ) {
    const next = bytes.indexOf(delimiter, at + delimiter.length);
    if (next < 0) break;
    const head = bytes.indexOf('\r\n\r\n', at);
    parts.push({
      headers: bytes.toString('latin1', at + delimiter.length, head).trim(),
      body: bytes.subarray(head + 4, next - 2),
    });
    at = next;
  }
  return parts;
}

// biome-ignore lint/suspicious/noExplicitAny: DICOM JSON of many shapes, each looked at by its test
export type Json = any;

export interface DicomwebServer extends TestApp {
  /** Sends the files by STOW-RS; gives the answer. */
  store(
    who: Browser,
    files: readonly Buffer[],
    url?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
  get(who: Browser, url: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  json(who: Browser, url: string): Promise<Json>;
}

export async function openDicomweb(options: TestAppOptions = {}): Promise<DicomwebServer> {
  const server = await createTestApp(options);
  const { host } = new URL(server.settings.publicUrl);
  const get: DicomwebServer['get'] = (who, url, headers = {}) =>
    server.app.inject({ method: 'GET', url: `/dicom-web${url}`, headers: { cookie: who.cookie, host, ...headers } });
  return {
    ...server,
    get,
    store: (who, files, url = '/studies', headers = {}) =>
      server.app.inject({
        method: 'POST',
        url: `/dicom-web${url}`,
        headers: {
          ...who.headers,
          host,
          'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
          ...headers,
        },
        payload: relatedBody(files.map((body) => ({ body }))),
      }),
    json: async (who, url) => {
      const response = await get(who, url);
      if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${response.body.slice(0, 500)}`);
      return response.json();
    },
  };
}

/** The first value of an attribute of DICOM JSON. */
export const firstValue = (json: Json, tag: string): Json => json[tag]?.Value?.[0];

/** Address of an instance of the test data, from its row. */
export const instancePath = (row: ManifestRow): string =>
  `/studies/${row.study_instance_uid}/series/${row.series_instance_uid}/instances/${row.sop_instance_uid}`;

export function rowOf(rows: ReadonlyMap<string, ManifestRow>, file: string): ManifestRow {
  const row = rows.get(file);
  if (row === undefined) throw new Error(`${file} is not in the manifest.`);
  return row;
}
