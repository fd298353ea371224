import type { Annotation } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { newId } from '../../api/new-id.ts';
import { EditQueue, type Outcome } from './edit-queue.ts';
import type { Content, KeptEdit, Target } from './kept-edit.ts';
import { StudyAnnotations } from './study-annotations.ts';

const TARGET: Target = { seriesInstanceUid: '1.2', sopInstanceUid: '1.2.3', frame: 7, kind: 'LENGTH' };
const line = (...points: number[]): Content => ({ geometry: { space: 'PIXEL', points }, label: null });

/** The server's rules in short: one version after the other, refused upon another base. */
function serverOf() {
  const rows = new Map<string, Annotation>();
  const take = ({ annotationId: id, edit }: KeptEdit): Outcome => {
    const version = rows.get(id)?.version ?? 0;
    if (edit.baseVersion !== version) return { kind: 'refused', code: 'ANNOTATION_CHANGED' };
    const { editId, authorId, baseVersion, ...rest } = edit;
    const at = '2026-01-01T00:00:00.000Z';
    const annotation = {
      ...rest,
      ...{ id, version: version + 1, createdAt: at, changedAt: at, mayChange: true, isLabelHidden: false },
      author: { id: authorId, name: 'Ana' },
    };
    rows.set(id, annotation);
    return { kind: 'saved', annotation };
  };
  return { rows, take };
}

function open(uid: string, { rows, take }: ReturnType<typeof serverOf>, isCut = () => false) {
  const queue = new EditQueue({
    keeper: { load: async () => [], put: async () => undefined, remove: async () => undefined },
    send: async (kept) => (isCut() ? { kind: 'later' } : take(kept)),
    authorId: () => 'ana',
    now: Date.now,
    pause: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  });
  const study = { studyInstanceUid: uid };
  const of = (over: Partial<ConstructorParameters<typeof StudyAnnotations>[0]> = {}): StudyAnnotations => {
    const opened: StudyAnnotations = new StudyAnnotations({
      ...{ study, authorId: 'ana', canWrite: true, queue },
      refresh: async () => opened.receive([...rows.values()]),
      ...over,
    });
    return opened;
  };
  return { queue, of, annotations: of() };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 10));
const pointsOf = (annotations: StudyAnnotations) => annotations.getSnapshot().items.map(({ geometry }) => geometry.points);

describe('what is drawn on a study', () => {
  it('has its text where it was put, taken back and put there again like every edit', async () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    const [id, { geometry }] = [newId(), line(0, 0, 3, 4)];
    annotations.draw(id, TARGET, { geometry, label: null });
    annotations.change(id, { geometry: { space: 'PIXEL', points: geometry.points, textAt: [20, 30] } });
    const textAt = () => annotations.getSnapshot().items.map((item) => item.geometry.textAt);
    await settle();
    expect([server.rows.get(id)?.version, textAt()]).toEqual([2, [[20, 30]]]);
    annotations.change(id, { geometry: { space: 'PIXEL', points: geometry.points, textAt: [20, 30.0001] } });
    expect([annotations.undo(), textAt()]).toEqual([true, [undefined]]);
    expect([annotations.redo(), textAt()]).toEqual([true, [[20, 30]]]);
    await settle();
    expect(server.rows.get(id)).toMatchObject({ version: 4, geometry: { textAt: [20, 30] } });
  });

  it('is there at once and stays when the server has it; changes and deletions are versions', async () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    const id = newId();
    annotations.draw(id, TARGET, line(0, 0, 3, 4));
    expect(annotations.getSnapshot()).toMatchObject({ waiting: 1, items: [{ id, frame: 7 }] });
    annotations.change(id, line(0, 0, 6, 8));
    annotations.remove(id);
    await settle();
    expect(annotations.getSnapshot()).toMatchObject({ waiting: 0, items: [] });
    expect(server.rows.get(id)).toMatchObject({ version: 3, isDeleted: true });
  });

  it('is taken back and done again step by step, through the same way', async () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    const id = newId();
    annotations.draw(id, TARGET, line(0, 0, 3, 4));
    annotations.change(id, line(0, 0, 6, 8));
    annotations.remove(id);
    await settle();
    expect([annotations.undo(), pointsOf(annotations)]).toEqual([true, [[0, 0, 6, 8]]]);
    expect([annotations.undo(), pointsOf(annotations)]).toEqual([true, [[0, 0, 3, 4]]]);
    expect([annotations.undo(), pointsOf(annotations)]).toEqual([true, []]);
    expect(annotations.undo()).toBe(false);
    for (const points of [[[0, 0, 3, 4]], [[0, 0, 6, 8]], []])
      expect([annotations.redo(), pointsOf(annotations)]).toEqual([true, points]);
    expect(annotations.redo()).toBe(false);
    annotations.undo();
    annotations.draw(newId(), TARGET, line(1, 1, 2, 2));
    expect(annotations.redo()).toBe(false);
    await settle();
    expect(server.rows.get(id)).toMatchObject({ version: 10, isDeleted: false });
  });

  it('of another study is left alone by undo, and by the queue', async () => {
    const server = serverOf();
    const { queue, annotations } = open('1', server);
    const next = new StudyAnnotations({
      study: { studyInstanceUid: '2' },
      authorId: 'ana',
      canWrite: true,
      queue,
      refresh: async () => undefined,
    });
    const id = newId();
    annotations.draw(id, TARGET, line(0, 0, 3, 4));
    expect(next.getSnapshot()).toMatchObject({ waiting: 0, items: [] });
    expect(next.undo()).toBe(false);
    await settle();
    expect([next.getSnapshot().items.length, server.rows.get(id)?.isDeleted]).toEqual([0, false]);
  });

  it('that came second is told with both kept, and a person says which stands', async () => {
    const server = serverOf();
    const [here, there] = [open('1', server), open('1', server)];
    const id = newId();
    here.annotations.draw(id, TARGET, line(0, 0, 1, 1));
    await settle();
    there.annotations.receive([...server.rows.values()]);
    here.annotations.change(id, line(0, 0, 2, 2));
    await settle();
    there.annotations.change(id, line(0, 0, 3, 3));
    await settle();
    expect(pointsOf(there.annotations)).toEqual([[0, 0, 2, 2]]);
    expect(there.annotations.getSnapshot().conflicts).toMatchObject([{ id, mine: line(0, 0, 3, 3) }]);
    there.annotations.settle(id, 'mine');
    await settle();
    expect(server.rows.get(id)).toMatchObject({ version: 3, ...line(0, 0, 3, 3) });
    expect(there.annotations.getSnapshot().conflicts).toEqual([]);
    // Taking back what somebody has changed since would undo their work.
    here.annotations.receive([...server.rows.values()]);
    expect(here.annotations.undo()).toBe(false);
    expect(here.annotations.getSnapshot().refused).toBe('ANNOTATION_CHANGED');
    here.annotations.readRefusal();
    expect([pointsOf(here.annotations), here.annotations.getSnapshot().refused]).toEqual([[[0, 0, 3, 3]], undefined]);
  });

  it('during a cut follows in its order, each upon the one before it', async () => {
    const server = serverOf();
    let isCut = true;
    const { queue, annotations } = open('1', server, () => isCut);
    const id = newId();
    annotations.draw(id, TARGET, line(0, 0, 1, 1));
    annotations.change(id, line(0, 0, 2, 2));
    annotations.undo();
    await settle();
    expect([annotations.getSnapshot().waiting, server.rows.size]).toEqual([3, 0]);
    isCut = false;
    queue.wake();
    await settle();
    expect(server.rows.get(id)).toMatchObject({ version: 3, ...line(0, 0, 1, 1) });
  });

  it('by others can’t be changed, and nothing is kept for who may only read', async () => {
    const server = serverOf();
    const { annotations, of } = open('1', server);
    const id = newId();
    annotations.draw(id, TARGET, line(0, 0, 1, 1));
    await settle();
    const reader = of({ canWrite: false });
    reader.receive([...server.rows.values()].map((row) => ({ ...row, mayChange: false })));
    reader.change(id, line(9, 9, 9, 9));
    reader.remove(id);
    reader.draw(newId(), TARGET, line(5, 5, 6, 6));
    await settle();
    expect([pointsOf(reader), server.rows.get(id)?.version]).toEqual([[[0, 0, 1, 1]], 1]);
  });

  it('with its text is one edit, and a text alone may be changed; what changes nothing is no edit', async () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    const id = newId();
    annotations.draw(id, { ...TARGET, kind: 'ARROW' }, { ...line(0, 0, 3, 4), label: '<b>nodule</b>' });
    annotations.change(id, { label: 'nodule' });
    annotations.change(id, { label: 'nodule' });
    await settle();
    expect(server.rows.get(id)).toMatchObject({ version: 2, ...line(0, 0, 3, 4), label: 'nodule' });
    annotations.undo();
    expect(annotations.getSnapshot().items).toMatchObject([{ label: '<b>nodule</b>' }]);
  });

  it('stays the same object while it does not change, whatever else does', async () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    annotations.draw(newId(), TARGET, line(0, 0, 3, 4));
    await settle();
    const [before] = annotations.getSnapshot().items;
    annotations.draw(newId(), TARGET, line(5, 5, 6, 6));
    annotations.receive(structuredClone([...server.rows.values()]));
    await settle();
    expect(annotations.getSnapshot().items).toHaveLength(2);
    expect(annotations.getSnapshot().items[0]).toBe(before);
  });

  it('is shown in its latest version, in whatever order versions come', () => {
    const server = serverOf();
    const { annotations } = open('1', server);
    const row = { ...TARGET, id: 'x', label: null, isDeleted: false, mayChange: false } as unknown as Annotation; // What is read of it.
    annotations.receive([{ ...row, version: 2, ...line(2, 2, 2, 2) }]);
    annotations.receive([{ ...row, version: 1, ...line(1, 1, 1, 1) }]);
    expect(pointsOf(annotations)).toEqual([[2, 2, 2, 2]]);
  });
});
