import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SIDE = 128;
const film = (seed: string): GeneratedInstance =>
  smallPicture({
    ...{ seed, columns: SIDE, modality: 'DX', cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => (at * 7) % 900) },
    dataset: { PatientName: 'Kone^Fanta', PatientID: seed, PixelSpacing: [1, 1] },
  });
const [SENT, WAITING] = [film('versions-sent'), film('versions-waiting')];
/** An annotation as a version of the library keeps it: by the address of an image, in its world. */
const OF_LIBRARY = {
  annotationUID: 'a',
  metadata: { toolName: 'Length', referencedImageId: 'wadors:/frames/1' },
  data: { handles: { points: [[1, 2, 3]] } },
};

/** Puts rows into the queue that this browser keeps: one that its person's key opens and that says something else than an edit, and one that no key opens. */
async function addStrangeRows(odd: unknown): Promise<number> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const rows = await settled(indexedDB.open('negatoscope-edits', 1));
  const [authorId] = await settled(rows.transaction('keys').objectStore('keys').getAllKeys());
  const key: CryptoKey = await settled(
    rows
      .transaction('keys')
      .objectStore('keys')
      .get(authorId ?? ''),
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(odd)));
  const store = rows.transaction('edits', 'readwrite').objectStore('edits');
  store.put({ editId: 'of-a-library', authorId, at: Date.now(), iv, bytes });
  await settled(store.put({ editId: 'of-no-key', authorId, at: Date.now(), iv, bytes: bytes.slice(4) }));
  const count = await settled(rows.transaction('edits').objectStore('edits').count());
  rows.close();
  return count;
}

describe.skipIf(chromiumPath === undefined)('drawings of another version', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      ({ tab } = stage);
      expect(await storeInstances(tab, [SENT, WAITING])).toBe(200);
    },
    { drawnBy: 'processor' },
  );
  afterEach(() => tab.page.unrouteAll({ behavior: 'ignoreErrors' }));

  const open = async ({ studyInstanceUid }: GeneratedInstance): Promise<void> => {
    await tab.page.goto(`/app/studies/${studyInstanceUid}?alone=true`);
    await tab.page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
  };
  const drawn = (): Promise<number> => tab.page.locator('.ng-viewer-canvas svg text').count();
  const status = () => tab.page.getByTestId('annotation-status');
  const drawLength = async (down: number): Promise<void> => {
    const { page } = tab;
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('canvas.cornerstone-canvas').boundingBox()) ?? {};
    await page.keyboard.press('l');
    await page.mouse.move(x + width / 2 - 60, y + height / 2 + down);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 60, y + height / 2 + down, { steps: 4 });
    await page.mouse.up();
  };
  const keptOf = async ({ studyInstanceUid }: GeneratedInstance): Promise<unknown[]> =>
    (await (await tab.page.request.get(`/api/studies/${studyInstanceUid}/annotations`)).json()).items;

  it('among those that the server sends cost no other drawing', async () => {
    const { page } = tab;
    await open(SENT);
    await drawLength(0);
    await expect.poll(() => keptOf(SENT)).toHaveLength(1);
    let sent = 0;
    await page.route(/\/annotations(?:\?|$)/, async (route) => {
      const answer = await route.fetch();
      const list: { items: object[] } = await answer.json();
      const [own] = list.items;
      const odd = [
        OF_LIBRARY,
        { ...own, id: 'x', geometry: { space: 'VOLUME', voxels: [1] } },
        { ...own, id: 'y', geometry: null },
      ];
      sent += 1;
      await route.fulfill({ response: answer, json: { ...list, items: [...odd, ...list.items] } });
    });
    await open(SENT);
    await expect.poll(() => sent).toBeGreaterThan(0);
    await expect.poll(drawn).toBe(1);
    await drawLength(40);
    await expect.poll(() => keptOf(SENT)).toHaveLength(2);
    await expect.poll(drawn).toBe(2);
    expect(tab.problems).toEqual([]);
  });

  it('among those that wait in the browser are left, and what waits beside them is sent', async () => {
    const { page } = tab;
    await open(WAITING);
    const sent: string[] = [];
    let isAway = true;
    page.on('dialog', (dialog) => void dialog.accept());
    await page.route('**/annotations/**', (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      if (isAway) return route.abort();
      sent.push(route.request().url());
      return route.continue();
    });
    await drawLength(0);
    await expect.poll(() => status().getAttribute('data-waiting')).toBe('1');
    expect(await page.evaluate(addStrangeRows, { ...OF_LIBRARY })).toBe(3);
    await page.reload();
    await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined);
    await expect.poll(() => status().getAttribute('data-waiting')).toBe('1');
    isAway = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(() => status().getAttribute('data-waiting')).toBe('0');
    expect(await keptOf(WAITING)).toHaveLength(1);
    expect(sent).toHaveLength(1);
    await expect.poll(drawn).toBe(1);
    expect(tab.problems).toEqual([]);
  });
});
