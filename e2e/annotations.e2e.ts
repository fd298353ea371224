import { randomUUID } from 'node:crypto';
import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, goInside, openTabOf, signIn, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { itInLongRun } from './support/long.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SIDE = 128;
const FRAMES = 10;
/** Each frame has a spacing of its own: that of frame n is n tenths of a millimetre. */
const spacingOf = (frame: number): number => frame / 10;

/** A clip of an ultrasound whose depth was changed while it ran. */
function clip(seed: string, spacing = spacingOf): GeneratedInstance {
  const cells = Uint8Array.from({ length: SIDE * SIDE * FRAMES }, (_, at) => (at * 7) % 251);
  const measures = Array.from({ length: FRAMES }, (_, index) => ({
    '00289110': { vr: 'SQ' as const, value: [{ PixelSpacing: [spacing(index + 1), spacing(index + 1)] }] },
  }));
  const SOPClassUID = '1.2.840.10008.5.1.4.1.1.3.1';
  const dataset = {
    SOPClassUID,
    PatientName: 'Rakoto^Lalao',
    PatientID: seed,
    '52009230': { vr: 'SQ' as const, value: measures },
  };
  return smallPicture({ seed, columns: SIDE, frames: FRAMES, cells, modality: 'US', dataset });
}
const [FIRST, NEXT, LIVE] = [clip('annotations-1'), clip('annotations-2'), clip('annotations-3')];
/** Of the crowd, on each frame but one. */
const OTHERS = 45;
const [KINDS, CROWD] = [clip('annotations-4'), clip('annotations-5', () => 0.5)];

interface Kept {
  readonly id: string;
  readonly version: number;
  readonly frame: number;
  readonly kind: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly author: { readonly id: string };
  readonly geometry: { readonly space: string; readonly points: readonly number[] };
  readonly label: string | null;
}
const addressOf = ({ studyInstanceUid }: GeneratedInstance): string => `/api/studies/${studyInstanceUid}/annotations`;
const keptOf = async ({ page }: Tab, of: GeneratedInstance): Promise<Kept[]> =>
  (await (await page.request.get(addressOf(of))).json()).items;

async function open({ page }: Tab, { studyInstanceUid }: GeneratedInstance, frame: number): Promise<void> {
  await visit(page, `/app/studies/${studyInstanceUid}`);
  await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
  await goTo(page, frame);
}

async function goTo(page: Page, frame: number): Promise<void> {
  await page.evaluate((index) => window.__negatoscopeViewer?.goTo(index), frame - 1);
  await page.waitForFunction((index) => window.__negatoscopeViewer?.renderedIndex === index, frame - 1);
}

type Place = readonly [number, number];

/** Drags along places of the active image, in parts of its pane from the middle. */
async function trace(page: Page, first: Place, ...others: readonly Place[]): Promise<void> {
  const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('canvas.cornerstone-canvas').first().boundingBox()) ?? {};
  const side = Math.min(width, height);
  const at = ([right, down]: Place) => [x + width / 2 + right * side, y + height / 2 + down * side] as const;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const to of others) await page.mouse.move(...at(to));
  await page.mouse.up();
}
const drag = (page: Page, from: Place, to: Place): Promise<void> =>
  trace(page, from, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], to);

/** What is drawn with each tool: its key, where it is dragged, and what is typed then. */
const DRAWINGS: readonly { kind: string; key: string; drags: readonly (readonly [Place, ...Place[]])[]; text?: string }[] = [
  {
    kind: 'BIDIRECTIONAL',
    key: 'b',
    drags: [
      [
        [-0.45, -0.4],
        [-0.25, -0.4],
      ],
    ],
  },
  {
    kind: 'CARDIOTHORACIC',
    key: 'Shift+L',
    drags: [
      [
        [-0.15, -0.45],
        [0, -0.45],
      ],
      [
        [-0.18, -0.38],
        [0.05, -0.38],
      ],
    ],
  },
  {
    kind: 'ANGLE',
    key: 'a',
    drags: [
      [
        [0.15, -0.45],
        [0.15, -0.35],
      ],
      [
        [0.25, -0.35],
        [0.26, -0.35],
      ],
    ],
  },
  {
    kind: 'COBB',
    key: 'c',
    drags: [
      [
        [0.35, -0.45],
        [0.45, -0.42],
      ],
      [
        [0.35, -0.3],
        [0.45, -0.33],
      ],
    ],
  },
  {
    kind: 'ELLIPSE',
    key: 'e',
    drags: [
      [
        [-0.45, -0.25],
        [-0.25, -0.1],
      ],
    ],
  },
  {
    kind: 'RECTANGLE',
    key: 'q',
    drags: [
      [
        [-0.15, -0.25],
        [0, -0.1],
      ],
    ],
  },
  {
    kind: 'FREEHAND',
    key: 'Shift+E',
    drags: [
      [
        [0.1, -0.25],
        [0.2, -0.25],
        [0.25, -0.2],
        [0.25, -0.1],
      ],
    ],
  },
  {
    kind: 'ARROW',
    key: 'Shift+A',
    drags: [
      [
        [-0.45, 0.1],
        [-0.3, 0.2],
      ],
    ],
    text: '<img src=x onerror=alert(1)>',
  },
  { kind: 'TEXT', key: 'x', drags: [[[-0.1, 0.1]]], text: 'nodule à revoir' },
  { kind: 'SPINE_LABEL', key: 'u', drags: [[[0.2, 0.1]]], text: '' },
  { kind: 'SPINE_LABEL', key: 'u', drags: [[[0.2, 0.3]]], text: '' },
  { kind: 'PROBE', key: 'd', drags: [[[0.4, 0.1]]] },
];

/** Texts beside what is drawn on the image that is shown. */
const drawn = ({ page }: Tab): Promise<string[]> =>
  page.locator('.ng-viewer-canvas svg text').evaluateAll((all) => all.map((one) => one.textContent ?? '').sort());

const mm = ({ frame, geometry: { points } }: Kept): string => {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points;
  const length = Math.hypot(x2 - x1, y2 - y1) * spacingOf(frame);
  return `${length.toLocaleString('fr', { maximumFractionDigits: length < 10 ? 2 : 1 })} mm`;
};
const status = ({ page }: Tab) => page.getByTestId('annotation-status');
const waiting = (tab: Tab): Promise<string | null> => status(tab).getAttribute('data-waiting');

describe.skipIf(chromiumPath === undefined)('what is drawn is kept', () => {
  let tab: Tab;
  /** Another browser, of who may only read. */
  let elsewhere: Tab | undefined;
  let browser: Browser;
  let server: Served;
  setStage(
    async (stage) => {
      ({ tab, browser, server } = stage);
      expect(await storeInstances(tab, [FIRST, NEXT, LIVE, KINDS, CROWD])).toBe(200);
    },
    { drawnBy: 'processor' },
  );

  it('three lengths on frame 7, over a cut line and a session that ended: three, and there only', async () => {
    const { page, context } = tab;
    await open(tab, FIRST, 7);
    await page.keyboard.press('l');
    await drag(page, [-0.3, -0.3], [0.1, -0.3]);
    await expect.poll(async () => (await keptOf(tab, FIRST)).length).toBe(1);

    await context.setOffline(true);
    await drag(page, [-0.3, 0], [0.2, 0.1]);
    await expect.poll(() => status(tab).getAttribute('data-state'), { timeout: 10_000 }).toBe('waiting');
    expect(await waiting(tab)).toBe('1');
    await context.clearCookies();
    await drag(page, [-0.3, 0.2], [-0.1, 0.35]);
    expect(await waiting(tab)).toBe('2');
    expect(await drawn(tab)).toHaveLength(3);
    await context.setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event('online')));

    // Signing in in place; the page stays as it was left.
    await page.locator('input[type=password]').fill(server.password);
    await page.keyboard.press('Enter');
    await expect.poll(() => waiting(tab), { timeout: 20_000 }).toBe('0');
    const kept = await keptOf(tab, FIRST);
    expect(kept.map(({ frame, kind, version, sopInstanceUid }) => [frame, kind, version, sopInstanceUid])).toEqual(
      Array.from({ length: 3 }, () => [7, 'LENGTH', 1, FIRST.sopInstanceUid]),
    );

    expect(tab.problems).toEqual([]);
  });

  it('undo and redo go through the same way; after going to another study the former stays as it was', async () => {
    const { page } = tab;
    await open(tab, FIRST, 7);
    await page.keyboard.press('l');
    const before = await keptOf(tab, FIRST);
    await drag(page, [0, -0.2], [0.3, -0.1]);
    await expect.poll(async () => (await keptOf(tab, FIRST)).length).toBe(4);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await keptOf(tab, FIRST)).length).toBe(3);
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(async () => (await keptOf(tab, FIRST)).length).toBe(4);
    await page.keyboard.press('Control+z');
    await expect.poll(() => keptOf(tab, FIRST)).toEqual(before);

    await drag(page, [0, -0.2], [0.3, -0.1]);
    await expect.poll(async () => (await keptOf(tab, FIRST)).length).toBe(4);
    const left = await keptOf(tab, FIRST);
    await goInside(page, `/app/studies/${NEXT.studyInstanceUid}`);
    await page.waitForFunction(
      (uid) => window.__negatoscopeViewer?.imageIds[0]?.includes(uid) && window.__negatoscopeViewer.renderedIndex >= 0,
      NEXT.studyInstanceUid,
    );
    for (const keys of ['Control+z', 'Control+z', 'Control+Shift+Z']) await page.keyboard.press(keys);
    await goTo(page, 3);
    await page.keyboard.press('l');
    await drag(page, [-0.2, 0], [0.2, 0]);
    await expect.poll(async () => (await keptOf(tab, NEXT)).map(({ frame }) => frame)).toEqual([3]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => keptOf(tab, NEXT)).toEqual([]);
    expect(await keptOf(tab, FIRST)).toEqual(left);
  });

  it('an edit that came second is told in the pane, with both kept, and a person decides', async () => {
    const { page } = tab;
    await open(tab, LIVE, 2);
    await page.keyboard.press('l');
    await drag(page, [-0.3, 0], [0.3, 0]);
    await expect.poll(async () => (await keptOf(tab, LIVE)).length).toBe(1);
    const [first] = await keptOf(tab, LIVE);
    if (first === undefined) throw new Error('Nothing is kept.');
    const put = (points: readonly number[], baseVersion: number) =>
      tab.page.request.put(`${addressOf(LIVE)}/${first.id}`, {
        headers: { 'x-csrf-token': csrf },
        data: {
          ...{ editId: randomUUID(), authorId: first.author.id, baseVersion, kind: first.kind, frame: first.frame },
          ...{ sopInstanceUid: first.sopInstanceUid, seriesInstanceUid: first.seriesInstanceUid },
          geometry: { space: 'PIXEL', points },
        },
      });
    const csrf = await csrfOf(tab);
    // Elsewhere, live: within a moment it is here.
    expect((await put([10, 10, 40, 50], 1)).status()).toBe(200);
    await expect.poll(() => drawn(tab), { timeout: 2_000 }).toEqual(['10 mm']);

    // And while the line is cut.
    await page.route('**/annotations/**', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Fermer' }).filter({ hasText: 'Fermer' }).click();
    expect((await keptOf(tab, LIVE))[0]?.geometry.points).toEqual([10, 10, 40, 50]);
    await page.keyboard.press('Delete');
    await expect.poll(() => waiting(tab)).toBe('1');
    expect((await put([10, 10, 13, 14], 2)).status()).toBe(200);
    await page.unroute('**/annotations/**');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.textContent()).toContain('Les deux sont gardées');
    await expect.poll(() => drawn(tab)).toEqual(['1 mm']);
    const { items } = await (await page.request.get(`${addressOf(LIVE)}/${first.id}/history`)).json();
    expect(items.map(({ version, isDeleted }: { version: number | null; isDeleted: boolean }) => [version, isDeleted])).toEqual(
      expect.arrayContaining([
        [null, true],
        [3, false],
      ]),
    );
    await page.getByRole('button', { name: 'La mienne' }).click();
    await expect.poll(() => keptOf(tab, LIVE)).toEqual([]);
    await expect.poll(() => drawn(tab)).toEqual([]);
    expect(await notice.count()).toBe(0);
  });

  itInLongRun('who may only read sees it live, and can neither move it nor leave anything', async () => {
    const password = 'Voilier-Marbre-42-Lanterne';
    const person = { email: 'jeanne.diop@example.org', password, firstName: 'Jeanne', lastName: 'Diop', role: 'STAFF' };
    const made = await tab.page.request.post('/api/users', { headers: { 'x-csrf-token': await csrfOf(tab) }, data: person });
    expect(made.status()).toBe(201);
    // Another browser at another address; the person stays there.
    const there = { ...server, baseUrl: server.baseUrl.replace('localhost', '127.0.0.1'), email: person.email, password };
    const reader = await openTabOf(browser, there);
    elsewhere = reader;
    await open(reader, NEXT, 4);
    await expect.poll(() => status(reader).getAttribute('data-state')).toBe('read-only');
    await open(tab, NEXT, 4);
    await tab.page.keyboard.press('l');
    await drag(tab.page, [-0.3, 0], [0.3, 0]);
    await expect.poll(() => drawn(reader), { timeout: 3_000 }).toHaveLength(1);
    const before = await keptOf(tab, NEXT);
    await reader.page.keyboard.press('l');
    await drag(reader.page, [0.3, 0], [0.1, 0.3]);
    await reader.page.keyboard.press('Delete');
    await reader.page.keyboard.press('Delete');
    await expect.poll(() => drawn(reader)).toHaveLength(1);
    expect(await keptOf(tab, NEXT)).toEqual(before);
    expect(reader.problems).toEqual([]);
  });

  itInLongRun('what waits survives a reload, is encrypted on this machine, and is gone at sign-out', async () => {
    const { page } = tab;
    await open(tab, NEXT, 9);
    await page.route('**/annotations/**', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    page.on('dialog', (dialog) => void dialog.accept());
    await page.keyboard.press('l');
    await drag(page, [-0.3, 0.1], [0.3, 0.1]);
    await expect.poll(() => waiting(tab)).toBe('1');
    const stored = await page.evaluate(readKept);
    expect([stored.edits, stored.keys, stored.extractable]).toEqual([1, 1, [false]]);
    expect(stored.text).not.toContain(NEXT.sopInstanceUid);
    await page.reload();
    await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined);
    await expect.poll(() => waiting(tab)).toBe('1');
    await page.unroute('**/annotations/**');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(() => waiting(tab)).toBe('0');
    expect((await keptOf(tab, NEXT)).filter(({ frame }) => frame === 9)).toHaveLength(1);
    expect((await page.evaluate(readKept)).edits).toBe(0);

    await page.route('**/annotations/**', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    await goTo(page, 9);
    await page.keyboard.press('l');
    await drag(page, [-0.3, 0.3], [0.3, 0.3]);
    await expect.poll(() => waiting(tab)).toBe('1');
    // The viewer is left, and the queue goes on.
    await goInside(page, '/app');
    await page.getByRole('button', { name: /^Compte de/ }).click();
    await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
    await page.waitForURL(/\/login/);
    const left = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    await expect.poll(left).not.toContain('negatoscope-edits');
    await page.unroute('**/annotations/**');
    await signIn(page, server);
    await open(tab, NEXT, 9);
    await expect.poll(() => drawn(tab)).toHaveLength(1);
  });

  itInLongRun(
    'of every kind: with its points and its text, taken back and done again, and as it was in another browser at another address',
    async () => {
      const { page } = tab;
      await open(tab, KINDS, 3);
      for (const [index, { key, drags, text }] of DRAWINGS.entries()) {
        await page.keyboard.press(key);
        for (const places of drags) await trace(page, ...places);
        if (text !== undefined) {
          await page.locator('form input').waitFor();
          await page.keyboard.type(text);
          await page.keyboard.press('Enter');
        }
        await expect.poll(async () => (await keptOf(tab, KINDS)).map(({ kind }) => kind)).toHaveLength(index + 1);
      }
      const kept = await keptOf(tab, KINDS);
      expect(kept.map(({ kind }) => kind)).toEqual(DRAWINGS.map(({ kind }) => kind));
      expect(kept.flatMap(({ label }) => label ?? [])).toEqual(['<img src=x onerror=alert(1)>', 'nodule à revoir', 'C1', 'C2']);
      const texts = await drawn(tab);
      expect(texts).toEqual(
        expect.arrayContaining(['C1', 'C2', 'nodule à revoir', '<img src=x onerror=alert(1)>', rectangleText(kept)]),
      );
      for (const _ of DRAWINGS) await page.keyboard.press('Control+z');
      await expect.poll(() => keptOf(tab, KINDS), { timeout: 20_000 }).toEqual([]);
      for (const _ of DRAWINGS) await page.keyboard.press('Control+Shift+Z');
      await expect.poll(async () => (await keptOf(tab, KINDS)).length, { timeout: 20_000 }).toBe(DRAWINGS.length);
      const geometries = (items: readonly Kept[]) =>
        items.map(({ id, geometry, label }) => ({ id, geometry, label })).sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(geometries(await keptOf(tab, KINDS))).toEqual(geometries(kept));

      const other = elsewhere;
      if (other === undefined) throw new Error('There is no other browser.');
      await open(other, KINDS, 3);
      await expect.poll(() => drawn(other), { timeout: 20_000 }).toEqual(texts);
      expect(new URL(other.page.url()).hostname).toBe('127.0.0.1');
      await goTo(other.page, 4);
      await expect.poll(() => drawn(other)).toEqual([]);
      // The three lengths of the first test, and the one that was drawn after them, are on their frame and nowhere else, right in mm.
      const lengths = await keptOf(tab, FIRST);
      await open(other, FIRST, 6);
      await expect.poll(() => status(other).getAttribute('data-count')).toBe('4');
      expect(await drawn(other)).toEqual([]);
      await goTo(other.page, 7);
      await expect.poll(() => drawn(other)).toEqual(lengths.map(mm).sort());
      await goTo(other.page, 8);
      await expect.poll(() => drawn(other)).toEqual([]);
      expect([other.problems, other.strangers]).toEqual([[], []]);
      await other.context.close();
    },
  );

  itInLongRun(
    'a hundred on one frame and forty-five on each other, 505 of a series: what nobody looks at costs nothing, and what is looked at again nothing anew',
    async () => {
      const { page } = tab;
      const csrf = await csrfOf(tab);
      const { id: authorId } = (await keptOf(tab, FIRST))[0]?.author ?? { id: '' };
      const all = Array.from({ length: FRAMES }, (_, index) =>
        Array.from({ length: index === 4 ? 100 : OTHERS }, (_, number) => [index + 1, number] as const),
      ).flat();
      const put = ([frame, number]: readonly [number, number]) =>
        page.request.put(`${addressOf(CROWD)}/${randomUUID()}`, {
          headers: { 'x-csrf-token': csrf },
          data: {
            ...{ editId: randomUUID(), authorId, baseVersion: 0, kind: number % 2 === 0 ? 'RECTANGLE' : 'LENGTH', frame },
            ...{ sopInstanceUid: CROWD.sopInstanceUid, seriesInstanceUid: CROWD.seriesInstanceUid },
            geometry: { space: 'PIXEL', points: cornersOf(number) },
          },
        });
      for (let at = 0; at < all.length; at += 25) {
        const answers = await Promise.all(all.slice(at, at + 25).map(put));
        expect(new Set(answers.map((answer) => answer.status()))).toEqual(new Set([200]));
      }
      // The list of all measurements says what each of them says; here the images alone are counted.
      await page.evaluate(() => localStorage.setItem('ng.panel', 'closed'));
      await open(tab, CROWD, 1);
      await expect.poll(() => drawn(tab)).toHaveLength(OTHERS);
      const work = () =>
        page.evaluate(() => ({ ...window.__negatoscopeViewer?.drawings }) as { painted: number; described: number });
      const through = async () => {
        const before = await work();
        for (let frame = 2; frame <= FRAMES; frame += 1) {
          await goTo(page, frame);
          await expect.poll(() => drawn(tab)).toHaveLength(frame === 5 ? 100 : OTHERS);
        }
        const after = await work();
        return { painted: after.painted - before.painted, described: after.described - before.described };
      };
      const seen = 8 * OTHERS + 100;
      const first = await through();
      expect(first.painted).toBe(seen);
      expect(first.described).toBe(seen);
      await goTo(page, 1);
      const again = await through();
      expect([again.painted, again.described]).toEqual([seen, 0]);
      // Pointing at them and waiting paints nothing but what is pointed at.
      const still = await work();
      await page.mouse.move(20, 20);
      await page.waitForTimeout(300);
      expect(await work()).toEqual(still);
      await page.keyboard.press('w');
      await drag(page, [0.49, 0.49], [0.45, 0.49]);
      await page.waitForTimeout(300);
      expect((await work()).described).toBe(still.described);
    },
  );

  it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});

/** Corners of the rectangle of this number, or ends of a length: in a grid over the image. */
function cornersOf(number: number): number[] {
  const [x, y] = [4 + (number % 10) * 12, 4 + Math.floor(number / 10) * 12];
  return number % 2 === 0 ? [x, y, x + 8, y, x + 8, y + 8, x, y + 8] : [x, y, x + 8, y + 8];
}

const french = (value: number, digits: number): string =>
  value.toLocaleString('fr', { maximumFractionDigits: digits, useGrouping: false });
const significant = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toLocaleString('fr', { maximumSignificantDigits: 4, useGrouping: false });

/** What stands beside the rectangle, worked out from the stored pixels: those whose middle lies inside. */
function rectangleText(all: readonly Kept[]): string {
  const { geometry, frame } = all.find(({ kind }) => kind === 'RECTANGLE') ?? { geometry: { points: [] }, frame: 1 };
  const [xs, ys] = [geometry.points.filter((_, at) => at % 2 === 0), geometry.points.filter((_, at) => at % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const values: number[] = [];
  for (let row = 0; row < SIDE; row += 1)
    for (let column = 0; column < SIDE; column += 1) {
      const [x, y] = [column + 0.5, row + 0.5];
      if (x >= left && x < right && y >= top && y < bottom)
        values.push((((frame - 1) * SIDE * SIDE + row * SIDE + column) * 7) % 251);
    }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  const area = (right - left) * (bottom - top) * spacingOf(frame) ** 2;
  return [
    `Aire ${french(area, area < 10 ? 2 : 1)} mm²`,
    `Moy. ${significant(mean)} ± ${significant(deviation)}`,
    `Min. ${Math.min(...values)} · Max. ${Math.max(...values)}`,
  ].join('');
}

/** What the browser keeps, as anybody with its files would find it. */
async function readKept(): Promise<{ edits: number; keys: number; extractable: boolean[]; text: string }> {
  const opening = indexedDB.open('negatoscope-edits');
  const rows = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const all = (name: string) =>
    new Promise<Record<string, unknown>[]>((resolve) => {
      const request = rows.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
    });
  const [edits, keys] = [await all('edits'), (await all('keys')) as unknown as CryptoKey[]];
  rows.close();
  const text = edits.map(({ bytes, ...row }) => JSON.stringify(row) + new TextDecoder('latin1').decode(bytes as ArrayBuffer));
  return { edits: edits.length, keys: keys.length, extractable: keys.map((key) => key.extractable), text: text.join('') };
}
