import { performance } from 'node:perf_hooks';
import { type AgreedContext, type Answer, type CommandSet, STATUS } from '@negatoscope/dimse';
import { Failure } from '../../../kernel/failure.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { RetrievedInstance, RetrieveKeys } from '../ask/archive.ts';
import type { Asked } from '../ask/asked.ts';
import { sendInstances } from '../ask/send.ts';
import { type NotSent, type OpenDataset, type SentInstance, storeAll } from '../ask/store-all.ts';
import { failedInstances } from './failed-instances.ts';
import { type Identifier, overIdentifier } from './identifier.ts';
import type { Operation, Reply, Telling } from './operation.ts';
import { isMove, retrievedBy } from './retrieval.ts';

/** What goes where, for the journal. */
export interface RetrieveNote {
  readonly level: string;
  readonly instances: readonly RetrievedInstance[];
  /** AE title. */
  readonly destination: string;
}

/** What a node may retrieve, and how. */
export interface Retriever {
  /** Up to `most` instances of what the node may find. */
  readonly find: (keys: RetrieveKeys, most: number) => Promise<RetrievedInstance[]>;
  readonly opener: (instances: readonly RetrievedInstance[]) => OpenDataset;
  /** The known node of a title to which this one may have sent; undefined for every other. */
  readonly findDestination: (aeTitle: string) => Promise<Asked | undefined>;
  /** Takes a place among the retrievals that go on at a time; undefined when there is none. */
  readonly begin: () => { end(): void } | undefined;
  /** Whether the node may still do what it does. */
  readonly mayGoOn: () => Promise<boolean>;
  /** Tells the journal before anything goes; resolves when it is on record. */
  readonly note: (note: RetrieveNote) => Promise<void>;
  readonly log: Logger;
}

/** More can't be told by their numbers, which have 16 bits, and would take memory. */
const MOST_INSTANCES = 0xffff;
/** How often it is asked whether the node may go on. */
const ASK_EVERY_MS = 2_000;

interface Target {
  readonly title: string;
  readonly send: Outlet;
  /** Whether what is sent still goes to whom it was begun for. */
  readonly isStillThere: () => Promise<boolean>;
}

const isSamePlace = (now: Asked | undefined, before: Asked): boolean =>
  now !== undefined &&
  now.host === before.host &&
  now.port === before.port &&
  now.tls?.fingerprint === before.tls?.fingerprint &&
  (now.tls === undefined) === (before.tls === undefined);

type Outlet = (instances: readonly RetrievedInstance[], telling: Telling) => AsyncIterable<SentInstance>;

/** What has become of the instances so far. */
class Tally {
  #completed = 0;
  #warning = 0;
  readonly #total: number;
  readonly failed: string[] = [];
  readonly reasons = new Map<NotSent, number>();

  constructor(total: number) {
    this.#total = total;
  }

  add({ instance, outcome, reason = 'REFUSED' }: SentInstance): void {
    if (outcome === 'sent') this.#completed += 1;
    else if (outcome === 'warning') this.#warning += 1;
    else {
      this.failed.push(instance.sopInstanceUid);
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    }
  }

  get counts(): { completed: number; failed: number; warning: number } {
    return { completed: this.#completed, failed: this.failed.length, warning: this.#warning };
  }

  get remaining(): number {
    return this.#total - this.#completed - this.#warning - this.failed.length;
  }

  /** PS3.4 C.4.2.3.1, C.4.3.3.1. */
  get status(): number {
    const { completed, failed, warning } = this.counts;
    if (failed > 0 && completed + warning === 0) return STATUS.CANNOT_PERFORM;
    return failed + warning > 0 ? STATUS.SOME_FAILED : STATUS.SUCCESS;
  }

  /** In a few words why some failed. */
  get comment(): string | undefined {
    const said = [...this.reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
    return said === '' ? undefined : `Not sent: ${said}`;
  }
}

/** Has the same fields whatever the numbers are. */
const progressOf = ({ counts, remaining }: Tally): Reply => ({ status: STATUS.PENDING, counts: { ...counts, remaining } });

interface Sent {
  readonly instances: readonly RetrievedInstance[];
  readonly target: Target;
  readonly tally: Tally;
}

export interface RetrieveRequest {
  readonly command: CommandSet;
  readonly context: AgreedContext;
  /** The title of who asks. */
  readonly by: string;
}

/** C-MOVE (PS3.4 C.4.2) and C-GET (C.4.3): what the identifier names is sent, one instance after the other, each told with the numbers so far. */
class Retrieving {
  readonly #retriever: Retriever;
  readonly #context: AgreedContext;
  readonly #command: CommandSet;
  /** Who asks. */
  readonly #by: string;

  constructor(retriever: Retriever, request: RetrieveRequest) {
    this.#retriever = retriever;
    this.#context = request.context;
    this.#command = request.command;
    this.#by = request.by;
  }

  async answer({ identifier, level }: Identifier, telling: Telling): Promise<Reply> {
    const keys = retrievedBy(this.#context.abstractSyntax, identifier, level);
    if ('status' in keys) return keys;
    const place = this.#retriever.begin();
    if (place === undefined) return { status: STATUS.CANNOT_PERFORM, comment: 'Too many retrievals at a time' };
    try {
      return await this.#retrieve(telling, keys, level);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { status: STATUS.CANNOT_COUNT, comment: 'The database does not answer' };
    } finally {
      place.end();
    }
  }

  async #retrieve(telling: Telling, keys: RetrieveKeys, level: string): Promise<Reply> {
    const { find, note } = this.#retriever;
    const target = await this.#target();
    if ('status' in target) return target;
    const instances = await find(keys, MOST_INSTANCES + 1);
    if (instances.length > MOST_INSTANCES)
      return { status: STATUS.CANNOT_COUNT, comment: `More than ${MOST_INSTANCES} instances` };
    await note({ level, instances, destination: target.title });
    const tally = new Tally(instances.length);
    if (instances.length === 0) return { status: STATUS.SUCCESS, counts: tally.counts };
    const stopped = await this.#send(telling, { instances, target, tally });
    const { counts, failed, comment, status } = tally;
    this.#retriever.log.info(
      { level, destination: target.title, ...counts, reasons: Object.fromEntries(tally.reasons) },
      'a retrieval has ended',
    );
    return {
      status: stopped ?? status,
      counts: stopped === STATUS.CANCEL ? { ...counts, remaining: tally.remaining } : counts,
      ...(comment === undefined ? {} : { comment }),
      ...(failed.length === 0 ? {} : { dataset: failedInstances(failed, this.#context.transferSyntax) }),
    };
  }

  /** Tells of each; the status that ended it before all were sent. */
  async #send(telling: Telling, { instances, target, tally }: Sent): Promise<number | undefined> {
    let askedAt = performance.now();
    for await (const sent of target.send(instances, telling)) {
      tally.add(sent);
      // A cancel as well comes behind this: it may be on its way since the answer began to come.
      await telling.tell(progressOf(tally));
      if (telling.signal.aborted && tally.remaining > 0) return STATUS.CANCEL;
      const now = performance.now();
      if (now - askedAt < ASK_EVERY_MS) continue;
      askedAt = now;
      if (!(await this.#retriever.mayGoOn())) return STATUS.NOT_AUTHORIZED;
      if (!(await target.isStillThere())) return STATUS.MOVE_DESTINATION_UNKNOWN;
    }
    return tally.remaining > 0 ? STATUS.CANCEL : undefined;
  }

  /** Where it goes; A801 for a destination that is no known node. */
  async #target(): Promise<Target | Answer> {
    const { findDestination, opener } = this.#retriever;
    if (!isMove(this.#context.abstractSyntax)) {
      const following = progressOf(new Tally(0));
      const send: Outlet = (instances, { signal, channel }) =>
        storeAll(instances, { channel: () => channel(following), open: opener(instances), isCancelled: () => signal.aborted });
      return { title: this.#by, send, isStillThere: async () => true };
    }
    const { MoveDestination: title = '', MessageID: messageId = 0 } = this.#command;
    const destination = await findDestination(title);
    if (destination === undefined) return { status: STATUS.MOVE_DESTINATION_UNKNOWN, comment: 'No known node of that title' };
    const originator = { aeTitle: this.#by, messageId };
    return {
      title,
      // One that was taken away, or is another machine by now, gets no more.
      isStillThere: async () => isSamePlace(await findDestination(title), destination),
      send: (instances, { signal }) => sendInstances(destination, instances, { open: opener(instances), originator, signal }),
    };
  }
}

export function retrieveOperation(retriever: Retriever, request: RetrieveRequest): Operation {
  const retrieving = new Retrieving(retriever, request);
  return overIdentifier(request.context, (asked, telling) => retrieving.answer(asked, telling));
}
