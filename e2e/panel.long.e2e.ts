import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { APIRequestContext, Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { changePerson, chromiumPath, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;
const FRAMES = 8;
const PASSWORD = 'Lanterne-Marbre-42-Voilier';

/** A small study of the chest, of a patient who has others. */
function chest(
  seed: string,
  StudyDate: string,
  more: { PatientID?: string; issuer?: string; frames?: number } = {},
): GeneratedInstance {
  const { PatientID = 'panel', issuer, frames = 1 } = more;
  const cells = Uint8Array.from({ length: SIDE * SIDE * frames }, (_, at) => (at * 11 + Math.floor(at / SIDE)) % 251);
  // One person: what a phantom is born with follows its seed.
  const person = { PatientName: `Panneau^${PatientID}`, PatientID, PatientBirthDate: '19580214', PatientSex: 'F' };
  const of = issuer === undefined ? {} : { IssuerOfPatientID: issuer };
  const own = { ...person, ...of, StudyDate, StudyTime: '080000', BodyPartExamined: 'CHEST' };
  return smallPicture({ seed, columns: SIDE, frames, cells, modality: 'US', dataset: own });
}
const CURRENT = chest('panel-1', '20260301', { frames: FRAMES });
const PRIOR = chest('panel-2', '20250301');
const LATER = chest('panel-3', '20260401');
const NEXT = chest('panel-4', '20260201', { PatientID: 'panel-next' });
/** One number at two hospitals, of people of one name. */
const HERE = { PatientID: 'twice', issuer: 'THIES' };
const [NUMBERED, OWN_PRIOR, OTHERS] = [
  chest('panel-5', '20260302', HERE),
  chest('panel-6', '20250302', HERE),
  chest('panel-7', '20250602', { ...HERE, issuer: 'MBARARA' }),
];

const statusOf = async (asked: APIRequestContext, { studyInstanceUid }: GeneratedInstance) =>
  (await (await asked.get(`/api/studies/${studyInstanceUid}/readings`)).json()) as {
    status: string;
    readers: { name: string }[];
  };
const keyImagesOf = async (asked: APIRequestContext) =>
  (
    (await (await asked.get(`/api/studies/${CURRENT.studyInstanceUid}/annotations`)).json()) as {
      items: { kind: string; frame: number; sopInstanceUid: string }[];
    }
  ).items;
const open = async (page: Page, { studyInstanceUid }: GeneratedInstance): Promise<void> => {
  await visit(page, `/app/studies/${studyInstanceUid}`);
  await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
};

describe.skipIf(chromiumPath === undefined)('the panel of a reading', () => {
  let admin: APIRequestContext;
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeInstances(tab, [CURRENT, PRIOR, LATER, NEXT, NUMBERED, OWN_PRIOR, OTHERS])).toBe(200);
      const person = { email: 'panel@example.org', password: PASSWORD, firstName: 'Awa', lastName: 'Diop', role: 'RADIOLOGIST' };
      const headers = { 'x-csrf-token': await csrfOf(tab) };
      expect((await tab.page.request.post('/api/users', { headers, data: person })).status()).toBe(201);
      admin = await changePerson(tab.context, { ...stage.server, ...person });
    },
    { drawnBy: 'processor' },
  );
  afterAll(() => admin?.dispose());

  it('shows priors along their dates, stars frame 5 by key, and marks as read and goes to the next by key', async () => {
    const { page } = tab;
    await visit(page, '/app/worklist?q=panneau');
    await page.getByText('PANNEAU panel', { exact: false }).first().waitFor();
    await page.locator('[data-row], [role=row]').filter({ hasText: '01/03/2026' }).first().click();
    await page.waitForURL((url) => url.pathname.endsWith(CURRENT.studyInstanceUid));
    await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });

    // Opening is reading: others see who.
    await expect.poll(() => statusOf(admin, CURRENT)).toMatchObject({ status: 'IN_PROGRESS', readers: [{ name: 'Awa Diop' }] });
    const panel = page.getByRole('complementary', { name: 'Lecture' });
    await expect.poll(() => panel.getByTestId('reading-status').getAttribute('data-status')).toBe('IN_PROGRESS');

    // The newest first; the earlier one is the one to compare with.
    const priors = panel.getByTestId('prior');
    await expect.poll(() => priors.count(), { timeout: 20_000 }).toBe(2);
    expect(await priors.evaluateAll((all) => all.map((one) => one.getAttribute('data-rank')))).toEqual(['2', '1']);
    expect(await priors.nth(0).textContent()).toContain('plus récent');
    expect(await priors.nth(1).textContent()).toMatch(/01\/03\/2025.*le plus comparable/);

    // A star on frame 5 names frame 5, is seen by colleagues, and is undone like everything that is drawn.
    await page.evaluate(() => window.__negatoscopeViewer?.goTo(4));
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    await page.keyboard.press('Shift+M');
    const stars = panel.getByTestId('key-images').locator('li');
    await expect.poll(() => stars.count()).toBe(1);
    await expect
      .poll(() => keyImagesOf(admin))
      .toMatchObject([{ kind: 'KEY_IMAGE', frame: 5, sopInstanceUid: CURRENT.sopInstanceUid }]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => keyImagesOf(admin)).toEqual([]);
    await page.keyboard.press('Shift+M');
    await expect.poll(() => keyImagesOf(admin)).toHaveLength(1);
    await page.evaluate(() => window.__negatoscopeViewer?.goTo(0));
    await stars.getByRole('button', { name: 'Image clé, Im. 5/8' }).click();
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);

    // G hides the panel and shows it.
    await page.keyboard.press('g');
    await expect.poll(() => panel.count()).toBe(0);
    await page.keyboard.press('g');
    await panel.waitFor();

    await page.keyboard.press('Shift+N');
    await page.waitForURL((url) => !url.pathname.includes(CURRENT.studyInstanceUid));
    expect(await statusOf(admin, CURRENT)).toMatchObject({ status: 'VALIDATED', readers: [] });
    const next = page.url();
    // The row below.
    expect(next).toContain(NEXT.studyInstanceUid);
    // The way back is to the list.
    await page.goBack();
    await page.waitForURL('**/app/worklist**');
    expect(tab.problems).toEqual([]);
  }, 120_000);

  it('shows no study of the same number at another hospital as a prior, and hangs none', async () => {
    const { page } = tab;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await open(page, NUMBERED);
    const priors = page.getByRole('complementary', { name: 'Lecture' }).getByTestId('prior');
    await expect.poll(() => priors.count(), { timeout: 20_000 }).toBe(1);
    expect(await priors.textContent()).toContain('02/03/2025');
    await expect.poll(() => asked.some((url) => url.includes(OWN_PRIOR.studyInstanceUid))).toBe(true);
    expect(asked.filter((url) => url.includes(OTHERS.studyInstanceUid))).toEqual([]);
  }, 120_000);

  it('lets go of a study that is left without being read', async () => {
    const { page } = tab;
    await open(page, NEXT);
    await expect.poll(() => statusOf(admin, NEXT)).toMatchObject({ status: 'IN_PROGRESS' });
    await visit(page, '/app/worklist');
    await expect.poll(() => statusOf(admin, NEXT)).toMatchObject({ status: 'TO_READ', readers: [] });
  }, 60_000);
});
