import { readFile } from 'node:fs/promises';
import { type Dataset, secondaryCapture, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { changePerson, chromiumPath, goInside, type Tab } from './support/browser.ts';
import { csrfOf, storeFiles } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { encapsulatedPdf, even, makePdf } from './support/pdf.ts';
import { readPicture } from './support/pixels.ts';
import type { Served } from './support/server.ts';
import { type Stage, setStage } from './support/stage.ts';

const RESEARCHER = { email: 'ada@hospital.test', password: 'Documents-2026-research!' };
const VIDEO_CLASS = '1.2.840.10008.5.1.4.1.1.77.1.4.1';
const MPEG4 = '1.2.840.10008.1.2.4.102';

const studyOf = (number: number): string => `2.25.66${number}1`;
const base = (number: number, instance = 1): Dataset => ({
  SpecificCharacterSet: 'ISO_IR 192',
  PatientName: 'DOCUMENT^Zoé',
  PatientID: `DOC-${number}`,
  PatientBirthDate: '19800102',
  StudyDate: '20260115',
  StudyInstanceUID: studyOf(number),
  SeriesInstanceUID: `2.25.66${number}2`,
  SOPInstanceUID: `2.25.66${number}3${instance}`,
  InstanceNumber: instance,
});
const pdf = (
  number: number,
  bytes: Uint8Array,
  { instance = 1, title }: { instance?: number; title?: string } = {},
): Uint8Array =>
  encapsulatedPdf(bytes, {
    ...base(number, instance),
    ...(title === undefined ? {} : { '00420010': { vr: 'ST', value: title } }),
  });

const video = (number: number, bytes: Uint8Array): Uint8Array =>
  writePart10(
    {
      ...base(number),
      SOPClassUID: VIDEO_CLASS,
      Modality: 'XC',
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'YBR_PARTIAL_420',
      PlanarConfiguration: 0,
      NumberOfFrames: 25,
      Rows: 64,
      Columns: 64,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: { frames: [[even(bytes)]], offsetTable: 'empty' },
    },
    { transferSyntaxUid: MPEG4 },
  );

const report = (number: number): Uint8Array =>
  writePart10(
    { ...base(number), SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR' },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );

/** A second of moving squares, as the browser itself encodes it; undefined where it can't. */
const recordVideo = (page: Page): Promise<number[] | undefined> =>
  page.evaluate(async () => {
    const type = ['video/mp4;codecs=avc1.42E01E', 'video/mp4;codecs=vp9', 'video/mp4'].find((one) =>
      MediaRecorder.isTypeSupported(one),
    );
    if (type === undefined) return undefined;
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: type });
    const pieces: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
    const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.start();
    for (let step = 0; step < 25; step += 1) {
      if (context !== null) context.fillStyle = step % 2 === 0 ? '#fff' : '#c00';
      context?.fillRect(0, 0, 64, 64);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
  });

describe.skipIf(chromiumPath === undefined)('what is no image', () => {
  let tab: Tab;
  let server: Served;
  const html = new TextEncoder().encode('<!doctype html><script>document.title = "taken"; fetch("/api/users")</script>');
  const text = makePdf('Compte rendu de Zoé');
  const script = makePdf('Avec un script', 'app.alert("taken"); this.submitForm("/api/users");');

  const begin = async (set: Stage): Promise<void> => {
    ({ server, tab } = set);
    const [capture] = [...secondaryCapture({ seed: 'documents', rows: 64, columns: 64, dataset: base(5, 2) })];
    const files = [
      pdf(1, text, { title: 'Compte rendu' }),
      pdf(1, script, { instance: 2, title: 'Annexe' }),
      pdf(2, html),
      video(3, new TextEncoder().encode('ftypmp42, and nothing that follows from it')),
      report(4),
      capture?.bytes ?? new Uint8Array(0),
      pdf(5, text, { title: 'À côté' }),
    ];
    expect(await storeFiles(tab, files)).toBe(200);
  };
  setStage(begin, { drawnBy: 'processor' });

  /** Within the application where it stands already: loading it anew costs seconds. */
  const open = async (number: number): Promise<void> => {
    const { page } = tab;
    const address = `/app/studies/${studyOf(number)}`;
    if (new URL(page.url()).pathname.startsWith('/app/studies/')) await goInside(page, address);
    else await page.goto(address);
  };
  const saved = async (name: string | RegExp): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([tab.page.waitForEvent('download'), tab.page.getByRole('link', { name }).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };

  it('a PDF: read in the pane, opened in a tab, downloaded byte for byte', async () => {
    await open(1);
    const frame = tab.page.locator('iframe[title="Compte rendu"]');
    await frame.waitFor();
    const address = await frame.getAttribute('src');
    expect(address).toMatch(/\/instances\/[0-9.]+\/rendered$/);
    const link = tab.page.getByRole('link', { name: 'Ouvrir dans un onglet' });
    expect([await link.getAttribute('href'), await link.getAttribute('target')]).toEqual([address, '_blank']);
    // Its white page, and its text.
    await expect.poll(async () => (await readPicture(tab, [], 'iframe')).bright, { timeout: 60_000 }).toBeGreaterThan(100_000);
    await keepScreenshot(tab.page, 'document-pdf');
    const { name, bytes } = await saved('Télécharger');
    expect(name).toMatch(/\.pdf$/);
    expect(bytes.equals(Buffer.from(text))).toBe(true);
  });

  it('several of a series: one after the other, by button and by key', async () => {
    const { page } = tab;
    await page.getByText('1 sur 2').waitFor();
    await page.getByRole('button', { name: 'Document suivant' }).click();
    await page.locator('iframe[title="Annexe"]').waitFor();
    expect(await page.getByRole('button', { name: 'Document suivant' }).isDisabled()).toBe(true);
    await page.locator('.ng-viewer h1').click();
    await page.keyboard.press('Home');
    await page.locator('iframe[title="Compte rendu"]').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('iframe[title="Annexe"]').waitFor();
  });

  it('what only calls itself a PDF: not opened, handed over; nothing of it runs, wherever it is opened', async () => {
    const { page } = tab;
    await open(2);
    await page.getByText('son contenu n’en est pas un').waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.evaluate(async (study) => {
      const list = await (
        await fetch(`/dicom-web/studies/${study}/instances`, { headers: { accept: 'application/dicom+json' } })
      ).json();
      const { Value: [url] = [] } = list[0]['00081190'];
      const frame = document.createElement('iframe');
      frame.src = `${new URL(url).pathname}/rendered`;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
    }, studyOf(2));
    await page.waitForTimeout(500);
    await page.evaluate(() => document.querySelector('body > iframe')?.remove());
    expect(await page.evaluate(() => document.title)).not.toContain('taken');
    expect(asked.filter((path) => path === '/api/users')).toEqual([]);
  });

  it('a video: played in the pane with controls, a part of it at a time, and downloaded', async ({ skip }) => {
    const recorded = await recordVideo(tab.page);
    if (recorded === undefined) return skip('This browser records no MP4.');
    const bytes = Uint8Array.from(recorded);
    expect(await storeFiles(tab, [video(6, bytes)])).toBe(200);
    const asked: string[] = [];
    tab.page.on('request', (request) => asked.push(request.url()));
    await open(6);
    const player = tab.page.locator('video');
    await player.waitFor();
    expect(await player.evaluate((element: HTMLVideoElement) => element.controls)).toBe(true);
    await player.evaluate((element: HTMLVideoElement) => {
      element.muted = true;
      return element.play();
    });
    await expect.poll(() => player.evaluate((element: HTMLVideoElement) => element.currentTime)).toBeGreaterThan(0.2);
    expect(await player.evaluate((element: HTMLVideoElement) => [element.videoWidth, element.videoHeight])).toEqual([64, 64]);
    expect(asked.filter((url) => url.includes('/frames/'))).toEqual([]);
    await keepScreenshot(tab.page, 'document-video');
    const file = await saved('Télécharger');
    expect(file.name).toMatch(/\.mp4$/);
    expect(file.bytes.subarray(0, bytes.length).equals(Buffer.from(bytes))).toBe(true);
  });

  it('a video that can’t be played: said, and downloaded', async () => {
    await open(3);
    await tab.page.getByRole('alert').filter({ hasText: 'ou la vidéo est endommagée' }).waitFor();
    await keepScreenshot(tab.page, 'document-video-broken');
    expect((await saved('Télécharger')).bytes.subarray(0, 8).toString()).toBe('ftypmp42');
  });

  it('a report: said, and handed over as the DICOM file that it is', async () => {
    await open(4);
    await tab.page.getByText('Son contenu (SR) est conservé').waitFor();
    const { name, bytes } = await saved('Télécharger le fichier DICOM');
    expect(name).toMatch(/\.dcm$/);
    expect(bytes.subarray(128, 132).toString()).toBe('DICM');
  });

  it('documents beside the images of a series: behind a button, and back', async () => {
    const { page } = tab;
    await open(5);
    await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined);
    const button = page.getByRole('button', { name: '1 document' });
    await keepScreenshot(page, 'document-beside');
    await button.click();
    await page.locator('iframe[title="À côté"]').waitFor();
    await page.getByRole('button', { name: 'Images' }).click();
    await page.locator('iframe').waitFor({ state: 'detached' });
  });

  it('held back from who sees pseudonyms: said, neither shown nor handed over', async () => {
    const headers = { 'x-csrf-token': await csrfOf(tab) };
    const { id } = await (await tab.page.request.post('/api/groups', { headers, data: { name: 'Étude' } })).json();
    const person = { ...RESEARCHER, firstName: 'Ada', lastName: 'Recherche', role: 'RESEARCHER', level: 'READ', groupId: id };
    expect((await tab.page.request.post('/api/users', { headers, data: person })).status()).toBe(201);
    expect(await storeFiles(tab, [pdf(7, text), video(8, text)], `/dicom-web/groups/${id}/studies`)).toBe(200);
    // The page of before is the administrator's; what it is made of is in this browser.
    const admin = await changePerson(tab.context, { ...server, ...RESEARCHER });
    await admin.dispose();
    const { page } = tab;
    await page.goto('/api/health');
    for (const number of [7, 8]) {
      await open(number);
      await page.getByText('Votre compte voit des pseudonymes').waitFor();
      expect(await page.locator('iframe, video').count()).toBe(0);
      expect(await page.getByRole('link', { name: /Télécharger|onglet/ }).count()).toBe(0);
    }
    await keepScreenshot(page, 'document-held');
  });

  it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});
