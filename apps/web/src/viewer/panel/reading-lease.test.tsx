import { Reading } from '@negatoscope/contract';
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { idOf, make } from '../../test/sample.ts';
import { ringStudy } from '../model/study-bell.ts';
import { STUDY } from '../testing/pane-fixture.ts';
import { ReadingLease } from './reading-lease.ts';

const SELF = { userId: idOf(1), name: null, since: '2026-03-01T08:00:00.000Z', isSelf: true };
const OTHER = { ...SELF, userId: idOf(2), name: 'Dr Roux', isSelf: false };
const MINUTE = 60_000;

let open: ReadingLease | undefined;
/** A study that waits, of which whoever keeps a reading is a reader. */
function server(status: Reading['status'] = 'TO_READ'): FakeApi {
  const api: FakeApi = new FakeApi();
  const isRead = (): boolean => api.of('keepReading').length > 0 && api.of('endReading').length === 0;
  return api
    .on('getReading', () => make(Reading, { status: isRead() ? 'IN_PROGRESS' : status, readers: isRead() ? [SELF] : [] }))
    .on('keepReading', () => make(Reading, { status: 'IN_PROGRESS', readers: [SELF] }));
}
async function begin(api: FakeApi, mayRead = true): Promise<ReadingLease> {
  // What stands around it answers the calls.
  await openPart(api, null);
  vi.useFakeTimers();
  open = new ReadingLease(STUDY, mayRead);
  await settle();
  return open;
}
const settle = (ms = 0): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
const ids = (api: FakeApi): (string | undefined)[] =>
  [...api.of('keepReading'), ...api.of('endReading')].map(({ params }) => params.id);

beforeEach(() => {
  open = undefined;
});
afterEach(() => {
  open?.close();
  vi.useRealTimers();
});

describe('the reading of a study', () => {
  test('begins when it is opened, shows signs of life under one id, and ends when it is closed', async () => {
    const api = server();
    const lease = await begin(api);
    expect(lease.getSnapshot()).toMatchObject({ isReading: true, onlyLooks: false, reading: { status: 'IN_PROGRESS' } });
    await settle(MINUTE);
    expect(api.of('keepReading').length).toBeGreaterThanOrEqual(3);
    lease.close();
    await settle();
    expect(api.of('endReading').map(({ params, query }) => [params.studyInstanceUid, query.groupId])).toEqual([
      ['1.2.3', 'none'],
    ]);
    expect(new Set(ids(api)).size).toBe(1);
    const before = api.asked.length;
    await settle(10 * MINUTE);
    expect(api.asked).toHaveLength(before);
  });

  test('of what is read already does not begin', async () => {
    const api = server('VALIDATED');
    const lease = await begin(api);
    await settle(MINUTE);
    expect(api.of('keepReading')).toEqual([]);
    expect(lease.getSnapshot()).toMatchObject({ isReading: false, reading: { status: 'VALIDATED' } });
    lease.close();
    await settle();
    expect(api.of('endReading')).toEqual([]);
  });

  test('is not for who may only look, who sees who reads', async () => {
    const api = server().on('getReading', () => make(Reading, { status: 'IN_PROGRESS', readers: [OTHER] }));
    const lease = await begin(api, false);
    await settle(2 * MINUTE);
    expect(api.of('keepReading')).toEqual([]);
    expect(lease.getSnapshot().reading?.readers).toEqual([OTHER]);
  });

  test('is let go by who says that they only look, and taken up again', async () => {
    const api = server();
    const lease = await begin(api);
    lease.look();
    await settle();
    expect(lease.getSnapshot()).toMatchObject({ isReading: false, onlyLooks: true });
    expect(api.of('endReading')).toHaveLength(1);
    const signs = api.of('keepReading').length;
    await settle(MINUTE);
    expect(api.of('keepReading')).toHaveLength(signs);
    lease.read();
    await settle();
    expect(lease.getSnapshot()).toMatchObject({ isReading: true, onlyLooks: false });
  });

  test('shows no sign of life once nobody has touched anything for half an hour, until somebody does', async () => {
    const api = server();
    await begin(api);
    await settle(31 * MINUTE);
    const signs = api.of('keepReading').length;
    await settle(10 * MINUTE);
    expect(api.of('keepReading')).toHaveLength(signs);
    fireEvent.pointerDown(document.body);
    await settle();
    expect(api.of('keepReading')).toHaveLength(signs + 1);
  });

  test('outlives an answer that does not come', async () => {
    const api = server();
    const lease = await begin(api);
    api.on('keepReading', () => new Refusal('UNAVAILABLE')).on('getReading', () => new Refusal('UNAVAILABLE'));
    await settle(2 * MINUTE);
    expect(lease.getSnapshot()).toMatchObject({ isReading: true, reading: { status: 'IN_PROGRESS' } });
  });

  test('that begins while the page leaves is ended as well', async () => {
    let answer: (reading: Reading) => void = () => undefined;
    const api = server().on('keepReading', () => new Promise((resolve) => (answer = resolve)));
    const lease = await begin(api);
    lease.close();
    answer(make(Reading, { status: 'IN_PROGRESS', readers: [SELF] }));
    await settle();
    expect(api.of('endReading')).toHaveLength(1);
  });

  test('ends when the browser puts the page away, and goes on when it comes back', async () => {
    const api = server();
    await begin(api);
    const signs = api.of('keepReading').length;
    fireEvent(window, new Event('pagehide'));
    await settle();
    expect(api.of('endReading')).toHaveLength(1);
    fireEvent(window, new Event('pageshow'));
    await settle();
    expect(api.of('keepReading').length).toBe(signs + 1);
  });

  test('is looked at anew when the server says that it has changed, and told to whoever listens', async () => {
    const api = server();
    const lease = await begin(api, false);
    const heard: string[] = [];
    lease.subscribe(() => heard.push(lease.getSnapshot().reading?.status ?? ''));
    api.on('getReading', () => make(Reading, { status: 'VALIDATED' }));
    ringStudy(STUDY);
    await settle();
    ringStudy({ studyInstanceUid: '9.9' });
    await settle();
    expect(heard).toEqual(['VALIDATED']);
  });
});
