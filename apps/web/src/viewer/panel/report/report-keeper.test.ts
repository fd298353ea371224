import type { ReportDraft, StudyReport } from '@negatoscope/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeApi, Refusal } from '../../../test/fake-api.ts';
import { idOf } from '../../../test/sample.ts';
import { NO_SECTIONS, ReportKeeper } from './report-keeper.ts';

const ME = idOf(1);
const STUDY = { studyInstanceUid: '1.2.3', groupId: 'none' };
const saying = (impression: string) => ({ ...NO_SECTIONS, impression });
const draftOf = (version: number, impression: string, fields: Partial<ReportDraft> = {}): ReportDraft => ({
  ...{ version, amends: 0, writtenFor: idOf(5), isOfOtherPatient: false, language: 'fr', template: null },
  ...{ sections: saying(impression), author: null, changedAt: '2026-03-01T10:00:00.000Z' },
  ...fields,
});
const reportOf = (draft: ReportDraft | null, fields: Partial<StudyReport> = {}): StudyReport => ({
  ...{ patientId: idOf(5), draft, isDraftHidden: false, versions: [], mayDictate: false },
  ...fields,
});
interface Body {
  readonly editId: string;
  readonly baseVersion: number;
  readonly patientId: string;
  readonly amends: number;
  readonly sections: ReportDraft['sections'];
}

/** A server that answers each text in turn as it is told, and then takes all. */
class Desk extends FakeApi {
  #version = 1;
  constructor(...answers: readonly (() => unknown)[]) {
    super();
    const left = [...answers];
    this.on('saveReport', ({ body }) => {
      const next = left.shift();
      if (next !== undefined) return next();
      this.#version += 1;
      return draftOf(this.#version, (body as Body).sections.impression); // Read by the contract.
    });
    vi.stubGlobal('fetch', this.fetch);
  }
  get bodies(): Body[] {
    return this.of('saveReport').map(({ body }) => body as Body); // Read by the contract.
  }
}
const changed = (current: ReportDraft | null) => () => new Refusal('REPORT_CHANGED', { current });
const open = (desk: Desk, report = reportOf(draftOf(1, 'Texte.'))) => {
  const keeper = new ReportKeeper(STUDY, ME, 'fr');
  keeper.receive(report);
  const said = () => keeper.snapshot().sections.impression;
  return { desk, keeper, said };
};
const rest = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a report that is typed', () => {
  it('is sent once typing rests, upon the version that its author saw and under an id of its own', async () => {
    const { desk, keeper } = open(new Desk());
    keeper.set('impression', 'A');
    await rest(700);
    keeper.set('impression', 'AB');
    await rest(700);
    expect([desk.bodies, keeper.snapshot().state]).toEqual([[], 'waiting']);
    await rest(100);
    expect(desk.bodies).toMatchObject([{ baseVersion: 1, patientId: idOf(5), amends: 0, sections: saying('AB') }]);
    keeper.set('impression', 'ABC');
    expect(await keeper.flush()).toBe(true);
    expect(desk.bodies[1]).toMatchObject({ baseVersion: 2, sections: saying('ABC') });
    expect(new Set(desk.bodies.map(({ editId }) => editId)).size).toBe(2);
    expect([keeper.snapshot().state, desk.faults]).toEqual(['saved', []]);
  });

  it('goes on while a text is on its way: what came after is sent after it, and nothing of it is lost', async () => {
    let answer: (value: ReportDraft) => void = () => undefined;
    const { desk, keeper, said } = open(new Desk(() => new Promise<ReportDraft>((resolve) => (answer = resolve))));
    keeper.set('impression', 'A');
    const all = keeper.flush();
    keeper.set('impression', 'AB');
    await rest(0);
    answer(draftOf(2, 'A'));
    expect([await all, said()]).toEqual([true, 'AB']);
    expect(desk.bodies.map(({ sections }) => sections.impression)).toEqual(['A', 'AB']);
  });

  it('is the very same text once more where nobody knows whether it was taken, before what came since', async () => {
    const { desk, keeper } = open(new Desk(() => new Refusal('UNAVAILABLE')));
    keeper.set('impression', 'A');
    expect(await keeper.flush()).toBe(false);
    expect(keeper.snapshot()).toMatchObject({ state: 'failed', failure: { code: 'UNAVAILABLE' } });
    keeper.set('impression', 'AB');
    await rest(5_000);
    const [first, again, next] = desk.bodies;
    expect(again).toEqual(first);
    expect(next).toMatchObject({ baseVersion: 2, sections: saying('AB') });
    expect([desk.bodies.length, keeper.snapshot().state]).toEqual([3, 'saved']);
  });

  it('is sent again by itself once the server is back, and is no other text while it is away', async () => {
    const { desk, keeper, said } = open(new Desk());
    desk.away(true);
    keeper.set('impression', 'Hors ligne.');
    await rest(12_000);
    expect([desk.bodies, said(), keeper.isUnsaved]).toEqual([[], 'Hors ligne.', true]);
    desk.away(false);
    await rest(5_000);
    expect([desk.bodies.length, keeper.isUnsaved]).toEqual([1, false]);
  });

  it('that was refused is made anew of what stands then', async () => {
    const { desk, keeper } = open(new Desk(() => new Refusal('FORBIDDEN')));
    keeper.set('impression', 'A');
    await keeper.flush();
    keeper.set('impression', 'AB');
    await rest(5_000);
    expect(desk.bodies.map(({ sections }) => sections.impression)).toEqual(['A', 'AB']);
    expect(desk.bodies[0]?.editId).not.toBe(desk.bodies[1]?.editId);
  });
});

describe('what comes from the server', () => {
  it('is shown, but never over what was typed and is not kept yet', async () => {
    const { keeper, said } = open(new Desk());
    keeper.receive(reportOf(draftOf(3, 'Autre.')));
    expect(said()).toBe('Autre.');
    keeper.set('impression', 'Le mien.');
    keeper.receive(reportOf(draftOf(4, 'Encore.')));
    expect(said()).toBe('Le mien.');
    await keeper.flush();
    keeper.receive(reportOf(draftOf(9, 'Encore.')));
    expect(said()).toBe('Encore.');
  });

  it('takes the text away once it was signed', () => {
    const { keeper, said } = open(new Desk());
    keeper.receive(reportOf(null));
    expect([said(), keeper.snapshot().version, keeper.snapshot().state]).toEqual(['', 0, 'nothing']);
  });
});

describe('a text that somebody else has changed meanwhile', () => {
  const twice = async (current: ReportDraft | null) => {
    const all = open(new Desk(changed(current)));
    all.keeper.set('impression', 'Le mien.');
    expect(await all.keeper.flush()).toBe(false);
    return all;
  };

  it('waits for a person: neither is sent over the other, however long that takes', async () => {
    const { desk, keeper, said } = await twice(draftOf(4, 'De Bâ.'));
    keeper.set('impression', 'Le mien, suite.');
    await rest(60_000);
    expect([desk.bodies.length, said(), keeper.snapshot().theirs?.sections.impression]).toEqual([1, 'Le mien, suite.', 'De Bâ.']);
  });

  it('is theirs where that is chosen, and nothing is sent', async () => {
    const { desk, keeper, said } = await twice(draftOf(4, 'De Bâ.'));
    keeper.settle(false);
    await rest(10_000);
    expect([said(), keeper.isUnsaved, desk.bodies.length]).toEqual(['De Bâ.', false, 1]);
  });

  it('is one’s own upon theirs where that is chosen', async () => {
    const { desk, keeper } = await twice(draftOf(4, 'De Bâ.', { writtenFor: idOf(6), amends: 2 }));
    keeper.settle(true);
    await rest(800);
    expect(desk.bodies[1]).toMatchObject({ baseVersion: 4, patientId: idOf(6), amends: 2, sections: saying('Le mien.') });
  });

  it('goes on as an amendment where theirs was signed, which is not to be chosen', async () => {
    const { desk, keeper } = await twice(null);
    keeper.settle(false);
    expect(keeper.snapshot().theirs).toBeNull();
    const signed = { content: { number: 3 } } as StudyReport['versions'][number]; // What is read of it.
    keeper.amend(reportOf(null, { patientId: idOf(7), versions: [signed] }));
    await rest(800);
    expect(desk.bodies[1]).toMatchObject({ baseVersion: 0, amends: 3, patientId: idOf(7), sections: saying('Le mien.') });
  });
});

it('a study that went to another record keeps the text here until its author has read it for that patient', async () => {
  const { desk, keeper, said } = open(new Desk(() => new Refusal('REPORT_OF_OTHER_PATIENT')));
  keeper.set('impression', 'A');
  await keeper.flush();
  await rest(60_000);
  expect([desk.bodies.length, said(), keeper.snapshot().isOfOtherPatient]).toEqual([1, 'A', true]);
  keeper.readFor(idOf(8));
  await rest(800);
  expect(desk.bodies[1]).toMatchObject({ patientId: idOf(8), sections: saying('A') });
  expect(keeper.snapshot()).toMatchObject({ state: 'saved', isOfOtherPatient: false });
});
