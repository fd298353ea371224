import type { Annotation, AnnotationEdit } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { EditQueue, KEEP_MS, type Outcome, type QueuePorts } from './edit-queue.ts';
import type { KeptEdit } from './kept-edit.ts';

const STUDY = { studyInstanceUid: '1.2.3' };
const edit = (editId: string, authorId = 'ana'): AnnotationEdit => ({
  editId,
  authorId,
  baseVersion: 0,
  seriesInstanceUid: '1.2.3.1',
  sopInstanceUid: '1.2.3.1.1',
  frame: 7,
  kind: 'LENGTH',
  geometry: { space: 'PIXEL', points: [0, 0, 3, 4] },
  label: null,
  isDeleted: false,
});
const saved = ({ edit: { editId } }: KeptEdit): Outcome => ({
  kind: 'saved',
  annotation: { id: editId } as Annotation, // All that these tests read.
});

/** A queue whose server answers what `answer` says, and a browser that keeps what it is given. */
function open(answer: (kept: KeptEdit, time: number) => Outcome | Promise<Outcome>, kept = new Map<string, KeptEdit>()) {
  const state = { who: 'ana' as string | undefined, now: 1_000, sent: [] as string[], pauses: 0, lost: [] as string[] };
  const ports: QueuePorts = {
    keeper: {
      load: async (authorId) => [...kept.values()].filter((one) => one.edit.authorId === authorId),
      put: async (one) => void kept.set(one.edit.editId, one),
      remove: async (editId) => void kept.delete(editId),
    },
    send: async (one) => {
      state.sent.push(one.edit.editId);
      return answer(one, state.sent.length);
    },
    authorId: () => state.who,
    now: () => state.now,
    pause: async () => {
      state.pauses += 1;
      if (state.pauses > 50) state.who = undefined;
    },
  };
  const queue = new EditQueue(ports);
  queue.subscribe({
    onSaved: () => undefined,
    onRefused: (one, code) => state.lost.push(`${one.edit.editId} ${code}`),
    onChange: () => undefined,
  });
  const add = (editId: string, authorId?: string) =>
    queue.add({ study: STUDY, annotationId: editId, edit: edit(editId, authorId) });
  return { queue, state, kept, add };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('edits on their way', () => {
  it('are sent in order, each once, and no longer kept when the server has them', async () => {
    const { add, state, kept, queue } = open(saved);
    for (const id of ['a', 'b', 'c']) add(id);
    await settle();
    expect([state.sent, kept.size, queue.size]).toEqual([['a', 'b', 'c'], 0, 0]);
  });

  it('wait while the line is cut, keep their order, and are lost neither by it nor by a reload', async () => {
    const cut = open(() => ({ kind: 'later' }));
    for (const id of ['a', 'b']) cut.add(id);
    await settle();
    expect(new Set(cut.state.sent)).toEqual(new Set(['a']));
    expect([...cut.kept.keys()]).toEqual(['a', 'b']);
    const after = open(saved, cut.kept);
    await after.queue.resume('ana');
    after.add('c');
    await settle();
    expect([after.state.sent, after.kept.size]).toEqual([['a', 'b', 'c'], 0]);
    await after.queue.resume('ana');
    await settle();
    expect(after.state.sent).toHaveLength(3);
  });

  it('are sent under their author’s session only', async () => {
    const { add, state, queue, kept } = open(saved);
    state.who = 'luc';
    add('of-ana');
    add('of-luc', 'luc');
    await settle();
    expect([state.sent, queue.size]).toEqual([['of-luc'], 1]);
    await queue.resume('luc');
    expect(state.sent).toEqual(['of-luc']);
    state.who = 'ana';
    queue.wake();
    await settle();
    expect([state.sent, kept.size]).toEqual([['of-luc', 'of-ana'], 0]);
  });

  it('wait for their author when the server says that somebody else is signed in', async () => {
    const { add, state, queue } = open((one, time) => (time === 1 ? { kind: 'not-now' } : saved(one)));
    add('a');
    await settle();
    expect([state.sent, state.pauses, queue.size]).toEqual([['a', 'a'], 1, 0]);
  });

  it('go after 24 hours, and that is told', async () => {
    const { add, state, queue, kept } = open(() => ({ kind: 'later' }));
    add('old');
    await settle();
    state.now += KEEP_MS + 1;
    state.who = 'ana';
    queue.wake();
    await settle();
    expect([state.lost, queue.size, kept.size]).toEqual([['old EXPIRED'], 0, 0]);
  });

  it('that are refused leave the way to the next', async () => {
    const { add, state } = open((one) =>
      one.edit.editId === 'bad' ? { kind: 'refused', code: 'ANNOTATION_CHANGED' } : saved(one),
    );
    add('bad');
    add('good');
    await settle();
    expect([state.sent, state.lost]).toEqual([['bad', 'good'], ['bad ANNOTATION_CHANGED']]);
  });

  it('get one more chance before somebody signs out, and no longer than that', async () => {
    let isCut = true;
    let pauses = 0;
    const wakes: (() => void)[] = [];
    const queue = new EditQueue({
      keeper: { load: async () => [], put: async () => undefined, remove: async () => undefined },
      send: async (one) => (isCut ? { kind: 'later' } : saved(one)),
      authorId: () => 'ana',
      now: Date.now,
      pause: (ms, signal) =>
        new Promise((resolve) => {
          pauses += 1;
          signal.addEventListener('abort', () => resolve());
          if (ms === 3) wakes.push(resolve);
        }),
    });
    queue.add({ study: STUDY, annotationId: 'a', edit: edit('a') });
    await settle();
    const late = queue.flush(3);
    await settle();
    wakes[0]?.();
    await late;
    expect(queue.size).toBe(1);
    isCut = false;
    await queue.flush(3);
    expect([queue.size, pauses]).toEqual([0, 4]);
    await queue.flush(3);
    expect(pauses).toBe(4);
  });

  it('are gone at sign-out, also the one that is just being sent', async () => {
    let answer: (outcome: Outcome) => void = () => undefined;
    const { add, state, queue } = open(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const told: string[] = [];
    queue.subscribe({ onSaved: () => told.push('saved'), onRefused: () => told.push('refused'), onChange: () => undefined });
    add('a');
    add('b');
    await settle();
    queue.forget();
    answer({ kind: 'refused', code: 'FORBIDDEN' });
    await settle();
    expect([state.sent, queue.size, told]).toEqual([['a'], 0, []]);
  });
});
