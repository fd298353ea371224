import { ConsultationLine } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { idOf, make } from '../../test/sample.ts';
import { waitingRoom } from './waiting.ts';

const [ME, ANNE, ZOE] = [idOf(1), idOf(2), idOf(3)];
const NAMES: Readonly<Record<string, string>> = { [ME]: 'Marc Me', [ANNE]: 'Anne Abel', [ZOE]: 'Zoé Zéro' };

/** The nth who came, at so many minutes past eight. */
const lineOf = (number: number, physicianId: string | null, fields: Partial<ConsultationLine> = {}): ConsultationLine =>
  make(ConsultationLine, {
    ...{ id: idOf(100 + number), physicianId, status: 'WAITING' },
    physicianName: physicianId === null ? null : (NAMES[physicianId] ?? null),
    arrivedAt: `2026-03-02T08:${String(number).padStart(2, '0')}:00.000Z`,
    ...fields,
  });
const idsOf = (lines: readonly ConsultationLine[]): string[] => lines.map(({ id }) => id);

describe('a day’s waiting room', () => {
  it('is by physician: one’s own first, then who has none, then the colleagues by name', () => {
    const { groups } = waitingRoom([lineOf(1, ZOE), lineOf(2, null), lineOf(3, ANNE), lineOf(4, ME)], ME);
    expect(groups.map(({ name }) => name)).toEqual(['Marc Me', null, 'Anne Abel', 'Zoé Zéro']);
  });

  it('for who is no physician has those of none first', () => {
    const { groups } = waitingRoom([lineOf(1, ZOE), lineOf(2, ANNE), lineOf(3, null)], undefined);
    expect(groups.map(({ physicianId }) => physicianId)).toEqual([null, ANNE, ZOE]);
  });

  it('has who is in the room first, then who came first, however the lines come', () => {
    const lines = [lineOf(9, ME), lineOf(3, ME), lineOf(7, ME, { status: 'IN_PROGRESS' })];
    expect(idsOf(waitingRoom(lines, ME).groups[0]?.lines ?? [])).toEqual([idOf(107), idOf(103), idOf(109)]);
    const sameMinute = [lineOf(2, ME, { arrivedAt: lineOf(1, ME).arrivedAt }), lineOf(1, ME)];
    expect(idsOf(waitingRoom(sameMinute, ME).groups[0]?.lines ?? [])).toEqual([idOf(101), idOf(102)]);
  });

  it('keeps who has ended apart, the last one first, and nobody in both', () => {
    const lines = [
      lineOf(1, ME, { status: 'DONE', endedAt: '2026-03-02T09:00:00.000Z' }),
      lineOf(2, ME, { status: 'CANCELLED', endedAt: '2026-03-02T10:00:00.000Z' }),
      lineOf(3, ME),
    ];
    const { groups, ended } = waitingRoom(lines, ME);
    expect(idsOf(ended)).toEqual([idOf(102), idOf(101)]);
    expect(groups.map(({ lines: own }) => idsOf(own))).toEqual([[idOf(103)]]);
  });

  it('has no group of a physician whose consultations have all ended', () => {
    expect(waitingRoom([lineOf(1, ANNE, { status: 'DONE' })], ME).groups).toEqual([]);
  });

  it('leaves the list that it was given as it is', () => {
    const lines = [lineOf(9, ME), lineOf(3, ME)];
    waitingRoom(lines, ME);
    expect(idsOf(lines)).toEqual([idOf(109), idOf(103)]);
  });
});
