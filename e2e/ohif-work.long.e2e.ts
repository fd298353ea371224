import { ctVolume, secondaryCapture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeFiles, storeInstances } from './support/dicom.ts';
import { isLong, itInLongRun } from './support/long.ts';
import { isOhifPrepared, keepScreenshot, untilImages } from './support/ohif.ts';
import { encapsulatedPdf, makePdf } from './support/pdf.ts';
import { setStage } from './support/stage.ts';

type Dataset = Readonly<Record<string, { Value?: unknown[] }>>;

const addressOf = (study: string, group = ''): string => `/viewer/viewer?StudyInstanceUIDs=${study}${group && `&group=${group}`}`;

/** Millimetres that stand on the image. */
const lengths = (page: Page): Promise<string[]> =>
  page
    .locator('.cornerstone-viewport-element svg text')
    .evaluateAll((all) => all.flatMap((one) => /[\d.,]+ mm(?!²)/.exec(one.textContent ?? '')?.[0] ?? []));

/** Draws with OHIF's own length tool, and says yes to what it asks. */
async function drawLength(page: Page): Promise<string> {
  await page.locator('[data-cy="MeasurementTools-split-button-primary"] button').click();
  const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('.cornerstone-canvas').first().boundingBox()) ?? {};
  await page.mouse.move(x + width / 2 - 80, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 80, y + height / 2 + 30, { steps: 10 });
  await page.mouse.up();
  await page.locator('[data-cy="prompt-begin-tracking-yes-btn"]').click();
  await expect.poll(() => lengths(page)).toHaveLength(1);
  return (await lengths(page))[0] ?? '';
}

/** OHIF's own way to keep measurements: "Create SR" of its panel, and "Save" of the dialog that asks for a name. */
async function saveReport(page: Page, name: string): Promise<void> {
  await page.locator('[data-cy="trackedMeasurements-btn"]').click();
  await page.getByRole('button', { name: 'Créer SR' }).first().click();
  await page.getByPlaceholder('Report name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
}

describe.skipIf(chromiumPath === undefined || !isOhifPrepared)('work in OHIF', { timeout: 300_000 }, () => {
  const volume = [...ctVolume({ seed: 'ohif work', slices: 3, rows: 128, columns: 128 })];
  const study = volume[0]?.studyInstanceUid ?? '';
  let tab: Tab;
  setStage(async (stage) => {
    tab = stage.tab;
    expect(await storeInstances(tab, volume)).toBe(200);
  });

  const reports = async (): Promise<string[]> => {
    const url = `/dicom-web/studies/${study}/series?Modality=SR&includefield=0008103E`;
    const list: Dataset[] = await (await tab.page.request.get(url, { headers: { accept: 'application/dicom+json' } })).json();
    return list.map((series) => String(series['0008103E']?.Value?.[0]));
  };

  it('a length that is drawn and saved with its own buttons is stored, and read again after the page was loaded anew', async () => {
    const { page } = tab;
    await page.goto(addressOf(study, 'none'));
    await untilImages(page);
    const drawn = await drawLength(page);
    await saveReport(page, 'Mesures du matin');
    await expect.poll(reports, { timeout: 30_000 }).toEqual(['Mesures du matin']);
    expect(await page.locator('[data-negatoscope=alert]').count()).toBe(0);
    await keepScreenshot(page, 'ohif-saved');

    await page.goto(addressOf(study, 'none'));
    await untilImages(page);
    expect(await lengths(page)).toEqual([]);
    await page.locator('[data-cy="study-browser-thumbnail-no-image"]').first().dblclick();
    await page.getByRole('button', { name: /^(Oui|Yes)$/ }).click();
    await expect.poll(() => lengths(page), { timeout: 30_000 }).toEqual([drawn]);
    await keepScreenshot(page, 'ohif-read-again');
  });

  itInLongRun('one that the server refuses is told, whatever OHIF says', async () => {
    const { page } = tab;
    await page.goto(addressOf(study));
    await untilImages(page);
    await drawLength(page);
    await page.route('**/dicom-web/**/studies', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 507, contentType: 'application/problem+json', body: '{"code":"STORAGE_FULL"}' })
        : route.continue(),
    );
    await saveReport(page, 'Mesures perdues');
    await page.getByRole('alert').filter({ hasText: 'L’enregistrement a échoué (STORAGE_FULL)' }).waitFor();
    await keepScreenshot(page, 'ohif-save-failed');
    await page.unrouteAll();
    expect(await reports()).toEqual(['Mesures du matin']);
  });

  it.each([
    ...(isLong ? ([['small, which comes with the metadata', 0]] as const) : []),
    ['large, which its frame asks the server for', 200_000] as const,
  ])('a PDF is read in its viewport: %s', async (_what, size) => {
    const { page } = tab;
    const ids = { StudyInstanceUID: `2.25.77${size}`, SeriesInstanceUID: `2.25.771${size}`, SOPInstanceUID: `2.25.772${size}` };
    const bytes = Uint8Array.from([...makePdf('Compte rendu'), ...new Uint8Array(size).fill(10)]);
    const file = encapsulatedPdf(bytes, { ...ids, PatientName: 'DOCUMENT^Ohif', PatientID: `PDF-${size}` });
    expect(await storeFiles(tab, [file])).toBe(200);
    await page.goto(addressOf(ids.StudyInstanceUID));
    const object = page.locator('object[type="application/pdf"][data]');
    await object.waitFor({ timeout: 60_000 });
    const address = (await object.getAttribute('data')) ?? '';
    expect(address.startsWith('blob:') || address.endsWith('/rendered')).toBe(true);
    const answer = await page.evaluate(async (url) => {
      const response = await fetch(url);
      return [response.status, response.headers.get('content-type'), (await response.arrayBuffer()).byteLength];
    }, address);
    // What comes with the metadata keeps the padding of its value.
    expect(answer).toEqual([200, 'application/pdf', size === 0 ? bytes.length + (bytes.length % 2) : bytes.length]);
    // Whatever keeps it from being shown is told on the console.
    await page.waitForTimeout(1_000);
    await keepScreenshot(page, `ohif-pdf-${size}`);
    expect(tab.problems.filter((problem) => /Refused|frame|Content Security/i.test(problem))).toEqual([]);
  });

  itInLongRun('the same UID in two groups: our link opens the study that was open', async () => {
    const { page } = tab;
    const headers = { 'x-csrf-token': await csrfOf(tab) };
    const { id } = await (await page.request.post('/api/groups', { headers, data: { name: 'Essai' } })).json();
    const uids = { StudyInstanceUID: '2.25.4242', SeriesInstanceUID: '2.25.42421', SOPInstanceUID: '2.25.424211' };
    const capture = (name: string) =>
      [...secondaryCapture({ seed: name, rows: 96, columns: 128, dataset: { ...uids, PatientName: name } })].map(
        ({ bytes }) => bytes,
      );
    expect(await storeFiles(tab, capture('Groupe^Anna'), `/dicom-web/groups/${id}/studies`)).toBe(200);
    expect(await storeFiles(tab, capture('Hors^Luc'), '/dicom-web/groups/none/studies')).toBe(200);
    const link = page.getByRole('link', { name: 'OHIF' });
    const groupOf = async () => new URL((await link.getAttribute('href')) ?? '', page.url()).searchParams.get('group');
    await page.goto(`/app/studies/${uids.StudyInstanceUID}?groupId=none`);
    await expect.poll(groupOf).toBe('none');
    await visit(page, `/app/studies/${uids.StudyInstanceUID}?groupId=${id}`);
    await expect.poll(groupOf).toBe(id);
    await link.click();
    await page.waitForURL((url) => url.pathname === '/viewer/viewer' && url.searchParams.get('group') === id, {
      timeout: 90_000,
    });
    await untilImages(page);
    await page.locator('.viewport-wrapper, .cornerstone-viewport-element').getByText('Groupe Anna').first().waitFor();
  });

  it('without a request that leaves the server, or one that its policy refuses', () => {
    expect(tab.strangers).toEqual([]);
    expect(tab.problems.filter((problem) => /Content Security Policy|Refused to/.test(problem))).toEqual([]);
  });
});
