import { type DicomJsonObject, parsePart10 } from '@negatoscope/dicom';
import { presentationState } from '@negatoscope/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { STUDY } from '../testing/pane-fixture.ts';
import { readStates } from './read-states.ts';

afterEach(() => vi.unstubAllGlobals());

/** A state with a line of so many points, and the bytes that its metadata leave at an address of their own. */
function stateOf(number: number, points: number) {
  const data = Array.from({ length: 2 * points }, (_, at) => at % 500);
  const made = presentationState({
    ...{ seed: 'read-states', number, transferSyntaxUid: '1.2.840.10008.1.2' },
    images: [{ sopInstanceUid: '1.2.3', seriesInstanceUid: '1.2' }],
    annotations: [{ layer: 'L', graphics: [{ type: 'POLYLINE', data }] }],
  });
  const json = parsePart10(made.bytes, { bulkDataUri: () => `https://elsewhere.example/dicom-web/bulk/${number}` }).json;
  return { json, bytes: new Uint8Array(Float32Array.from(data).buffer) };
}

/** A server with these states in one series; `bulk` answers for a line. */
function serve(states: readonly DicomJsonObject[], bulk: (path: string) => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal('window', { location: { origin: 'http://localhost' } });
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('/metadata')) return Response.json(states);
    asked.push(url);
    return bulk(url);
  });
  return asked;
}
const octets = (bytes: Uint8Array<ArrayBuffer>): Response =>
  new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } });
const drawn = async () =>
  (await readStates(STUDY, '1.2.9')).map(({ state }) => [
    state.annotations[0]?.graphics.map(({ points }) => points.length),
    state.notes,
  ]);

test('lines that are too long for the metadata are had from their own address, on this server (PS3.18 F.2.6)', async () => {
  const [long, short] = [stateOf(1, 9000), stateOf(2, 50)];
  const asked = serve([long.json, short.json], () => octets(long.bytes));
  expect(await drawn()).toEqual([
    [[9000], []],
    [[50], []],
  ]);
  expect(asked).toEqual(['/dicom-web/bulk/1']);
});

test('a line that can’t be had, or is longer than it says, is missing and told; the state and the others are there', async () => {
  const states = [1, 2, 3].map((number) => stateOf(number, 9000));
  const answers: Record<string, () => Response> = {
    '/dicom-web/bulk/1': () => new Response('', { status: 503 }),
    '/dicom-web/bulk/2': () => octets(new Uint8Array(1_000_000)),
  };
  serve(
    states.map(({ json }) => json),
    (path) => answers[path]?.() ?? octets(states[2]?.bytes ?? new Uint8Array()),
  );
  expect(await drawn()).toEqual([
    [[], ['tooMany']],
    [[], ['tooMany']],
    [[9000], []],
  ]);
});

test('of a series no more lines are had than a page holds', async () => {
  const one = stateOf(1, 50_000);
  const asked = serve(
    Array.from({ length: 30 }, () => one.json),
    () => octets(one.bytes),
  );
  const found = await drawn();
  expect([found.filter(([points]) => points?.length === 1).length, asked.length]).toEqual([20, 20]);
});
