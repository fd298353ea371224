import type { DicomJsonObject } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { begun, gone, type ToldStep } from './step-rules.ts';

const one = (vr: string, ...Value: string[]) => (Value.length === 0 ? { vr } : { vr, Value });
const SCHEDULED = { '0020000D': one('UI', '1.2.3'), '00400009': one('SH', 'NG7'), '00080050': one('SH', 'NG7') };
const NEW: DicomJsonObject = {
  '00080060': one('CS', 'DX'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Ndiaye^Fatou' }] },
  '00380010': one('LO', 'A 12'),
  '00091001': one('LO', 'private'),
  '00400241': one('AE', 'DX1'),
  '00400244': one('DA', '20261127'),
  '00400245': one('TM', '0930'),
  '00400252': one('CS', 'IN PROGRESS'),
  '00400253': one('SH', 'P1'),
  '00400270': { vr: 'SQ', Value: [SCHEDULED] },
};
const without = (tag: string): DicomJsonObject => Object.fromEntries(Object.entries(NEW).filter(([key]) => key !== tag));
const END = { '00400252': one('CS', 'COMPLETED'), '00400250': one('DA', '20261127'), '00400251': one('TM', '0945') };
const PRESENT: ToldStep = { status: 'IN_PROGRESS', attributes: { '00400253': one('SH', 'P1') } };

describe('a step begins (N-CREATE, PS3.4 F.7.2.1)', () => {
  test('IN PROGRESS, with what it was scheduled as, and nothing of whose it is', () => {
    const step = begun(NEW);
    expect(step).toMatchObject({ status: 'IN_PROGRESS', numbers: ['NG7', ''], studyUids: ['1.2.3'] });
    expect(Object.keys('refused' in step ? {} : step.attributes).sort()).toEqual(
      Object.keys(NEW)
        .filter((tag) => !['00100010', '00380010', '00091001'].includes(tag))
        .sort(),
    );
  });

  test.each(['00080060', '00400241', '00400244', '00400245', '00400252', '00400253', '00400270'])(
    'without %s it does not (0120H), nor with it empty (0121H)',
    (tag) => {
      expect(begun(without(tag))).toMatchObject({ refused: { status: 0x0120 } });
      expect(begun({ ...NEW, [tag]: one(NEW[tag]?.vr ?? 'LO') })).toMatchObject({ refused: { status: 0x0121 } });
    },
  );

  test.each<[string, DicomJsonObject, number]>([
    ['ended', { ...NEW, ...END }, 0x0106],
    ['with a status that there is not', { ...NEW, '00400252': one('CS', 'DONE') }, 0x0106],
    ['with a day that is none', { ...NEW, '00400244': one('DA', '20261345') }, 0x0106],
    ['with two statuses (PS3.6: VM 1)', { ...NEW, '00400252': one('CS', 'IN PROGRESS', 'COMPLETED') }, 0x0106],
    ['with two days', { ...NEW, '00400244': one('DA', '20261127', '20261128') }, 0x0106],
    ['with a time that is none', { ...NEW, '00400245': one('TM', '2500') }, 0x0106],
    ['scheduled as no study', { ...NEW, '00400270': { vr: 'SQ', Value: [{ '00400009': one('SH', 'NG7') }] } }, 0x0120],
    ['scheduled as a study without a UID', { ...NEW, '00400270': { vr: 'SQ', Value: [{ '0020000D': one('UI') }] } }, 0x0121],
    ['scheduled as what is no UID', { ...NEW, '00400270': { vr: 'SQ', Value: [{ '0020000D': one('UI', '1..2x') }] } }, 0x0106],
    ['with text for the sequence', { ...NEW, '00400270': one('LO', 'x') }, 0x0106],
  ])('%s is refused', (_what, dataset, status) => {
    expect(begun(dataset)).toMatchObject({ refused: { status } });
  });
});

describe('a step goes on (N-SET, PS3.4 F.7.2.2)', () => {
  test.each(['COMPLETED', 'DISCONTINUED'] as const)('and ends %s', (status) => {
    const ended = gone(PRESENT, { ...END, '00400252': one('CS', status) });
    expect(ended).toMatchObject({ status, attributes: { '00400253': one('SH', 'P1'), '00400251': END['00400251'] } });
  });

  test('without a status it is in progress still, and what it was created with stays', () => {
    expect(gone(PRESENT, { '00400253': one('SH', 'other'), '00400254': one('LO', 'Thorax') })).toEqual({
      status: 'IN_PROGRESS',
      attributes: { '00400253': one('SH', 'P1'), '00400254': one('LO', 'Thorax') },
    });
  });

  test.each(['COMPLETED', 'DISCONTINUED'] as const)('and, when it is %s, no more (0110H with A506H)', (status) => {
    expect(gone({ ...PRESENT, status }, { '00400254': one('LO', 'x') })).toMatchObject({
      refused: { status: 0x0110, errorId: 0xa506 },
    });
  });

  test.each<[string, DicomJsonObject, number]>([
    ['an end without its day', { '00400252': one('CS', 'COMPLETED'), '00400251': one('TM', '0945') }, 0x0120],
    ['an end with an empty time', { ...END, '00400251': one('TM') }, 0x0121],
    ['an end at two times', { ...END, '00400251': one('TM', '0945', '0950') }, 0x0106],
    ['an end at no time', { ...END, '00400251': one('TM', 'x') }, 0x0106],
    ['an empty status', { '00400252': one('CS') }, 0x0121],
    ['a status that there is not', { ...END, '00400252': one('CS', 'LOST') }, 0x0106],
  ])('%s is refused', (_what, dataset, status) => {
    expect(gone(PRESENT, dataset)).toMatchObject({ refused: { status } });
  });
});
