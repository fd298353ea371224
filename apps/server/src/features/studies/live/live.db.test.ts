import { permissionsOf, type Role, type Study } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIndexApp, GROUP_A, GROUP_B, type IndexApp, seedPatient, seedStudy } from '../../../../test/support/index-app.ts';
import { type Person, person } from '../../../access/index.ts';
import type { Subscriber } from '../../../platform/shared-state/index.ts';
import { type StudyChange, studyChangesOf } from './hub.ts';
import { studyEventsFor } from './index.ts';

let index: IndexApp;
beforeAll(async () => {
  index = await createIndexApp();
});
afterAll(() => index.close());

const memberOf = (groupId: string | null, role: Role = 'RADIOLOGIST'): Person =>
  person({
    ...{
      userId: '019a0000-0000-7000-b000-00000000000a',
      role,
      level: 'WRITE',
      groupId,
      sessionId: 's',
      via: 'session',
      ip: '::1',
    },
    permissions: permissionsOf(role, 'WRITE'),
  });

let number = 0;
async function study(groupId: string | null): Promise<{ id: string; patientId: string }> {
  number += 1;
  const patientId = await seedPatient(index.owner, { groupId, familyName: `Live ${number}` });
  const { id } = await seedStudy(index.owner, { patientId, groupId, uid: `1.2.826.98.${number}` });
  return { id, patientId };
}

/** Somebody who listens; `tell` changes, `next` event that is more than a sign of life. */
function listening(actor: Person) {
  const listeners = new Set<(change: StudyChange) => void>();
  const events = studyEventsFor({ db: index.db, clock: index.deps.clock }, actor, (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
  const next = async (): Promise<{ name: string; items: Study[]; gone: string[] }> => {
    for (;;) {
      const { value } = await events.next();
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(String(value)) ?? [];
      if (name !== 'alive') return { name, items: [], gone: [], ...JSON.parse(data) };
    }
  };
  const tell = (...changes: StudyChange[]): void => {
    for (const change of changes) for (const listener of listeners) listener(change);
  };
  return { next, tell, begin: () => events.next(), end: () => events.return(undefined), listeners };
}

describe('events of studies', () => {
  test('tell what is in scope, and of everything else not even that it is there', async () => {
    const [own, foreign, free] = [await study(GROUP_A), await study(GROUP_B), await study(null)];
    const all = [own, foreign, free].map(({ id }) => ({ studyId: id }));
    const who = [memberOf(GROUP_A), memberOf(GROUP_B), memberOf(GROUP_A, 'RESEARCHER')].map(listening);
    // Changes are told after a moment, together: all wait for it at once.
    const seen = await Promise.all(
      who.map(async (one) => {
        await one.begin();
        one.tell(...all, { studyId: '019a0000-0000-7000-b000-0000000000ff' });
        const { items, gone } = await one.next();
        expect(gone).toEqual([]);
        await one.end();
        return items.map(({ id }) => id).sort();
      }),
    );
    expect(seen).toEqual([[own.id, free.id].sort(), [foreign.id, free.id].sort(), [own.id]]);
  });

  test('tell who sees pseudonyms no name', async () => {
    const { id } = await study(GROUP_A);
    const researcher = listening(memberOf(GROUP_A, 'RESEARCHER'));
    await researcher.begin();
    researcher.tell({ studyId: id });
    expect(JSON.stringify(await researcher.next())).not.toContain('Live');
    await researcher.end();
  });

  test('tell a study that went: to the trash, or out of the scope of who was told of it', async () => {
    const [trashed, moved, never] = [await study(GROUP_A), await study(GROUP_A), await study(GROUP_B)];
    const one = listening(memberOf(GROUP_A));
    await one.begin();
    one.tell({ studyId: moved.id });
    expect((await one.next()).items).toHaveLength(1);
    await index.owner.query('UPDATE studies SET deleted_at = now() WHERE id = ANY ($1)', [[trashed.id, never.id]]);
    await index.owner.query('UPDATE studies SET group_id = $2 WHERE id = $1', [moved.id, GROUP_B]);
    one.tell({ studyId: trashed.id }, { studyId: moved.id }, { studyId: never.id });
    const { items, gone } = await one.next();
    expect([items, [...gone].sort()]).toEqual([[], [trashed.id, moved.id].sort()]);
    await one.end();
    expect(one.listeners.size).toBe(0);
  });

  test('tell the studies of a patient whose record changed, and say so when some may have been missed', async () => {
    const { id, patientId } = await study(GROUP_A);
    const one = listening(memberOf(GROUP_A));
    await one.begin();
    one.tell({ patientId });
    expect((await one.next()).items.map((item) => item.id)).toEqual([id]);
    one.tell('missed');
    expect((await one.next()).name).toBe('missed');
    one.tell(...Array.from({ length: 2_500 }, (_, at) => ({ studyId: at.toString() })));
    expect((await one.next()).name).toBe('missed');
    await one.end();
  });
});

test('what the archive tells of its rows is heard as changes of studies, by one subscription for all who listen', () => {
  const subscribers: Subscriber[] = [];
  const hub = studyChangesOf({
    subscribe: (_channel, subscriber) => {
      subscribers.push(subscriber);
      return () => undefined;
    },
  });
  const heard: StudyChange[] = [];
  const ends = [hub((change) => heard.push(change)), hub(() => undefined)];
  expect(subscribers).toHaveLength(2);
  for (const payload of [
    { kind: 'study', id: 's', patientId: 'p' },
    { kind: 'patient', id: 'p' },
    { seriesId: 'x', studyId: 't' },
    { seriesId: 'x' },
  ])
    subscribers[0]?.onPayload(JSON.stringify(payload));
  subscribers[0]?.onReset();
  expect(heard).toEqual([{ studyId: 's' }, { patientId: 'p' }, { studyId: 't' }, 'missed']);
  for (const end of ends) end();
  subscribers[0]?.onReset();
  expect(heard).toHaveLength(4);
});
