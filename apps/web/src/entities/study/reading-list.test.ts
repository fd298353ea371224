import { Reading } from '@negatoscope/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from '../../test/fake-api.ts';
import { studyOf } from '../../test/rows-fixture.ts';
import { idOf, make } from '../../test/sample.ts';
import { forgetList, nextToRead, readFrom } from './reading-list.ts';

const CURRENT = { studyInstanceUid: '2.25.1', groupId: 'none' };
const rows = (count: number) => Array.from({ length: count }, (_, at) => studyOf(at + 1));
const waiting = (fields: object = {}) => make(Reading, { status: 'TO_READ', ...fields });
const askedFor = (api: FakeApi): (string | undefined)[] => api.of('getReading').map(({ params }) => params.studyInstanceUid);

let api: FakeApi;
beforeEach(() => {
  api = new FakeApi().on('listStudies', () => listOf([])).on('getReading', () => waiting());
  vi.stubGlobal('fetch', api.fetch);
});
afterEach(() => {
  forgetList();
  expect(api.faults).toEqual([]);
});

describe('the next study to be read', () => {
  it('is below in the list that this one was opened from, then above it', async () => {
    readFrom(rows(3));
    expect(await nextToRead({ studyInstanceUid: '2.25.2', groupId: 'none' })).toMatchObject({ studyInstanceUid: '2.25.3' });
    expect(await nextToRead({ studyInstanceUid: '2.25.3', groupId: 'none' })).toMatchObject({ studyInstanceUid: '2.25.1' });
  });

  it('is another one though it bears the same UID in another group, and never this one', async () => {
    readFrom([studyOf(1), studyOf(1, { groupId: idOf(7) })]);
    expect(await nextToRead(CURRENT)).toEqual({ studyInstanceUid: '2.25.1', groupId: idOf(7) });
    readFrom([studyOf(1)]);
    api.on('listStudies', () => listOf([studyOf(1)]));
    expect(await nextToRead(CURRENT)).toBeUndefined();
    api.on('listStudies', () => listOf([studyOf(1, { groupId: idOf(7) })]));
    expect(await nextToRead(CURRENT)).toEqual({ studyInstanceUid: '2.25.1', groupId: idOf(7) });
  });

  it('is what oneself has begun, not what somebody else reads', async () => {
    const reader = (isSelf: boolean) => ({ userId: idOf(9), name: 'Dr Roux', since: '2026-03-01T08:00:00.000Z', isSelf });
    readFrom([studyOf(1), studyOf(2, { status: 'IN_PROGRESS' }), studyOf(3, { status: 'IN_PROGRESS' })]);
    api.on('getReading', ({ params }) =>
      waiting({ status: 'IN_PROGRESS', readers: [reader(params.studyInstanceUid === '2.25.3')] }),
    );
    expect(await nextToRead(CURRENT)).toMatchObject({ studyInstanceUid: '2.25.3' });
  });

  it('passes over what is read by now, what has gone and what one may not see any more', async () => {
    readFrom(rows(5));
    const answers: Record<string, unknown> = {
      '2.25.2': waiting({ status: 'VALIDATED' }),
      '2.25.3': new Refusal('NOT_FOUND'),
      '2.25.4': new Refusal('FORBIDDEN'),
    };
    api.on('getReading', ({ params }) => answers[params.studyInstanceUid ?? ''] ?? waiting());
    expect(await nextToRead(CURRENT)).toMatchObject({ studyInstanceUid: '2.25.5' });
  });

  it('is not said to be none where the server can’t be asked: that fails, at the first of them', async () => {
    readFrom(rows(40));
    api.on('getReading', () => new Refusal('UNAVAILABLE'));
    await expect(nextToRead(CURRENT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(askedFor(api)).toEqual(['2.25.2']);
    api.away(true);
    await expect(nextToRead(CURRENT)).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('is looked for among twenty, however long the list is', async () => {
    readFrom(rows(40));
    api.on('getReading', () => waiting({ status: 'VALIDATED' }));
    expect(await nextToRead(CURRENT)).toBeUndefined();
    expect(askedFor(api)).toHaveLength(20);
  });

  it('without a list is what waits longest on the server', async () => {
    api.on('listStudies', () => listOf([studyOf(8)]));
    expect(await nextToRead(CURRENT)).toMatchObject({ studyInstanceUid: '2.25.8' });
    expect(api.of('listStudies')[0]?.query).toMatchObject({ status: 'TO_READ', sort: 'studyDate' });
  });
});
