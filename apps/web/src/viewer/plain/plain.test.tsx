import type { DecodedFrame } from '@negatoscope/dicom';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leavePlain, plainVisits, takeOverPlain } from '../../api/plain-picture.ts';
import { sessionEnded, sessionExpired, sessionStarted } from '../../api/session.ts';
import { preparePlan } from '../engine/frame-plans.ts';
import { frameStore } from '../engine/frame-store.ts';
import type { DicomJson } from '../model/dicom-json.ts';
import { buildSeries } from '../model/study-model.ts';
import { drawPlain } from './begin.ts';
import { rememberPlace } from './place.ts';
import type { Asked } from './reader.ts';

const PATH = '/app/studies/1.2.3';
const HUNG = { study: { studyInstanceUid: '1.2.3', groupId: undefined }, seriesInstanceUid: '1.2.3.1' };
const [UI, US, DS, CS] = ['UI', 'US', 'DS', 'CS'] as const;
const plain = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const DATASET: DicomJson = {
  '00080016': plain(UI, '1.2.840.10008.5.1.4.1.1.2'),
  '00080018': plain(UI, '1.2.3.1.1'),
  '00080020': plain('DA', '20260301'),
  '00080060': plain(CS, 'CT'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'O<b>X^ANNA' }] },
  '00100030': plain('DA', '19700203'),
  '00200037': plain(DS, 1, 0, 0, 0, 1, 0),
  '00200032': plain(DS, 0, 0, 0),
  '00200062': plain(CS, 'R'),
  '00280002': plain(US, 1),
  '00280004': plain(CS, 'MONOCHROME2'),
  '00280010': plain(US, 2),
  '00280011': plain(US, 2),
  '00280100': plain(US, 8),
  '00280101': plain(US, 8),
  '00280102': plain(US, 7),
  '00280103': plain(US, 0),
  '00281050': plain(DS, 128),
  '00281051': plain(DS, 256),
};
const FRAME: DecodedFrame = {
  ...{ rows: 2, columns: 2, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 },
  ...{ photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, isFloat: false },
  pixels: Uint8Array.of(0, 60, 120, 240),
};

const painted: ImageData[] = [];
const CSRF = 'session-of-anna';
const json = (value: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(value), { status }));
const who = (id = 'u-anna', status = 200, csrfToken = CSRF) => json({ user: { id }, csrfToken }, status);
/** What the server says of a study above whose images nothing has to be said. */
const STUDY = { identityMismatch: null, textUncertain: false, patient: { textUncertain: false } };
const [ME, ADDRESS, RULES] = ['/api/auth/me', '/api/studies/1.2.3', '/api/hanging-rules'];
/** Its only series, as a search tells of it. */
const SERIES = [{ '0020000E': plain(UI, '1.2.3.1'), '00080060': plain(CS, 'CT') }];
let hasSettled = 0;
const asked = (me = who(), study = json(STUDY), session: string | undefined = CSRF): Asked => ({
  opened: { studyInstanceUid: '1.2.3', groupId: undefined, seriesInstanceUid: undefined, compare: null },
  who: { address: ME, response: me },
  study: { address: ADDRESS, response: study },
  rules: { address: RULES, response: json({ items: [] }) },
  priors: undefined,
  session,
  onSettled: () => {
    hasSettled += 1;
  },
});
const haveSession = (value: string, more = '') => {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no other way.
  document.cookie = `negatoscope_csrf=${value}; path=/${more}`;
};
const shown = (): HTMLElement | null => document.querySelector('[data-testid=plain-picture]');
const marks = () => performance.getEntriesByName('negatoscope:first-image').length;

let dataset: DicomJson;
/** A study of its own each time: what was fetched of one before is kept for a while. */
let number = 0;

/** Begins to draw; the frame, or a preview of it, comes afterwards. Gives what puts the frame itself there. */
async function draw(all = asked(), isWhole = true, meanwhile: () => void = () => undefined): Promise<() => void> {
  meanwhile();
  number += 1;
  const study = { studyInstanceUid: HUNG.study.studyInstanceUid, groupId: String(number) };
  await drawPlain(all, Promise.resolve({ ...HUNG, study }));
  const [model] = buildSeries(study, '1.2.3.1', [dataset]).frames;
  if (model === undefined) throw new Error('No frame');
  await preparePlan(model, false);
  // The series is read meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (isWhole) frameStore.put(model.imageId, FRAME);
  else frameStore.putPreview(model.imageId, FRAME);
  await new Promise((resolve) => setTimeout(resolve, 5));
  return () => frameStore.put(model.imageId, FRAME);
}

const drawNothing = () => drawPlain(asked(), Promise.resolve(undefined));

beforeEach(() => {
  dataset = DATASET;
  Object.assign(window, { innerWidth: 1000, innerHeight: 800 });
  document.documentElement.lang = 'fr';
  history.replaceState(null, '', PATH);
  rememberPlace('u-anna', new DOMRect(10, 48, 400, 300), true);
  haveSession(CSRF);
  performance.clearMarks();
  painted.length = 0;
  hasSettled = 0;
  // The frame itself is put where it belongs by each test.
  const isFrame = (address: unknown): boolean => /\/frames\//.test(String(address));
  const isList = (address: unknown): boolean => /\/series\?/.test(String(address));
  vi.stubGlobal('fetch', (address: unknown) =>
    isFrame(address) ? new Promise(() => undefined) : json(isList(address) ? SERIES : [dataset]),
  );
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray;
      constructor(columns: number, rows: number) {
        this.data = new Uint8ClampedArray(columns * rows * 4);
      }
    },
  );
  const context = { putImageData: (image: ImageData) => painted.push(image) };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as unknown as null); // What is used of one.
  for (const side of ['clientWidth', 'clientHeight'] as const) vi.spyOn(Element.prototype, side, 'get').mockReturnValue(200);
  sessionStarted(null, false);
});
afterEach(() => {
  leavePlain();
  haveSession('', '; max-age=0');
  window.__negatoscopeEarly = undefined;
  localStorage.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('stands where the last room had its images, with whose it is, of when, which side and how it lies; a page reader hears of it from the room', async () => {
  await draw();
  const picture = shown();
  expect(picture?.style.cssText).toMatch(/left: 10px; top: 48px; width: 400px; height: 300px/);
  expect(picture?.getAttribute('aria-hidden')).toBe('true');
  expect(
    [...(picture?.querySelectorAll('div') ?? [])]
      .map((one) => (one.childElementCount > 0 ? '' : one.textContent))
      .filter(Boolean),
  ).toEqual(['Côté droit (R)', 'A', 'L', 'P', 'R']);
  expect(picture?.textContent).toContain('O<B>X ANNA · 03/02/1970 · 01/03/2026');
  expect(picture?.querySelector('b')).toBeNull();
  expect([...(painted[0]?.data ?? [])].filter((_, at) => at % 4 === 0)).toEqual([0, 60, 120, 240]);
  expect(marks()).toBe(1);
});

it('lets the application begin when it stands, and not before', async () => {
  let before = -1;
  number += 1;
  const study = { studyInstanceUid: HUNG.study.studyInstanceUid, groupId: String(number) };
  await drawPlain(asked(), Promise.resolve({ ...HUNG, study }));
  const [model] = buildSeries(study, '1.2.3.1', [dataset]).frames;
  if (model === undefined) throw new Error('No frame');
  await preparePlan(model, false);
  await new Promise((resolve) => setTimeout(resolve, 20));
  before = hasSettled;
  frameStore.put(model.imageId, FRAME);
  await vi.waitFor(() => expect(shown()).not.toBeNull());
  expect([before, hasSettled > 0]).toEqual([0, true]);
});

it('is marked while it is a preview, in the language of the page, and no more once the frame is here', async () => {
  document.documentElement.lang = 'en';
  rememberPlace('u-anna', new DOMRect(10, 48, 400, 300), true);
  const comes = await draw(asked(), false);
  await vi.waitFor(() => expect(shown()?.textContent).toContain('Preview, not lossless yet'));
  expect(shown()?.textContent).toContain('O<B>X ANNA · 3 Feb 1970 · 1 Mar 2026');
  comes();
  await vi.waitFor(() => expect(shown()?.textContent).not.toContain('Preview'));
  expect([painted.length, marks()]).toEqual([2, 1]);
});

it.each<[string, () => Promise<unknown>]>([
  ['nobody is signed in, and no session to renew', () => draw(asked(who('u-anna', 401)))],
  ['the account is locked', () => draw(asked(who('u-anna', 403)))],
  ['another person is', () => draw(asked(who('u-bert')))],
  ['the same person is by another session than the images were asked for by', () => draw(asked(who('u-anna', 200, 'another')))],
  ['there was no session when the images were asked for', () => draw({ ...asked(who('u-anna', 200, '')), session: undefined })],
  ['another tab has signed in somebody else meanwhile', () => draw(asked(), true, () => haveSession('session-of-bert'))],
  ['another tab has signed out meanwhile', () => draw(asked(), true, () => haveSession('', '; max-age=0'))],
  ['who is signed in can not be asked', () => draw(asked(Promise.reject(new TypeError('away'))))],
  ['the study may not be seen any more', () => draw(asked(who(), json({ code: 'NOT_FOUND' }, 404)))],
  ['the study can not be asked about', () => draw(asked(who(), Promise.reject(new TypeError('away'))))],
  ['its images name somebody else', () => draw(asked(who(), json({ ...STUDY, identityMismatch: { kind: 'OTHER_IDENTITY' } })))],
  ['its words are doubtful', () => draw(asked(who(), json({ ...STUDY, textUncertain: true })))],
  ['the name of its patient is doubtful', () => draw(asked(who(), json({ ...STUDY, patient: { textUncertain: true } })))],
  ['nothing is known of the study', () => draw(asked(who(), json({})))],
  ['nothing of the study hangs', () => drawNothing()],
])('is not drawn where %s', async (_why, begin) => {
  await begin();
  expect([shown(), painted.length, marks()]).toEqual([null, 0, 0]);
  // The application waits for it no longer.
  expect(hasSettled).toBeGreaterThan(0);
});

it.each<[string, DicomJson, number[]]>([
  ['whose lowest value is white', { '00280004': plain(CS, 'MONOCHROME1') }, [255, 195, 135, 15]],
  ['with a window of its own', { '00281050': plain(DS, 60), '00281051': plain(DS, 121) }, [0, 128, 255, 255]],
])('has the values of an image %s', async (_which, own, grays) => {
  dataset = { ...DATASET, ...own };
  await draw();
  const seen = [...(painted[0]?.data ?? [])].filter((_, at) => at % 4 === 0);
  expect(seen.map((gray, at) => Math.abs(gray - (grays[at] ?? 0)) <= 1)).toEqual([true, true, true, true]);
});

it('has the shape of pixels that are not square', async () => {
  dataset = { ...DATASET, '00280030': plain(DS, 2, 1) };
  await draw();
  const { left, top, width, height } = shown()?.querySelector('canvas')?.style ?? {};
  const [room, drawn] = [shown()?.firstElementChild?.clientWidth ?? 0, Number.parseFloat(width ?? '')];
  expect([top, Number.parseFloat(height ?? '') / drawn]).toEqual(['0px', 2]);
  expect(Number.parseFloat(left ?? '')).toBe((room - drawn) / 2);
});

it.each<[string, DicomJson]>([
  ['that has lost information, which its pane says', { '00282110': plain(CS, '01') }],
  ['without a name and a birth date', { '00100010': { vr: 'PN' }, '00100030': { vr: 'DA' } }],
  ['that is a tile of a slide', { '00080016': plain(UI, '1.2.840.10008.5.1.4.1.1.77.1.6') }],
  [
    'that the server has to be asked about',
    {
      '00280100': plain(US, 16),
      '00280101': plain(US, 16),
      '00280102': plain(US, 15),
      '00281050': { vr: DS },
      '00281051': { vr: DS },
    },
  ],
])('is none of an image %s', async (_which, own) => {
  dataset = { ...DATASET, ...own };
  await draw();
  expect([shown(), painted.length, marks()]).toEqual([null, 0, 0]);
});

it.each<[string, () => void]>([
  ['the room has drawn it', takeOverPlain],
  ['the room says that there is none', leavePlain],
  ['the session has ended', () => sessionExpired()],
  ['the person signs out', () => sessionEnded()],
  ['the page shows another address', () => plainVisits('/app/worklist')],
  ['the browser keeps the page for later', () => void dispatchEvent(new Event('pagehide'))],
  ['the window becomes another', () => void dispatchEvent(new Event('resize'))],
  [
    'the reader goes back',
    () => {
      history.replaceState(null, '', '/app/worklist');
      dispatchEvent(new PopStateEvent('popstate'));
    },
  ],
])('goes at once where %s', async (_why, happens) => {
  await draw();
  expect(shown()).not.toBeNull();
  plainVisits(PATH);
  expect(shown()).not.toBeNull();
  happens();
  expect(shown()).toBeNull();
  expect(document.body.textContent).not.toContain('ANNA');
});

it('is drawn by a session whose access token has run out, once that is renewed', async () => {
  const asks: string[] = [];
  vi.stubGlobal('fetch', (address: string) => {
    asks.push(address);
    if (address === '/api/auth/refresh') return json({ expiresAt: null });
    if (address === ME) return who();
    if (/\/frames\//.test(address)) return new Promise(() => undefined);
    if (/\/series\?/.test(address)) return json(SERIES);
    return address === ADDRESS ? json(STUDY) : json([dataset]);
  });
  await draw(asked(who('u-anna', 401), json({}, 401)));
  expect(shown()).not.toBeNull();
  expect(asks.filter((one) => one.startsWith('/api')).sort()).toEqual([ME, '/api/auth/refresh', ADDRESS]);
});

it('is gone before a better picture of it where its session is not there any more, though nobody told', async () => {
  const comes = await draw(asked(), false);
  expect(shown()).not.toBeNull();
  haveSession('session-of-bert');
  comes();
  await vi.waitFor(() => expect(shown()).toBeNull());
  expect(painted).toHaveLength(1);
  // Nor is anything else of it given to who comes next.
  expect(window.__negatoscopeEarly).toBeNull();
});

it('keeps the order of its dates behind a name that is read from right to left', async () => {
  dataset = { ...DATASET, '00100010': { vr: 'PN', Value: [{ Alphabetic: 'محمد^علي' }] } };
  await draw();
  const parts = [...(shown()?.querySelectorAll('bdi') ?? [])].map((part) => part.textContent);
  expect(parts).toEqual(['محمد علي', '03/02/1970', '01/03/2026']);
});

it('goes at once where somebody else has signed in in another tab, who does not wait for the next picture', async () => {
  await draw();
  const before = frameStore.size.frames;
  haveSession('session-of-bert');
  document.dispatchEvent(new Event('visibilitychange'));
  expect([shown(), frameStore.size.frames]).toEqual([null, before - 1]);
});

it('leaves no black box over the room where the browser can paint nothing', async () => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => {
    throw new RangeError('Out of memory');
  });
  await draw();
  expect([shown(), marks()]).toEqual([null, 0]);
});

it('does not come any more where the room was sooner, and leaves what that shows', async () => {
  const drawing = draw();
  takeOverPlain();
  await drawing;
  expect([shown(), painted.length]).toEqual([null, 0]);
});

it('leaves nothing in memory where no room takes it over', async () => {
  await draw();
  const before = frameStore.size.frames;
  leavePlain();
  expect(frameStore.size.frames).toBe(before - 1);
});

it('goes after a while that no room comes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  await draw();
  expect(shown()).not.toBeNull();
  vi.advanceTimersByTime(15_000);
  expect(shown()).toBeNull();
  vi.useRealTimers();
});
