import { describe, expect, it, test } from 'vitest';
import { studyAtAddress } from '../entities/study/address.ts';
import { listFilterOf } from '../entities/study/list-filter.ts';
import { daysBefore, today } from '../i18n/format.ts';
import {
  auditSearch,
  conflictSearch,
  consultationSearch,
  loginSearch,
  patientSearch,
  predictionSearch,
  sharesSearch,
  statisticsSearch,
  studySearch,
  usersSearch,
  viewerSearch,
} from './search-params.ts';

const ID = '019a0000-0000-7000-8000-000000000001';
const HOSTILE = '<img src=x onerror="alert(1)">\u202e';

describe('what the address of a page holds', () => {
  it.each([
    ['2026-02-28', '2026-02-28'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', undefined],
    ['2026-02-30', undefined],
    ['2026-13-01', undefined],
    ['2026-00-10', undefined],
    ['2026-1-1', undefined],
    ['2026-01-01T00:00:00Z', undefined],
    [20260101, undefined],
    [['2026-01-01', '2026-01-02'], undefined],
  ])('is a day only where the calendar has it: %s', (date, read) => {
    expect(consultationSearch({ date })).toEqual(read === undefined ? {} : { date: read });
  });

  it.each([
    ['2026-12', '2026-12'],
    ['2026-13', undefined],
    ['2026-00', undefined],
    ['2026', undefined],
    ['2026-01-01', undefined],
    [undefined, undefined],
  ])('is a month only where the year has it: %s', (month, read) => {
    expect(statisticsSearch({ month })).toEqual(read === undefined ? {} : { month: read });
  });

  it('of people and records is an id, or one of the words for none', () => {
    expect(studySearch({ assignee: 'me', label: ID, site: ID })).toEqual({ assignee: 'me', label: ID, site: ID });
    expect(studySearch({ assignee: 'nobody', label: `'${ID}`, site: 'none' })).toEqual({});
    expect(usersSearch({ groupId: 'none' })).toEqual({ groupId: 'none' });
    expect(usersSearch({ groupId: 'all', role: 'KING', status: 'ACTIVE' })).toEqual({ status: 'ACTIVE' });
    expect(auditSearch({ patient: ID, actor: `${ID}0`, outcome: 'DENIED' })).toEqual({ patient: ID, outcome: 'DENIED' });
  });

  it('of shares is those that stand, the others, or all', () => {
    const read = [true, false, 'true', undefined].map((open) => sharesSearch({ open }));
    expect(read).toEqual([{ open: true }, { open: false }, {}, {}]);
  });

  it('is yes only by the word itself', () => {
    expect(patientSearch({ review: true, create: 'true' })).toEqual({ review: true });
    expect(viewerSearch({ alone: 1, panel: true })).toEqual({ panel: true });
    expect(conflictSearch({ decided: 'yes' })).toEqual({});
  });

  it('is no longer than a page needs: what was typed is kept as it is, up to its length', () => {
    expect(patientSearch({ q: HOSTILE })).toEqual({ q: HOSTILE });
    expect(patientSearch({ q: 'Ж'.repeat(500) }).q).toHaveLength(200);
    expect(viewerSearch({ series: '1.'.repeat(80), groupId: 'g'.repeat(90) })).toMatchObject({ series: '1.'.repeat(32) });
    expect(loginSearch({ next: `/app/${'a'.repeat(900)}` }).next).toHaveLength(500);
  });

  it('is nothing where it is of another kind', () => {
    const odd = [null, '', {}, [], true, Number.NaN].map((q) => predictionSearch({ site: q, state: q, range: q }));
    expect(odd.map((one) => JSON.stringify(one))).toEqual(['{}', '{}', '{}', '{}', '{}', '{"site":"NaN"}']);
  });

  it('of modalities in statistics are the standard’s own letters', () => {
    expect([
      statisticsSearch({ modality: 'CT' }),
      statisticsSearch({ modality: 'ct' }),
      statisticsSearch({ modality: 'C T' }),
    ]).toEqual([...[{ modality: 'CT' }, {}, {}]]);
  });
});

describe('what the worklist asks the server for', () => {
  it('has the days of the range that ends today, and whether examinations for comparison are wanted', () => {
    expect(listFilterOf({ range: 'week', prior: 'without' })).toMatchObject({ from: daysBefore(today(), 6), prior: false });
    expect(listFilterOf({ range: 'today', prior: 'only' })).toMatchObject({ from: today(), prior: true });
  });

  it('has nothing of what the address does not say', () => {
    expect(Object.values(listFilterOf({})).filter((value) => value !== undefined)).toEqual([]);
    expect(listFilterOf({ site: ID, sort: 'studyDate' })).toMatchObject({ groupId: ID });
    expect(listFilterOf({ sort: 'studyDate' })).not.toHaveProperty('sort');
  });
});

const OPENED = { studyInstanceUid: '1.2.3', groupId: undefined, seriesInstanceUid: undefined, compare: undefined };
test.each([
  ['/app/studies/1.2.3', '', OPENED],
  ['/app/studies/1.2.3', `?groupId=${ID}&series=1.2.3.4`, { ...OPENED, groupId: ID, seriesInstanceUid: '1.2.3.4' }],
  ['/app/studies/1.2.3', '?alone=true', { ...OPENED, compare: null }],
  ['/app/studies/1.2.3', '?compare=1.2.4', { ...OPENED, compare: { studyInstanceUid: '1.2.4', groupId: undefined } }],
  [
    '/app/studies/1.2.3',
    '?compare=1.2.4&compareGroup=none',
    { ...OPENED, compare: { studyInstanceUid: '1.2.4', groupId: 'none' } },
  ],
  ['/app/studies/1.2.3/', '', undefined],
  ['/app/studies/1.2.3%2F..', '', undefined],
  ['/app/studies/', '', undefined],
  ['/app/worklist', '?q=/app/studies/1.2.3', undefined],
])('an address of a study is known before the application is here: %s%s', (pathname, search, study) => {
  expect(studyAtAddress({ pathname, search })).toEqual(study);
});
