import type { HangingLayout } from '@negatoscope/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Question } from '../model/asked-early.ts';
import { boxOfFirst } from './first-pane.ts';
import type { Place } from './place.ts';
import type { Asked } from './reader.ts';

const PLACE: Place = { box: [10, 20, 801, 600], isWide: true };
const [WHOLE, LEFT, RIGHT] = [PLACE.box, [10, 20, 400, 600], [411, 20, 400, 600]];
const [AXIAL, CORONAL] = ['1.2.3.1', '1.2.3.2'];
const STUDY = '1.2.3';

const question = (items: readonly unknown[], status = 200): Question => ({
  address: '/api/x',
  response: Promise.resolve(new Response(JSON.stringify({ items }), { status })),
});
const PRIOR = { studyInstanceUid: '1.2.2', groupId: null, isComparable: true };
const pane = (of: 'CURRENT' | 'PRIOR', plane: 'axial' | 'coronal') => ({ of, like: { modality: 'CT', plane } });
const rule = (panes: HangingLayout['panes'], more: object = {}) => ({
  ...{ id: 'r', level: 'OWN', siteId: null, modality: 'CT', region: null },
  layout: { rows: 1, columns: panes.length, panes, isLinked: true },
  ...more,
});
const PRIOR_FIRST = [pane('PRIOR', 'axial'), pane('CURRENT', 'axial')];

interface Given {
  readonly rules?: Question;
  readonly priors?: Question;
  readonly opened?: Partial<Asked['opened']>;
  readonly place?: Place;
}
let number = 0;
function box({ rules = question([]), priors = question([PRIOR]), opened, place = PLACE }: Given) {
  // What was fetched of one before is kept for a while.
  number += 1;
  const study = { studyInstanceUid: STUDY, groupId: String(number) };
  const asked: Asked = {
    opened: { ...study, seriesInstanceUid: undefined, compare: undefined, ...opened },
    ...{ rules, priors, who: question([]), study: question([]) },
    ...{ session: 'x', onSettled: () => undefined },
  };
  const reader = { id: 'u-anna', groupId: 'site-a', groupIds: ['site-a'] };
  return boxOfFirst(place, { study, seriesInstanceUid: AXIAL }, asked, reader);
}

beforeEach(() => {
  Object.assign(window, { innerWidth: 1000, innerHeight: 800 });
  const series = [
    [AXIAL, 'Axial'],
    [CORONAL, 'Coronal'],
  ].map(([uid, description], at) => ({
    '0020000E': { vr: 'UI', Value: [uid] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '0008103E': { vr: 'LO', Value: [description] },
    '00200011': { vr: 'IS', Value: [at + 1] },
  }));
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(series))));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it.each<[string, Given, readonly number[] | undefined]>([
  ['beside the place of a prior', {}, LEFT],
  ['alone where there is no prior', { priors: question([]) }, WHOLE],
  ['alone where none is worth hanging', { priors: question([{ ...PRIOR, isComparable: false }]) }, WHOLE],
  ['alone where nothing is to stand beside it', { opened: { compare: null } }, WHOLE],
  [
    'beside the study that is asked for',
    { priors: question([]), opened: { compare: { studyInstanceUid: '1.2.1', groupId: undefined } } },
    LEFT,
  ],
  ['second, as somebody has kept it', { rules: question([rule(PRIOR_FIRST)]) }, RIGHT],
  ['second, as their site has kept it', { rules: question([rule(PRIOR_FIRST, { level: 'SITE', siteId: 'site-a' })]) }, RIGHT],
  [
    'first, where another site has kept it otherwise',
    { rules: question([rule(PRIOR_FIRST, { level: 'SITE', siteId: 'site-b' })]) },
    LEFT,
  ],
  ['above the place of a prior on a narrow page', { place: { ...PLACE, isWide: false } }, [10, 20, 801, 299.5]],
  ['beside a prior where the rules may not be had', { rules: question([], 403) }, LEFT],
  [
    'in the place of all where it is not said in time',
    { rules: { address: '/x', response: new Promise(() => undefined) } },
    WHOLE,
  ],
  [
    'in the place of all where the answer is something else',
    { rules: { address: '/x', response: Promise.resolve(new Response('<html>')) } },
    WHOLE,
  ],
  [
    'nowhere, where a kept rule hangs another series first',
    { rules: question([rule([pane('CURRENT', 'coronal'), pane('CURRENT', 'axial')])]) },
    undefined,
  ],
])('a first picture stands where the room will have it: %s', async (_which, given, place) => {
  expect(await box(given)).toEqual(place);
});

it('has the place of all on a page that is too narrow for two images', async () => {
  Object.assign(window, { innerWidth: 700 });
  expect(await box({})).toEqual(WHOLE);
});
