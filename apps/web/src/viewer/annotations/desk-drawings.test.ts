import { describe, expect, it, vi } from 'vitest';
import type { StudyRef } from '../model/dicomweb.ts';
import { DeskDrawings, type OpenStudy } from './desk-drawings.ts';
import type { KeptEdit } from './kept-edit.ts';
import { StudyAnnotations } from './study-annotations.ts';

const CURRENT: StudyRef = { studyInstanceUid: '1.1', groupId: 'none' };
const PRIOR: StudyRef = { studyInstanceUid: '1.2', groupId: 'none' };
const NEXT: StudyRef = { studyInstanceUid: '1.3', groupId: 'none' };
const SERIES = new Map([
  ['1.1.1', CURRENT],
  ['1.2.1', PRIOR],
  ['1.3.1', NEXT],
]);
const target = (seriesInstanceUid: string) =>
  ({ seriesInstanceUid, sopInstanceUid: `${seriesInstanceUid}.7`, frame: 1, kind: 'LENGTH' }) as const;
const line = (to: number) => ({ geometry: { space: 'PIXEL' as const, points: [0, 0, to, 0] }, label: null });

function desk() {
  const sent: KeptEdit[] = [];
  const heard = new Set<() => void>();
  const queue = {
    add: (edit: Omit<KeptEdit, 'at'>) => {
      sent.push({ ...edit, at: sent.length });
      for (const hear of heard) hear();
    },
    waitingOf: ({ studyInstanceUid }: StudyRef) => sent.filter(({ study }) => study.studyInstanceUid === studyInstanceUid),
    subscribe: ({ onChange }: { readonly onChange: () => void }) => {
      heard.add(onChange);
      return () => heard.delete(onChange);
    },
  };
  const close = vi.fn();
  const open = (study: StudyRef, isRead: boolean): OpenStudy => ({
    study,
    isRead,
    annotations: new StudyAnnotations({ study, authorId: 'me', canWrite: true, queue, refresh: () => Promise.resolve() }),
    close: () => close(study.studyInstanceUid),
  });
  const drawings = new DeskDrawings(true, open, (uid) => SERIES.get(uid));
  const last = () => [sent.at(-1)?.study.studyInstanceUid, sent.at(-1)?.edit.isDeleted];
  return { drawings, sent, close, last };
}

describe('what is drawn on several studies', () => {
  it('goes to the study that the image is of', () => {
    const { drawings, last, sent } = desk();
    drawings.show([CURRENT, PRIOR]);
    drawings.setActive(CURRENT);
    drawings.draw('a', target('1.1.1'), line(10));
    drawings.draw('b', target('1.2.1'), line(20));
    expect(last()).toEqual(['1.2', false]);
    drawings.draw('c', target('1.9.9'), line(20));
    expect(sent).toHaveLength(2);
  });

  it('undo is that of the study that is looked at, and leaves the one before as it was', () => {
    const { drawings, last, sent } = desk();
    drawings.show([CURRENT, PRIOR]);
    drawings.draw('a', target('1.1.1'), line(10));
    drawings.draw('b', target('1.2.1'), line(20));
    drawings.setActive(CURRENT);
    expect(drawings.undo()).toBe(true);
    expect(last()).toEqual(['1.1', true]);
    expect(drawings.redo()).toBe(true);
    drawings.show([NEXT]);
    drawings.setActive(NEXT);
    expect([drawings.undo(), drawings.redo(), sent.length]).toEqual([false, false, 4]);
  });

  it('studies that stay keep their undo; those that go are closed, once', () => {
    const { drawings, close } = desk();
    const [first] = drawings.show([CURRENT, PRIOR]);
    drawings.setActive(CURRENT);
    drawings.draw('a', target('1.1.1'), line(10));
    expect(drawings.show([CURRENT, NEXT])[0]).toBe(first);
    expect(close.mock.calls).toEqual([['1.2']]);
    expect(drawings.undo()).toBe(true);
    drawings.close();
    expect(close.mock.calls.map(([uid]) => uid)).toEqual(['1.2', '1.1', '1.3']);
  });
});
