import { randomUUID } from 'node:crypto';
import { smallPicture } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let admin: Browser;
let awa: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  awa = await server.login('RADIOLOGIST');
});
afterAll(() => server.close());

async function ask(who: Browser, method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(payload === undefined ? {} : { payload }) });
  return {
    status: answer.statusCode,
    bytes: answer.rawPayload,
    json: (answer.body.startsWith('{') ? answer.json() : undefined) as Json,
  };
}
const set = (letterhead: object | null, more: object = {}) =>
  ask(admin, 'PUT', '/api/report-sites', { siteId: null, letterhead, mayDictate: null, ...more });
const HOSPITAL = {
  name: 'Hôpital de Fann',
  lines: ['Service de radiologie', 'BP 5035, Dakar'],
  phone: '+221 33 869 18 18',
  logo: null,
};
const picture = (format: 'png' | 'jpeg' | 'webp'): Promise<Buffer> =>
  sharp({ create: { width: 900, height: 300, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } } })
    [format]()
    .toBuffer();

let count = 0;
async function study(): Promise<{ uid: string; patient: string }> {
  count += 1;
  const uid = `2.25.881${count}0`;
  const dataset = {
    PatientID: `L${count}`,
    PatientName: `Sy^Awa ${count}`,
    StudyInstanceUID: uid,
    SeriesInstanceUID: `${uid}.1`,
  };
  const { bytes } = smallPicture({
    ...{ seed: `sites ${count}`, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
    dataset: { ...dataset, SOPInstanceUID: `${uid}.1.1` },
  });
  expect((await server.store(awa, [Buffer.from(bytes)])).statusCode).toBe(200);
  const [row] = await server.db.withSystem((tx) =>
    tx.rows(composed({ text: 'SELECT patient_id FROM studies WHERE study_instance_uid = $1', values: [uid] })),
  );
  return { uid, patient: (row as Json).patient_id };
}
type At = Awaited<ReturnType<typeof study>>;
async function sign(at: At, amends: number): Promise<void> {
  const sections = { history: '', technique: '', comparison: '', findings: '', impression: 'Normal.' };
  const typed = { editId: randomUUID(), authorId: awa.user.id, baseVersion: 0, amends, patientId: at.patient, language: 'fr' };
  const draft = await ask(awa, 'PUT', `/api/studies/${at.uid}/report/draft`, { ...typed, template: null, sections });
  expect(draft.status).toBe(200);
  const asked = { version: 1, patientId: at.patient, areValuesLossless: true };
  expect((await ask(awa, 'POST', `/api/studies/${at.uid}/report/sign`, asked)).status).toBe(200);
}
const pdf = async (at: At, number: number): Promise<Buffer> =>
  (await ask(awa, 'GET', `/api/studies/${at.uid}/report/versions/${number}/pdf`)).bytes;
const imagesIn = (bytes: Buffer): number => bytes.toString('latin1').split('/Subtype /Image').length - 1;

describe('the letterhead of a site', () => {
  test('is drawn on what is signed from then on, and what was signed before stays byte for byte', async () => {
    const at = await study();
    await sign(at, 0);
    const first = await pdf(at, 1);
    expect(first.toString('latin1')).toContain('%PDF');
    const logo = (await picture('png')).toString('base64');
    const saved = await set({ ...HOSPITAL, logo });
    expect([saved.status, saved.json]).toMatchObject([200, { letterhead: { name: HOSPITAL.name, lines: HOSPITAL.lines } }]);
    expect(await pdf(at, 1)).toEqual(first);
    const other = await study();
    await sign(other, 0);
    const under = await pdf(other, 1);
    expect([imagesIn(first), imagesIn(under)]).toEqual([0, 1]);
    await set({ ...HOSPITAL, name: 'Autre hôpital' });
    expect(await pdf(other, 1)).toEqual(under);
    await sign(other, 1);
    // The version that was replaced says so, under the letterhead that it was signed under.
    expect([imagesIn(await pdf(other, 1)), imagesIn(await pdf(other, 2))]).toEqual([1, 0]);
    const change = 'UPDATE report_versions SET letterhead = NULL WHERE letterhead IS NOT NULL';
    await expect(server.db.withSystem((tx) => tx.rows(composed({ text: change, values: [] })))).rejects.toThrow();
  });

  test('is of its group, else of the installation; one that is sent as it was stays as it was', async () => {
    const siteId = await server.makeGroup();
    const jpeg = await set({ ...HOSPITAL, logo: (await picture('jpeg')).toString('base64') }, { siteId, mayDictate: true });
    expect(jpeg.json).toMatchObject({ siteId, mayDictate: true, letterhead: { phone: HOSPITAL.phone } });
    const again = await set(jpeg.json.letterhead, { siteId, mayDictate: true });
    expect(again.json).toEqual(jpeg.json);
    expect((await ask(admin, 'GET', `/api/report-sites?siteId=${siteId}`)).json).toEqual(jpeg.json);
    const { width, height } = await sharp(Buffer.from(jpeg.json.letterhead.logo, 'base64')).metadata();
    expect([width, height]).toEqual([400, 133]);
    expect((await set(null, { siteId })).json).toEqual({ siteId, letterhead: null, mayDictate: null });
  });

  test('takes no logo that is none, another format, or one that unpacks to too much; of who manages no site nothing', async () => {
    const bad = [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      await picture('webp'),
      (await picture('png')).subarray(0, 200),
      Buffer.from('GIF89a'),
      await sharp({ create: { width: 5_000, height: 5_000, channels: 3, background: '#fff' } })
        .png({ compressionLevel: 9 })
        .toBuffer(),
    ];
    for (const logo of bad) expect((await set({ ...HOSPITAL, logo: logo.toString('base64') })).json.code).toBe('LOGO_UNREADABLE');
    for (const more of [
      { logo: 'nicht!' },
      { name: ' ' },
      { name: 'a\u0000' },
      { lines: Array(7).fill('a') },
      { logo: 'A'.repeat(500_000) },
    ])
      expect((await set({ ...HOSPITAL, ...more })).json.code).toBe('VALIDATION_FAILED');
    expect((await ask(awa, 'PUT', '/api/report-sites', { siteId: null, letterhead: null, mayDictate: true })).status).toBe(403);
    expect((await set(null, { siteId: randomUUID() })).status).toBe(404);
  });
});

test('dictation is off until the site turns it on', async () => {
  const at = await study();
  const may = async (): Promise<boolean> => (await ask(awa, 'GET', `/api/studies/${at.uid}/report`)).json.mayDictate;
  expect(await may()).toBe(false);
  await set(null, { mayDictate: true });
  expect(await may()).toBe(true);
  expect((await ask(admin, 'GET', `/api/studies/${at.uid}/report`)).json.mayDictate).toBe(false);
});
