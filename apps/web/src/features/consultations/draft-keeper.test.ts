import { Consultation } from '@negatoscope/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../api/query-client.ts';
import { consultationQuery } from '../../entities/consultation/queries.ts';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { idOf, make } from '../../test/sample.ts';
import { DraftKeeper } from './draft-keeper.ts';

const SIGNS = make(Consultation, {}).vitalSigns;
const signs = (of: Partial<typeof SIGNS>) => ({ ...SIGNS, ...of });
const consultationOf = (fields: object = {}): Consultation =>
  make(Consultation, { id: idOf(1), status: 'IN_PROGRESS', version: 1, reason: '', notes: '', ...fields });

/** The server: keeps what it is sent, and refuses a change of another version than its own. */
class Desk extends FakeApi {
  now: Consultation;
  /** Happens while a change is on its way. */
  meanwhile: (() => void) | undefined;

  constructor(consultation: Consultation) {
    super();
    this.now = consultation;
    this.on('updateConsultation', ({ body }) => {
      const { version, ...change } = body as Partial<Consultation>; // Read by the contract.
      this.meanwhile?.();
      this.meanwhile = undefined;
      if (version !== this.now.version) return new Refusal('STALE_UPDATE', { current: this.now });
      return this.write(change);
    });
    vi.stubGlobal('fetch', this.fetch);
  }

  /** Somebody writes; of signs what is absent stays. */
  write({ vitalSigns, ...change }: Partial<Consultation>): Consultation {
    const { now } = this;
    this.now = { ...now, ...change, vitalSigns: { ...now.vitalSigns, ...vitalSigns }, version: now.version + 1 };
    return this.now;
  }

  get bodies(): unknown[] {
    return this.of('updateConsultation').map(({ body }) => body);
  }
}

const open = (fields: object = {}) => {
  const desk = new Desk(consultationOf(fields));
  return { desk, keeper: new DraftKeeper(desk.now) };
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  queryClient.clear();
});

describe('what is typed in a consultation', () => {
  it('is sent once it rests, in one change of what was changed alone', async () => {
    const { desk, keeper } = open({ reason: 'Toux' });
    keeper.set('notes', 'C');
    await vi.advanceTimersByTimeAsync(600);
    keeper.set('notes', 'Cr');
    expect(keeper.snapshot().state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(600);
    expect(desk.bodies).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(desk.bodies).toEqual([{ version: 1, notes: 'Cr' }]);
    expect(keeper.snapshot()).toMatchObject({ state: 'saved', draft: { reason: 'Toux', notes: 'Cr' }, failure: undefined });
    expect(desk.faults).toEqual([]);
  });

  it('is sent at once when the field is left, and not again when it rests', async () => {
    const { desk, keeper } = open();
    keeper.set('notes', 'Fièvre');
    await keeper.flush();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(desk.bodies).toHaveLength(1);
  });

  it('is not sent where it came back to what it was', async () => {
    const { desk, keeper } = open({ notes: 'Toux' });
    keeper.set('notes', 'Toux sèche');
    keeper.set('notes', 'Toux');
    await keeper.flush();
    expect(desk.bodies).toEqual([]);
    expect(keeper.snapshot().state).toBe('saved');
  });

  it('takes an answer away by null: what a change does not name stays with the server', async () => {
    const symptoms = { checks: { COUGH: 'YES', FEVER: 'NO' }, hivStatus: null, text: '' };
    const { desk, keeper } = open({ symptoms });
    keeper.set('symptoms', { ...symptoms, checks: { COUGH: 'YES' } });
    await keeper.flush();
    expect(desk.bodies).toEqual([{ version: 1, symptoms: { ...symptoms, checks: { COUGH: 'YES', FEVER: null } } }]);
  });

  it('while a change is on its way goes after it, with the version that it made', async () => {
    const { desk, keeper } = open();
    keeper.set('notes', 'Râles');
    desk.meanwhile = () => keeper.set('notes', 'Râles à droite');
    await keeper.flush();
    expect(desk.bodies).toEqual([
      { version: 1, notes: 'Râles' },
      { version: 2, notes: 'Râles à droite' },
    ]);
    expect(keeper.snapshot()).toMatchObject({ state: 'saved', draft: { notes: 'Râles à droite' } });
  });

  it('stays where the server is away, is told so, and is kept when one tries again', async () => {
    const { desk, keeper } = open();
    desk.away(true);
    keeper.set('notes', 'Toux');
    expect(await keeper.keepAll()).toBe(false);
    expect(keeper.snapshot()).toMatchObject({ state: 'failed', draft: { notes: 'Toux' }, failure: { code: 'OFFLINE' } });
    desk.away(false);
    expect(await keeper.keepAll()).toBe(true);
    expect(keeper.snapshot()).toMatchObject({ state: 'saved', failure: undefined });
    expect(desk.now.notes).toBe('Toux');
  });

  it('shows at once wherever else the consultation is shown', async () => {
    const { keeper } = open();
    keeper.set('reason', 'Contrôle');
    await keeper.flush();
    expect(queryClient.getQueryData(consultationQuery(idOf(1)).queryKey)).toMatchObject({ reason: 'Contrôle', version: 2 });
  });

  it('tells who looks, until they look away', async () => {
    const { keeper } = open();
    const seen: string[] = [];
    const stop = keeper.subscribe(() => seen.push(keeper.snapshot().state));
    keeper.set('notes', 'a');
    await keeper.flush();
    stop();
    keeper.set('notes', 'b');
    expect(seen[0]).toBe('waiting');
    expect(seen).toContain('saving');
    expect(seen.at(-1)).toBe('saved');
  });
});

describe('what somebody else writes meanwhile', () => {
  it('comes in beside what is typed, by another field or another part of the same', async () => {
    const { desk, keeper } = open();
    keeper.set('vitalSigns', signs({ weightKg: 50 }));
    keeper.receive(desk.write({ reason: 'Fièvre', vitalSigns: signs({ temperatureC: 39 }) }));
    expect(keeper.snapshot().draft).toMatchObject({ reason: 'Fièvre', vitalSigns: { temperatureC: 39, weightKg: 50 } });
    await keeper.flush();
    expect(desk.now).toMatchObject({ reason: 'Fièvre', vitalSigns: { temperatureC: 39, weightKg: 50 } });
  });

  it('is not undone by an older answer that comes late', () => {
    const { desk, keeper } = open();
    const older = desk.now;
    keeper.receive(desk.write({ notes: 'Nouveau' }));
    keeper.receive(older);
    expect(keeper.snapshot().draft.notes).toBe('Nouveau');
  });

  it('is asked about where both wrote to the same field: nothing is sent until one has chosen', async () => {
    const { desk, keeper } = open({ notes: 'Toux' });
    desk.write({ notes: 'Toux grasse' });
    keeper.set('notes', 'Toux sèche');
    expect(await keeper.keepAll()).toBe(false);
    expect(keeper.snapshot()).toMatchObject({ state: 'failed', conflict: { field: 'notes', theirs: { notes: 'Toux grasse' } } });
    keeper.set('notes', 'Toux sèche depuis hier');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(desk.bodies).toHaveLength(1);
    expect(desk.now.notes).toBe('Toux grasse');
  });

  it.each([
    [true, 'Toux sèche'],
    [false, 'Toux grasse'],
  ])('stands or goes as one chooses (mine: %s)', async (isMine, stands) => {
    const { desk, keeper } = open({ notes: 'Toux' });
    desk.write({ notes: 'Toux grasse' });
    keeper.set('notes', 'Toux sèche');
    await keeper.flush();
    keeper.settle(isMine);
    await keeper.flush();
    expect(keeper.snapshot()).toMatchObject({ state: 'saved', conflict: undefined, draft: { notes: stands } });
    expect(desk.now.notes).toBe(stands);
  });

  it.each([
    [true, 38],
    [false, 39],
  ])('keeps the measures that only one of both took, whoever’s temperature stands (mine: %s)', async (isMine, temperatureC) => {
    const { desk, keeper } = open();
    keeper.set('vitalSigns', signs({ temperatureC: 38, weightKg: 50 }));
    desk.write({ vitalSigns: signs({ temperatureC: 39, heartRateBpm: 90 }) });
    await keeper.flush();
    expect(keeper.snapshot().conflict?.field).toBe('vitalSigns');
    keeper.settle(isMine);
    await keeper.flush();
    expect(desk.now.vitalSigns).toEqual(signs({ temperatureC, weightKg: 50, heartRateBpm: 90 }));
    expect(keeper.snapshot()).toMatchObject({ state: 'saved', draft: { vitalSigns: desk.now.vitalSigns } });
  });

  it('again and again ends in waiting for the next change, not in a loop', async () => {
    const { desk, keeper } = open();
    let others = 0;
    desk.on('updateConsultation', () => {
      others += 1;
      return new Refusal('STALE_UPDATE', { current: desk.write({ reason: `Motif ${others}` }) });
    });
    keeper.set('notes', 'Toux');
    await keeper.flush();
    expect(others).toBe(3);
    expect(keeper.snapshot()).toMatchObject({ state: 'waiting', draft: { notes: 'Toux', reason: 'Motif 3' } });
  });

  it('after one has chosen in one field may still differ in the next, which is asked about too', async () => {
    const { desk, keeper } = open();
    keeper.set('reason', 'Toux');
    keeper.set('notes', 'Sèche');
    desk.write({ reason: 'Fièvre', notes: 'Grasse' });
    await keeper.flush();
    expect(keeper.snapshot().conflict?.field).toBe('reason');
    keeper.settle(true);
    expect(keeper.snapshot().conflict?.field).toBe('notes');
    keeper.settle(false);
    await keeper.flush();
    expect(desk.now).toMatchObject({ reason: 'Toux', notes: 'Grasse' });
  });
});
