import { type BegunMessage, headOf } from './begun-message.ts';

/** How long nothing of a dataset comes before its sender may be waiting to be acknowledged. */
const PAUSE_MS = 1;
/** Of programs that are built on DCMTK: they send a whole dataset, whatever begins to come meanwhile, and read the answer then. */
const DCMTK_CLASS = '1.2.276.0.7230010.3.';

/**
 * The datasets of one association while they come. One that pauses is acknowledged by what of its answer is certain: its sender writes the last P-DATA-TF in two
 * pieces, of which the second is kept until all before it is acknowledged, after 40 ms (RFC 896, RFC 1122 4.2.3.2; see BegunMessage). Not for every sender:
 * one that reads what has begun to come before it goes on would wait for us.
 */
export class ComingDataset {
  readonly #begun: BegunMessage;
  /** The answer that comes behind it, or what that begins with; and what ends it where it was begun and nothing else can be said. */
  #promised: readonly Uint8Array[] | undefined;
  #isComing = false;
  #readsLast = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(begun: BegunMessage) {
    this.#begun = begun;
  }

  get isComing(): boolean {
    return this.#isComing;
  }

  /** Of an answer that was begun, the bytes that its first P-DATA-TF has of its command set. */
  get opening(): number | undefined {
    return this.#begun.isBegun ? this.#promised?.[1]?.length : undefined;
  }

  /** Whether what was begun can be ended at any time. */
  get isPromised(): boolean {
    return this.#promised !== undefined;
  }

  sentBy(implementationClassUid: string): void {
    this.#readsLast = implementationClassUid.startsWith(DCMTK_CLASS);
  }

  /** A dataset comes, behind which this is sent, or what begins with as many bytes; or it has come. */
  promise(answer: readonly Uint8Array[] | undefined): void {
    this.#isComing = answer !== undefined;
    if (this.#isComing || !this.#begun.isBegun) this.#promised = answer;
    const head = answer && headOf(answer);
    this.#begun.expect(head && (() => head));
  }

  /** Something of it has come. */
  came(): void {
    if (!this.#isComing || !this.#readsLast) return;
    this.#pause ??= setTimeout(() => this.#isComing && this.#begun.nudge(), PAUSE_MS).unref();
    this.#pause.refresh();
  }

  answered(): void {
    this.#promised = undefined;
  }

  /** The rest of what was begun, before something is said that can't wait for what there will be to answer. */
  rest(): readonly Uint8Array[] {
    if (!this.#begun.isBegun || this.#promised === undefined) return [];
    this.#isComing = false;
    return this.#begun.rest(this.#promised) ?? [];
  }
}
