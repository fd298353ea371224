import type { AgreedContext, AgreedContexts } from '../association/negotiate.ts';
import { ProtocolError } from '../errors.ts';
import type { DataPiece } from '../pdu/types.ts';
import { readCommandSet } from './command-set.ts';
import type { CommandSet } from './fields.ts';
import { hasDataset } from './messages.ts';

export type MessagePart =
  /** A dataset follows when `hasDataset`. */
  | { readonly kind: 'command'; readonly context: AgreedContext; readonly command: CommandSet; readonly hasDataset: boolean }
  /** A run of the dataset, in the transfer syntax of its context: a view into what was read. */
  | { readonly kind: 'dataset'; readonly bytes: Uint8Array; readonly isLast: boolean };

/** A command set has two dozen short elements. */
const MAX_COMMAND_BYTES = 16_384;

/**
 * Puts messages together (PS3.7 6.3, PS3.8 annex E): a whole command set, then its dataset as it comes, without keeping any of it. Fails with
 * CONTEXT_NOT_ACCEPTED, MESSAGE_ORDER, COMMAND_TOO_LONG or COMMAND_SET; the association is then to be aborted.
 */
export class MessageReader {
  readonly #contexts: AgreedContexts;
  #command: Uint8Array[] = [];
  #commandBytes = 0;
  /** Of what has begun. */
  #contextId: number | undefined;
  #awaitsDataset = false;

  constructor(contexts: AgreedContexts) {
    this.#contexts = contexts;
  }

  /** Between two messages: the other side may be asked to wait, or to leave. */
  get isAtRest(): boolean {
    return this.#contextId === undefined;
  }

  take({ contextId, isCommand, isLast, bytes }: DataPiece): MessagePart | undefined {
    const context = this.#contexts.get(contextId);
    if (context === undefined) throw new ProtocolError('CONTEXT_NOT_ACCEPTED', { contextId });
    const isOther = this.#contextId !== undefined && this.#contextId !== contextId;
    if (isOther || isCommand === this.#awaitsDataset) throw new ProtocolError('MESSAGE_ORDER', { contextId });
    this.#contextId = contextId;
    if (isCommand) return this.#takeCommand(context, bytes, isLast);
    if (isLast) this.#end();
    return bytes.length === 0 && !isLast ? undefined : { kind: 'dataset', bytes, isLast };
  }

  #takeCommand(context: AgreedContext, bytes: Uint8Array, isLast: boolean): MessagePart | undefined {
    this.#commandBytes += bytes.length;
    if (this.#commandBytes > MAX_COMMAND_BYTES) throw new ProtocolError('COMMAND_TOO_LONG', { length: this.#commandBytes });
    if (isLast && this.#command.length === 0) return this.#commandOf(context, bytes);
    if (bytes.length > 0) this.#command.push(bytes.slice());
    if (!isLast) return undefined;
    const whole = new Uint8Array(this.#commandBytes);
    let at = 0;
    for (const part of this.#command) {
      whole.set(part, at);
      at += part.length;
    }
    return this.#commandOf(context, whole);
  }

  #commandOf(context: AgreedContext, bytes: Uint8Array): MessagePart {
    this.#command = [];
    this.#commandBytes = 0;
    const command = readCommandSet(bytes);
    if (command.CommandField === undefined) throw new ProtocolError('COMMAND_SET');
    this.#awaitsDataset = hasDataset(command);
    if (!this.#awaitsDataset) this.#end();
    return { kind: 'command', context, command, hasDataset: this.#awaitsDataset };
  }

  #end(): void {
    this.#contextId = undefined;
    this.#awaitsDataset = false;
  }
}
