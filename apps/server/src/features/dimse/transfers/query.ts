import type { DicomJsonObject } from '@negatoscope/dicom';
import { COMMAND, HAS_DATASET, NO_DATASET, SERVICE_CLASS, STATUS, statusKind } from '@negatoscope/dimse';
import type { Asked, Patience } from '../ask/asked.ts';
import type { RequestedAssociation } from '../ask/association.ts';
import { AssociationFailure } from '../ask/failure.ts';
import { readIdentifier, writeIdentifier } from '../ask/identifier.ts';
import { oneRun } from '../ask/message.ts';
import { openAssociation } from '../ask/open-association.ts';
import { PLAIN } from '../ask/sending-contexts.ts';

export type QueryLevel = 'STUDY' | 'SERIES' | 'IMAGE';

/** How a query ended: with which status, and whether the node has more than was taken. */
export interface QueryEnd {
  readonly status: number;
  readonly isCut: boolean;
}

/** A match is some dozens of short elements. */
const MOST_MATCH_BYTES = 1_048_576;
/** How long a node may take to stop when it is told to. */
const CANCEL_MS = 3_000;

/** Of the one service of such an association. */
export const PLAIN_CONTEXT = 1;

/** The node takes associations, and does not offer what was to be asked in it. */
export class NotSupported extends Error {}

/** An association for one service, in which datasets are plain. Fails with NotSupported where the node does not offer it. */
export async function openPlain(
  node: Asked,
  abstractSyntax: string,
  options: { readonly patience?: Partial<Patience>; readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly association: RequestedAssociation; readonly transferSyntax: string }> {
  const association = await openAssociation(node, {
    contexts: [{ id: PLAIN_CONTEXT, abstractSyntax, transferSyntaxes: PLAIN }],
    ...options,
  });
  const context = association.contexts.get(PLAIN_CONTEXT);
  if (context !== undefined) return { association, transferSyntax: context.transferSyntax };
  association.abort();
  throw new NotSupported();
}

/** The dataset behind a command, whole. Fails with AssociationFailure where it is longer than one may be. */
export async function wholeDataset(association: RequestedAssociation): Promise<Uint8Array> {
  const runs: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const part = await association.next();
    if (part.kind !== 'dataset') throw new AssociationFailure('FAILED');
    runs.push(part.bytes.slice());
    bytes += part.bytes.length;
    if (bytes > MOST_MATCH_BYTES) {
      association.abort();
      throw new AssociationFailure('FAILED');
    }
    if (part.isLast) return Buffer.concat(runs);
  }
}

/** Asks a node for what it has (C-FIND, PS3.4 C.4.1, study root), one query after the other in one association. Everything fails with AssociationFailure. */
export class Querying {
  readonly #association: RequestedAssociation;
  readonly #transferSyntax: string;
  #messageId = 0;

  private constructor(association: RequestedAssociation, transferSyntax: string) {
    this.#association = association;
    this.#transferSyntax = transferSyntax;
  }

  static async open(
    node: Asked,
    options: { readonly patience?: Partial<Patience>; readonly signal?: AbortSignal } = {},
  ): Promise<Querying> {
    const { association, transferSyntax } = await openPlain(node, SERVICE_CLASS.STUDY_ROOT_FIND, options);
    return new Querying(association, transferSyntax);
  }

  /** The matches as they come, `most` at most: then, and when the signal says so, the node is told to stop. */
  async *find(
    level: QueryLevel,
    keys: DicomJsonObject,
    { most = Number.POSITIVE_INFINITY, signal }: { readonly most?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<DicomJsonObject, QueryEnd> {
    const association = this.#association;
    this.#messageId += 1;
    const identifier = { ...keys, '00080052': { vr: 'CS', Value: [level] } };
    await association.send(PLAIN_CONTEXT, this.#request(), oneRun(writeIdentifier(identifier, this.#transferSyntax)));
    const stop = this.#stopper();
    signal?.addEventListener('abort', stop.stop, { once: true });
    if (signal?.aborted === true) stop.stop();
    let told = 0;
    let isOver = false;
    try {
      for (;;) {
        const { status, match } = await this.#answer();
        isOver = statusKind(status) !== 'pending';
        if (isOver) return { status, isCut: stop.isStopped() };
        if (stop.isStopped()) continue;
        // One without a dataset counts as well: a node could tell of nothing for ever.
        if (told === most) stop.stop();
        else if (match !== undefined) yield match;
        told += 1;
      }
    } catch (error) {
      // Told to stop it has gone on, and was left: what it told before is there, and it has more.
      const isLeft = stop.isStopped() && signal?.aborted !== true && error instanceof AssociationFailure;
      if (!isLeft) throw error;
      return { status: STATUS.CANCEL, isCut: true };
    } finally {
      signal?.removeEventListener('abort', stop.stop);
      stop.end();
      // Nobody reads on: what still comes would be taken for the next answer.
      if (!isOver) association.abort();
    }
  }

  #request() {
    return {
      AffectedSOPClassUID: SERVICE_CLASS.STUDY_ROOT_FIND,
      CommandField: COMMAND.C_FIND,
      MessageID: this.#messageId,
      Priority: 0,
      CommandDataSetType: HAS_DATASET,
    };
  }

  /** Tells the node to stop, once; one that does not is left. */
  #stopper() {
    let timer: NodeJS.Timeout | undefined;
    const command = {
      CommandField: COMMAND.C_CANCEL,
      MessageIDBeingRespondedTo: this.#messageId,
      CommandDataSetType: NO_DATASET,
    };
    return {
      isStopped: () => timer !== undefined,
      stop: () => {
        if (timer !== undefined) return;
        timer = setTimeout(() => this.#association.abort(), CANCEL_MS);
        this.#association.send(PLAIN_CONTEXT, command).catch(() => undefined);
      },
      end: () => clearTimeout(timer),
    };
  }

  async #answer(): Promise<{ readonly status: number; readonly match: DicomJsonObject | undefined }> {
    const part = await this.#association.nextAnswer({ CommandField: COMMAND.C_FIND, MessageID: this.#messageId });
    const status = part.command.Status ?? STATUS.PROCESSING_FAILURE;
    if (!part.hasDataset) return { status, match: undefined };
    return { status, match: readIdentifier(await wholeDataset(this.#association), this.#transferSyntax) };
  }

  release(): Promise<void> {
    return this.#association.release();
  }
}
