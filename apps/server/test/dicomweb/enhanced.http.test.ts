import { type DicomJsonObject, parsePart10, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { TransferSyntax } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { ELEMENTS_A_FRAME, ENHANCED_FRAMES, enhancedFile, frameOf } from './enhanced-support.ts';
import { type DicomwebServer, firstValue, openDicomweb, splitRelated } from './support.ts';

const SLOW = { timeout: 120_000 };
const PER_FRAME = '52009230';
const file = enhancedFile('enhanced');
const SAMPLE = [1, 2, ENHANCED_FRAMES / 2, ENHANCED_FRAMES];

let server: DicomwebServer;
let admin: Browser;
let instance: string;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  const stored = await server.store(admin, [file.bytes]);
  expect(stored.statusCode, stored.body.slice(0, 500)).toBe(200);
  const [json] = await server.json(admin, '/instances');
  instance = `/studies/${firstValue(json, '0020000D')}/series/${firstValue(json, '0020000E')}/instances/${firstValue(json, '00080018')}`;
}, 120_000);
afterAll(() => server.close());

const items = (json: DicomJsonObject): readonly DicomJsonObject[] => (json[PER_FRAME]?.Value ?? []) as DicomJsonObject[]; // A sequence holds items.
const commentsOf = (item: DicomJsonObject | undefined): DicomJsonObject =>
  (item?.['00209111']?.Value?.[0] ?? {}) as DicomJsonObject; // A sequence holds items.

/** Every frame's groups are there, and some of them are looked into. */
function expectGroups(json: DicomJsonObject): void {
  const groups = items(json);
  expect(groups).toHaveLength(ENHANCED_FRAMES);
  for (const frame of SAMPLE) {
    const comments = commentsOf(groups[frame - 1]);
    expect(Object.keys(comments)).toHaveLength(ELEMENTS_A_FRAME - 4);
    expect(firstValue(comments, '00111010')).toBe(`synthetic ${frame}.0`);
  }
}

const fileOf = async (transferSyntax?: string): Promise<Buffer> => {
  const type = transferSyntax === undefined ? '' : `; transfer-syntax=${transferSyntax}`;
  const answer = await server.get(admin, instance, { accept: `application/dicom${type}` });
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200);
  return answer.rawPayload;
};

describe(`${ENHANCED_FRAMES} frames of sixty functional-group elements`, () => {
  test('have their metadata whole', SLOW, async () => {
    const [json] = await server.json(admin, `${instance}/metadata`);
    expectGroups(json);
  });

  test('are found, without what is long', SLOW, async () => {
    const [found] = await server.json(admin, '/instances?includefield=all');
    expect(firstValue(found, '00280008')).toBe(ENHANCED_FRAMES);
    expect(found).not.toHaveProperty(PER_FRAME);
  });

  test('leave as they came', SLOW, async () => {
    expect((await fileOf()).subarray(128).equals(file.bytes.subarray(128))).toBe(true);
  });

  test('are read frame by frame', SLOW, async () => {
    const answer = await server.get(admin, `${instance}/frames/${SAMPLE}`);
    const bodies = splitRelated(answer).map(({ body }) => body);
    expect(bodies).toEqual(SAMPLE.map((frame) => frameOf(file, frame)));
  });

  test('are shown with the window of each', SLOW, async () => {
    const shown = async (frame: number, query: string): Promise<string> =>
      (await server.get(admin, `${instance}/frames/${frame}/rendered${query}`, { accept: 'image/png' })).rawPayload.toString(
        'hex',
      );
    for (const frame of [3, 70]) expect(await shown(frame, '')).toBe(await shown(frame, `?window=${frame},100`));
  });

  test.each(isLong ? [TransferSyntax.implicitVrLittleEndian, TransferSyntax.rleLossless] : [TransferSyntax.rleLossless])(
    'leave in transfer syntax %s',
    SLOW,
    async (uid) => {
      const parsed = parsePart10(await fileOf(uid));
      expect(parsed.transferSyntaxUid).toBe(uid);
      expect(parsed.pixelData?.encapsulated).toBe(TRANSFER_SYNTAXES.get(uid)?.isEncapsulated);
      if (uid === TransferSyntax.rleLossless) expectGroups(parsed.json);
      else expect(items(parsed.json)).toHaveLength(ENHANCED_FRAMES);
    },
  );

  test('leave with the name that their patient has now', SLOW, async () => {
    const api = (method: 'GET' | 'PATCH', url: string, payload?: object) =>
      server.app.inject({ method, url, headers: admin.headers, ...(payload === undefined ? {} : { payload }) });
    const [patient] = (await api('GET', '/api/patients')).json<{ items: { id: string; updatedAt: string }[] }>().items;
    const edited = await api('PATCH', `/api/patients/${patient?.id}`, { updatedAt: patient?.updatedAt, lastName: 'Nouveau' });
    expect(edited.statusCode, edited.body).toBe(200);
    const bytes = await fileOf();
    expect(bytes.includes(file.groups)).toBe(true);
    expect(bytes.subarray(-file.pixels.length).equals(file.pixels)).toBe(true);
    expect(firstValue(parsePart10(bytes).json, '00100010').Alphabetic).toMatch(/^Nouveau/);
    const [rle] = [parsePart10(await fileOf(TransferSyntax.rleLossless))];
    expect(firstValue(rle.json, '00100010').Alphabetic).toMatch(/^Nouveau/);
    expectGroups(rle.json);
  });
});
