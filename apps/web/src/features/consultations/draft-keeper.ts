import type { Consultation } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { Keeper, mayOutlivePage } from '../../api/keeper.ts';
import { consultationChanged } from '../../entities/consultation/queries.ts';
import { DRAFT_FIELDS, type Draft, type DraftField, rebase, sameValue } from '../../entities/consultation/signs.ts';
import { currentOf } from './use-moves.ts';

/** Typing that rests for so long is kept. */
const REST_MS = 700;
/** As often somebody else may have written meanwhile before it is left to the next change. */
const MOST_TRIES = 3;

export interface Drafted {
  readonly draft: Draft;
  readonly state: 'saved' | 'waiting' | 'saving' | 'failed';
  readonly failure: unknown;
  /** The field that somebody else has written to as well, with what they wrote. */
  readonly conflict: { readonly field: DraftField; readonly theirs: Consultation } | undefined;
}

/** What is sent of a field: of the answers also those that were taken away, since what a change does not name stays. */
const sentOf = (base: Draft, draft: Draft, field: DraftField): unknown =>
  field === 'symptoms'
    ? {
        ...draft.symptoms,
        checks: {
          ...Object.fromEntries(Object.keys(base.symptoms.checks).map((name) => [name, null])),
          ...draft.symptoms.checks,
        },
      }
    : draft[field];

const draftOf = ({ reason, symptoms, vitalSigns, notes }: Consultation): Draft => ({ reason, symptoms, vitalSigns, notes });

/** Mine over what the server has, and the first field where both differ. */
function over(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; conflict: DraftField | undefined } {
  const parts = DRAFT_FIELDS.map((field) => [field, rebase<unknown>(base[field], mine[field], theirs[field])] as const);
  const draft = Object.fromEntries(parts.map(([field, { value }]) => [field, value])) as unknown as Draft; // Each field of both.
  return { draft, conflict: parts.find(([, { conflict }]) => conflict)?.[0] };
}

/**
 * Keeps what is typed in a consultation as it is typed: once it rests, when it is left and before the page goes. What others write meanwhile comes in beside it;
 * where both wrote to the same field nothing is sent until one has chosen.
 */
export class DraftKeeper extends Keeper<Drafted> {
  readonly #id: string;
  #version: number;
  #base: Draft;

  constructor(consultation: Consultation) {
    super({ draft: draftOf(consultation), state: 'saved', failure: undefined, conflict: undefined });
    this.#id = consultation.id;
    this.#version = consultation.version;
    this.#base = this.snapshot().draft;
  }

  set<F extends DraftField>(field: F, value: Draft[F]): void {
    this.show({ draft: { ...this.snapshot().draft, [field]: value }, state: 'waiting' });
    this.keepIn(REST_MS);
  }

  /** What the server has now; what others have changed comes in. */
  receive(theirs: Consultation): void {
    if (theirs.version > this.#version && !this.isRunning) this.#take(theirs);
  }

  /** Keeps now what waits; ends when nothing is on its way any more. */
  async flush(): Promise<void> {
    await this.keepNow();
  }

  /** Keeps all of it; whether all is kept. What was typed while something was on its way is kept after it. */
  async keepAll(): Promise<boolean> {
    await this.flush();
    if (this.#changed.length > 0) await this.flush();
    return this.#changed.length === 0;
  }

  protected async keep(): Promise<void> {
    if (this.snapshot().conflict !== undefined) return;
    try {
      for (let tries = 0; tries < MOST_TRIES && this.#changed.length > 0; tries += 1) if (!(await this.#send())) return;
      this.show({ state: this.#changed.length > 0 ? 'waiting' : 'saved', failure: undefined });
    } catch (failure) {
      this.show({ state: 'failed', failure });
    }
  }

  /** One has chosen whose text stands where both wrote the same; what only one of them wrote stays. */
  settle(isMine: boolean): void {
    const { conflict, draft } = this.snapshot();
    if (conflict === undefined) return;
    const { field, theirs } = conflict;
    const { value } = rebase<unknown>(this.#base[field], draft[field], theirs[field], isMine ? 'mine' : 'theirs');
    this.#base = { ...this.#base, [field]: theirs[field] };
    this.show({ draft: { ...draft, [field]: value }, conflict: undefined });
    if (this.#take(theirs)) void this.flush();
  }

  get #changed(): DraftField[] {
    return DRAFT_FIELDS.filter((field) => !sameValue(this.#base[field], this.snapshot().draft[field]));
  }

  /** Whether one may go on. Fails as the operation does, but for STALE_UPDATE. */
  async #send(): Promise<boolean> {
    this.show({ state: 'saving' });
    const changed = this.#changed;
    const { draft } = this.snapshot();
    const sent = Object.fromEntries(changed.map((field) => [field, draft[field]]));
    const told = Object.fromEntries(changed.map((field) => [field, sentOf(this.#base, draft, field)]));
    try {
      const body = { version: this.#version, ...told };
      const keepalive = mayOutlivePage(body);
      const kept = await call('updateConsultation', { params: { id: this.#id }, body, keepalive });
      this.#base = { ...this.#base, ...sent };
      consultationChanged(kept);
      return this.#take(kept);
    } catch (error) {
      const theirs = currentOf(error);
      if (theirs !== undefined) consultationChanged(theirs);
      if (!(error instanceof ApiError) || error.code !== 'STALE_UPDATE' || theirs === undefined) throw error;
      return this.#take(theirs);
    }
  }

  /** Puts what was typed over what the server has; false where both wrote to the same field. */
  #take(theirs: Consultation): boolean {
    const { draft, conflict } = over(this.#base, this.snapshot().draft, draftOf(theirs));
    if (conflict !== undefined) {
      this.show({ state: 'failed', conflict: { field: conflict, theirs } });
      return false;
    }
    this.#base = draftOf(theirs);
    this.#version = theirs.version;
    this.show({ draft });
    return true;
  }
}
