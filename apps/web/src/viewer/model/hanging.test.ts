import type { HangingLayout, HangingRule } from '@negatoscope/contract';
import { type Candidate, featuresOf, regionOf } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { hang, keptRuleFor, readyRule, ruleOf } from './hanging.ts';

const CURRENT = { studyInstanceUid: '1' };
const PRIOR = { studyInstanceUid: '2' };
const series = (modality: string, ...names: string[]): Candidate[] =>
  names.map((description) => ({
    seriesInstanceUid: description,
    features: featuresOf({
      seriesInstanceUid: description,
      modality,
      seriesNumber: 1,
      description,
      instanceCount: modality === 'MG' || modality === 'DX' ? 1 : 60,
      bodyPart: undefined,
    }),
  }));
const ready = (modality: string, region: HangingRule['region'] | undefined, hasPrior: boolean) =>
  readyRule({ modality, region: region ?? undefined }, hasPrior);
interface Options {
  readonly prior?: readonly Candidate[] | 'pending';
  readonly asked?: string;
}
function shown(rule: HangingLayout, current: readonly Candidate[], { prior, asked }: Options = {}) {
  const { grid, slots } = hang({
    rule,
    current: { study: CURRENT, series: current },
    prior: prior === undefined ? undefined : { study: PRIOR, series: prior === 'pending' ? undefined : prior },
    asked,
  });
  const nameOf = (slot: (typeof slots)[number]): string =>
    slot === undefined ? '-' : `${slot.study === PRIOR ? 'prior ' : ''}${slot.seriesInstanceUid}`;
  return { grid: `${grid.rows}x${grid.columns}`, slots: slots.map(nameOf) };
}

describe('ready rules', () => {
  it('a CT of the chest: lung beside the lung of the prior; alone in one pane', () => {
    const current = series('CT', 'Thorax médiastin', 'Thorax poumon', 'Thorax COR');
    const prior = series('CT', 'Chest soft', 'Chest lung');
    expect(shown(ready('CT', 'CHEST', true), current, { prior })).toEqual({
      grid: '1x2',
      slots: ['Thorax poumon', 'prior Chest lung'],
    });
    expect(shown(ready('CT', 'CHEST', false), current)).toEqual({ grid: '1x1', slots: ['Thorax poumon'] });
  });

  it('the place of a prior is kept until its series are known; nothing moves when they come', () => {
    const current = series('CT', 'Abdomen portal C+', 'Abdomen C-');
    const rule = ready('CT', 'ABDOMEN', true);
    expect(shown(rule, current, { prior: 'pending' })).toEqual({ grid: '1x2', slots: ['Abdomen portal C+', '-'] });
    const prior = series('CT', 'Abd sans', 'Abd portal');
    expect(shown(rule, current, { prior }).slots).toEqual(['Abdomen portal C+', 'prior Abd portal']);
  });

  it.each<[string, readonly Candidate[], readonly Candidate[], string]>([
    ['one film, its prior one film', series('DX', 'Face'), series('DX', 'PA'), '1x2'],
    ['two films, one film', series('DX', 'Face', 'Profil'), series('DX', 'PA'), '2x2'],
    ['a film from the side alone', series('DX', 'Profil'), series('DX', 'PA', 'LAT'), '1x2'],
    ['one weighting', series('MR', 'Ax FLAIR'), series('MR', 'FLAIR', 'DWI'), '1x2'],
    ['one breast', series('MG', 'R CC'), series('MG', 'R CC 2024'), '1x2'],
    ['the right breast, both of whose views are there', series('MG', 'R CC', 'R MLO'), series('MG', 'R MLO', 'R CC'), '2x2'],
    ['the views from above', series('MG', 'R CC', 'L CC'), series('MG', 'L CC', 'R CC'), '1x4'],
  ])('a prior keeps no place where none of it can hang: %s', (_what, current, prior, grid) => {
    const rule = ready(current[0]?.features.modality ?? '', 'BREAST', true);
    const before = shown(rule, current, { prior: 'pending' });
    const after = shown(rule, current, { prior });
    expect([before.grid, after.grid]).toEqual([grid, grid]);
    // Nor does anything of the current study change its pane.
    expect(before.slots).toEqual(after.slots.map((slot) => (slot.startsWith('prior') ? '-' : slot)));
  });

  it('a series that was asked for comes first, and its own pair with it', () => {
    const current = series('CT', 'Thorax poumon', 'Thorax médiastin');
    const prior = series('CT', 'Chest lung', 'Chest soft');
    expect(shown(ready('CT', 'CHEST', true), current, { prior, asked: 'Thorax médiastin' }).slots).toEqual([
      'Thorax médiastin',
      'prior Chest soft',
    ]);
  });

  it('a prior without anything alike hangs all the same, by its first series', () => {
    const prior = series('MR', 'Ax T2', 'Ax T1');
    expect(shown(ready('CT', undefined, true), series('CT', 'Foie'), { prior }).slots).toEqual(['Foie', 'prior Ax T2']);
  });

  it('an MR of the head: two weightings beside those of the prior; four of them without one', () => {
    const current = series('MR', 'Ax T1', 'Ax T2', 'Ax DWI', 'Ax FLAIR', 'Sag T1');
    const prior = series('MR', 'FLAIR', 'DWI');
    expect(shown(ready('MR', 'HEAD', true), current, { prior })).toEqual({
      grid: '2x2',
      slots: ['Ax FLAIR', 'prior FLAIR', 'Ax DWI', 'prior DWI'],
    });
    expect(shown(ready('MR', 'HEAD', false), current)).toEqual({
      grid: '2x2',
      slots: ['Ax FLAIR', 'Ax DWI', 'Ax T2', 'Ax T1'],
    });
  });

  it('rows and columns in which nothing hangs are left out', () => {
    expect(shown(ready('DX', 'CHEST', false), series('DX', 'Thorax face'))).toEqual({ grid: '1x1', slots: ['Thorax face'] });
    expect(shown(ready('DX', 'CHEST', true), series('DX', 'Face', 'Profil'), { prior: series('DX', 'PA') })).toEqual({
      grid: '2x2',
      slots: ['Face', 'prior PA', 'Profil', '-'],
    });
    expect(shown(ready('MG', 'BREAST', true), series('MG', 'Sein'), { prior: series('MG', 'Sein 2024') })).toEqual({
      grid: '1x2',
      slots: ['Sein', 'prior Sein 2024'],
    });
  });

  it('breasts: four views of both studies, each with its pair', () => {
    const views = ['R CC', 'L CC', 'R MLO', 'L MLO'];
    const result = shown(ready('MG', 'BREAST', true), series('MG', ...views), { prior: series('MG', ...[...views].reverse()) });
    expect(result).toEqual({
      grid: '2x4',
      slots: ['R CC', 'L CC', 'prior R CC', 'prior L CC', 'R MLO', 'L MLO', 'prior R MLO', 'prior L MLO'],
    });
  });

  it('an ultrasound, and what has no rule: one pane, or the prior beside it', () => {
    for (const modality of ['US', 'XA', 'OT']) {
      expect(ready(modality, undefined, false)).toMatchObject({ rows: 1, columns: 1 });
      expect(ready(modality, undefined, true)).toMatchObject({ rows: 1, columns: 2 });
    }
  });

  it('a study without images hangs nothing', () => {
    expect(shown(ready('SR', undefined, false), [])).toEqual({ grid: '1x1', slots: ['-'] });
  });
});

describe('what is on the screen, kept as a rule', () => {
  const current = series('CT', 'Thorax poumon', 'Thorax médiastin');
  const prior = series('CT', 'Chest lung', 'Chest soft');
  const find = (uid: string) => [...current, ...prior].find((one) => one.seriesInstanceUid === uid);
  const slot = (study: typeof CURRENT, seriesInstanceUid: string) => ({ study, seriesInstanceUid });
  const screen = [slot(PRIOR, 'Chest soft'), slot(CURRENT, 'Thorax médiastin'), undefined, slot(CURRENT, 'Thorax poumon')];
  const rule = ruleOf(
    { rows: 2, columns: 2 },
    screen,
    ({ study, seriesInstanceUid }) => {
      const features = find(seriesInstanceUid)?.features;
      return features && { isCurrent: study === CURRENT, features };
    },
    false,
  );

  it('hangs the same way again, and another study after its kinds', () => {
    expect(shown(rule, current, { prior })).toEqual({
      grid: '2x2',
      slots: ['prior Chest soft', 'Thorax médiastin', '-', 'Thorax poumon'],
    });
    const other = series('CT', 'Lung 1 mm', 'Soft tissue 3 mm');
    expect(shown(rule, other, { prior }).slots).toEqual(['prior Chest soft', 'Soft tissue 3 mm', '-', 'Lung 1 mm']);
    expect(rule.isLinked).toBe(false);
  });

  it('keeps the place of a prior that is on its way: of its first pane, of those for a kind, and of those beside what hangs', () => {
    const like = { modality: 'CT', plane: 'axial' } as const;
    const panes: HangingLayout['panes'] = [
      { of: 'PRIOR', pairOf: 3 },
      { of: 'CURRENT', like },
      { of: 'PRIOR', pairOf: 4 },
      null,
      null,
      { of: 'PRIOR', like },
      { of: 'PRIOR', pairOf: 5 },
      { of: 'PRIOR', pairOf: 1 },
      { of: 'PRIOR', pairOf: 2 },
    ];
    const kept = { rows: 3, columns: 3, panes, isLinked: true };
    const { slots, grid } = shown(kept, current, { prior: 'pending' });
    // The middle column: only the pane beside an empty one has no place to keep.
    expect({ slots, grid }).toEqual({ grid: '3x3', slots: ['-', 'Thorax poumon', '-', '-', '-', '-', '-', '-', '-'] });
    const empty = { rows: 1, columns: 3, panes: panes.slice(0, 3), isLinked: true };
    expect(shown(empty, current, { prior: 'pending' })).toEqual({ grid: '1x2', slots: ['-', 'Thorax poumon'] });
    expect(shown(empty, current, { prior })).toEqual({ grid: '1x2', slots: ['prior Chest lung', 'Thorax poumon'] });
  });

  it('keeps no words of a description: they may name anybody', () => {
    expect(JSON.stringify(rule)).not.toMatch(/thorax|chest/i);
  });
});

describe('the rule that is chosen', () => {
  const rule = (id: string, change: Partial<HangingRule>) =>
    ({ id, level: 'OWN', siteId: null, modality: 'CT', region: null, ...change }) as HangingRule;
  const rules = [
    rule('installation', { level: 'SITE', region: 'CHEST' }),
    rule('site', { level: 'SITE', siteId: 'g' }),
    rule('site chest', { level: 'SITE', siteId: 'g', region: 'CHEST' }),
    rule('own head', { region: 'HEAD' }),
    rule('own', {}),
  ];
  const chosen = (all: readonly HangingRule[], region: HangingRule['region'], modality = 'CT') =>
    keptRuleFor(all, { modality, region: region ?? undefined })?.id;

  it('is one’s own before the site’s before the installation’s, and the one of its region before the one of any', () => {
    expect(chosen(rules, 'HEAD')).toBe('own head');
    expect(chosen(rules, 'CHEST')).toBe('own');
    expect(chosen(rules, null)).toBe('own');
    expect(chosen(rules.slice(0, 3), 'CHEST')).toBe('site chest');
    expect(chosen(rules.slice(0, 2), 'CHEST')).toBe('site');
    expect(chosen(rules.slice(0, 1), 'CHEST')).toBe('installation');
    expect(chosen(rules.slice(0, 1), 'HEAD')).toBeUndefined();
    expect(chosen(rules, 'HEAD', 'MR')).toBeUndefined();
  });
});

it('regions, by body parts and descriptions', () => {
  expect(regionOf(['CHEST', undefined])).toBe('CHEST');
  expect(regionOf([undefined, 'Scanner cérébral'])).toBe('HEAD');
  expect(regionOf(['LSPINE'])).toBe('SPINE');
  expect(regionOf(['TDM abdomino-pelvienne'])).toBe('ABDOMEN');
  expect(regionOf(['Rachis cervical'])).toBe('SPINE');
  expect(regionOf(['MAMMOGRAPHIE'])).toBe('BREAST');
  expect(regionOf(['Genou droit'])).toBe('LIMB');
  expect(regionOf(['IRM hanche gauche'])).toBe('LIMB');
  expect(regionOf(['TDM thoraco-abdomino-pelvienne'])).toBe('CHEST');
  // As the server ranks priors by the same list: what it did not know before.
  expect(regionOf(['PARANASALSINUS'])).toBe('HEAD');
  expect(regionOf(['Échographie thyroïdienne'])).toBe('NECK');
  expect(regionOf(['Examen', undefined])).toBeUndefined();
});
