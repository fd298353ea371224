import { type AgreedContext, COMMAND, type CommandSet, HAS_DATASET, statusKind } from '@negatoscope/dimse';
import { type Begun, oneAhead } from '../../../platform/sending/one-ahead.ts';
import { AssociationFailure } from './failure.ts';
import { contextFor, type Kind } from './sending-contexts.ts';

/** A stored instance that is to be sent. */
export interface InstanceToSend extends Kind {
  readonly id: string;
  readonly sopInstanceUid: string;
}

/** A dataset without file meta information, as it goes out. `discard` gives back what it holds, whether it was sent or not. */
export interface OpenedDataset {
  readonly transferSyntaxUid: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** Opens an instance in a transfer syntax; undefined where it is there no more. Fails where it can't be given. */
export type OpenDataset<I extends InstanceToSend = InstanceToSend> = (
  instance: I,
  transferSyntaxUid: string,
) => Promise<OpenedDataset | undefined>;

/**
 * Why an instance was not sent: the other side does not take its class or transfer syntax; it is there no more; it can't be read; the other side refused it (with a
 * `status`); the association ended, or could not be had.
 */
export type NotSent = 'NOT_ACCEPTED' | 'GONE' | 'UNREADABLE' | 'REFUSED' | 'NO_ASSOCIATION';

export interface SentInstance<I extends InstanceToSend = InstanceToSend> {
  readonly instance: I;
  readonly outcome: 'sent' | 'warning' | 'failed';
  /** What the other side answered. */
  readonly status?: number;
  /** Its words. */
  readonly comment?: string;
  readonly reason?: NotSent;
  readonly cause?: unknown;
}

/** A request for C-STORE, and the context that it is made in. */
export interface StoreRequest {
  readonly contextId: number;
  readonly command: CommandSet;
}

/** The request that follows for certain: once `get` gave it, that is the next one, or the association is over. `ready`: it may be known by now. */
export interface NextRequest {
  readonly ready: Promise<unknown>;
  readonly get: () => StoreRequest | undefined;
}

/** An association in which this side asks for C-STORE. */
export interface StoreChannel {
  /** Those in which it may ask. */
  readonly contexts: () => Iterable<AgreedContext>;
  /** Fails with AssociationFailure when the association is over, and as the dataset does. */
  readonly store: (request: StoreRequest, dataset: AsyncIterable<Uint8Array>, next?: NextRequest) => Promise<CommandSet>;
}

/** Who asked for what is sent (PS3.7 9.1.1.1.10). */
export interface Originator {
  readonly aeTitle: string;
  readonly messageId: number;
}

export interface StoringPorts<I extends InstanceToSend> {
  /** The association, opened anew where the last one is over. Fails with AssociationFailure. */
  readonly channel: () => Promise<StoreChannel>;
  readonly open: OpenDataset<I>;
  readonly originator?: Originator | undefined;
  readonly isCancelled: () => boolean;
}

/** Associations that end one after the other without an instance sent: then none of the others is tried. */
const MOST_BREAKS = 2;

type Opened<I extends InstanceToSend> = SentInstance<I> | OpenedDataset;
type Following<I extends InstanceToSend> = Begun<I, Opened<I>> | undefined;

/** One instance after the other, the next one opened while the one in front is sent. */
class Storing<I extends InstanceToSend> {
  readonly #ports: StoringPorts<I>;
  #messageId = 0;
  #breaks = 0;
  #end: unknown;
  /** What was promised to be next. */
  #promised: { readonly instance: I; readonly command: CommandSet } | undefined;

  constructor(ports: StoringPorts<I>) {
    this.#ports = ports;
  }

  /** Opens it as it can go in the association that there is. */
  async open(instance: I): Promise<Opened<I>> {
    try {
      if (this.#end !== undefined) throw this.#end;
      const context = contextFor(instance, (await this.#ports.channel()).contexts());
      if (context === undefined) return { instance, outcome: 'failed', reason: 'NOT_ACCEPTED' };
      return (await this.#ports.open(instance, context.transferSyntax)) ?? { instance, outcome: 'failed', reason: 'GONE' };
    } catch (cause) {
      return this.#failed(instance, cause);
    }
  }

  async store(instance: I, opened: OpenedDataset, following: Following<I>): Promise<SentInstance<I>> {
    try {
      if (this.#end !== undefined) throw this.#end;
      const channel = await this.#ports.channel();
      const { transferSyntaxUid, bytes } = opened;
      const context = contextFor({ ...instance, transferSyntaxUid }, channel.contexts());
      // What was opened for another association may not be taken in this one.
      if (context?.transferSyntax !== transferSyntaxUid) return { instance, outcome: 'failed', reason: 'NOT_ACCEPTED' };
      const command = this.#promised?.instance === instance ? this.#promised.command : this.#commandOf(instance);
      this.#promised = undefined;
      const next = this.#nextIn(channel, following);
      const { Status = 0, ErrorComment: comment } = await channel.store({ contextId: context.id, command }, bytes, next);
      this.#breaks = 0;
      return answered(instance, Status, comment);
    } catch (cause) {
      return this.#failed(instance, cause);
    } finally {
      await opened.discard();
    }
  }

  /** The request that follows, once its dataset is open and as long as nobody wants it to stop. */
  #nextIn(channel: StoreChannel, following: Following<I>): NextRequest | undefined {
    if (following === undefined) return undefined;
    const { item: instance, result } = following;
    let opened: Opened<I> | undefined;
    const get = (): StoreRequest | undefined => {
      if (opened === undefined || !isOpened(opened) || this.#ports.isCancelled()) return undefined;
      const { transferSyntaxUid } = opened;
      const context = contextFor({ ...instance, transferSyntaxUid }, channel.contexts());
      if (context?.transferSyntax !== transferSyntaxUid) return undefined;
      this.#promised ??= { instance, command: this.#commandOf(instance) };
      return { contextId: context.id, command: this.#promised.command };
    };
    const ready = result.then(
      (found) => {
        opened = found;
      },
      () => undefined,
    );
    return { ready, get };
  }

  #commandOf({ sopClassUid, sopInstanceUid }: I): CommandSet {
    const { originator } = this.#ports;
    this.#messageId = (this.#messageId % 0xffff) + 1;
    return {
      AffectedSOPClassUID: sopClassUid,
      CommandField: COMMAND.C_STORE,
      MessageID: this.#messageId,
      Priority: 0,
      CommandDataSetType: HAS_DATASET,
      AffectedSOPInstanceUID: sopInstanceUid,
      ...(originator === undefined
        ? {}
        : {
            MoveOriginatorApplicationEntityTitle: originator.aeTitle,
            MoveOriginatorMessageID: originator.messageId,
          }),
    };
  }

  #failed(instance: I, cause: unknown): SentInstance<I> {
    if (!(cause instanceof AssociationFailure)) return { instance, outcome: 'failed', reason: 'UNREADABLE', cause };
    if (cause !== this.#end) this.#breaks += 1;
    if (this.#breaks >= MOST_BREAKS) this.#end ??= cause;
    return { instance, outcome: 'failed', reason: 'NO_ASSOCIATION', cause };
  }
}

function answered<I extends InstanceToSend>(instance: I, status: number, comment: string | undefined): SentInstance<I> {
  const kind = statusKind(status);
  const said = { instance, status, ...(comment === undefined ? {} : { comment }) };
  if (kind === 'success') return { ...said, outcome: 'sent' };
  return kind === 'warning' ? { ...said, outcome: 'warning' } : { ...said, outcome: 'failed', reason: 'REFUSED' };
}

const isOpened = (result: object): result is OpenedDataset => 'bytes' in result;
const discard = (result: object): void => {
  if (isOpened(result)) void result.discard();
};

/** Sends instances in their order and tells what became of each, until it is cancelled. Never fails. */
export async function* storeAll<I extends InstanceToSend>(
  instances: Iterable<I>,
  ports: StoringPorts<I>,
): AsyncGenerator<SentInstance<I>, void> {
  const storing = new Storing(ports);
  const opening = oneAhead(instances, (instance) => storing.open(instance), { drop: discard });
  for await (const { item, result, following } of opening) {
    const opened = await result;
    if (ports.isCancelled()) {
      discard(opened);
      return;
    }
    yield isOpened(opened) ? await storing.store(item, opened, following) : opened;
  }
}
