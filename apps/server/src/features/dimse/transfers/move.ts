import type { DicomJsonObject } from '@negatoscope/dicom';
import { COMMAND, HAS_DATASET, SERVICE_CLASS, STATUS, statusKind } from '@negatoscope/dimse';
import type { Asked } from '../ask/asked.ts';
import type { RequestedAssociation } from '../ask/association.ts';
import { writeIdentifier } from '../ask/identifier.ts';
import { oneRun } from '../ask/message.ts';
import { openPlain, PLAIN_CONTEXT, wholeDataset } from './query.ts';

/** Has a node send instances to this server (C-MOVE, PS3.4 C.4.2), where they come as all that it sends. */
export class Moving {
  readonly #association: RequestedAssociation;
  readonly #transferSyntax: string;
  readonly #destination: string;
  #messageId = 0;

  private constructor(association: RequestedAssociation, transferSyntax: string, destination: string) {
    this.#association = association;
    this.#transferSyntax = transferSyntax;
    this.#destination = destination;
  }

  /** Fails with NotSupported where the node has no C-MOVE. */
  static async open(node: Asked, signal?: AbortSignal): Promise<Moving> {
    const { association, transferSyntax } = await openPlain(node, SERVICE_CLASS.STUDY_ROOT_MOVE, { signal });
    return new Moving(association, transferSyntax, node.callingAet);
  }

  /** Resolves with the last status; is told each time that the node tells how far it is. */
  async move(keys: DicomJsonObject, onProgress: () => Promise<void>): Promise<number> {
    this.#messageId += 1;
    const request = {
      AffectedSOPClassUID: SERVICE_CLASS.STUDY_ROOT_MOVE,
      CommandField: COMMAND.C_MOVE,
      MessageID: this.#messageId,
      Priority: 0,
      CommandDataSetType: HAS_DATASET,
      MoveDestination: this.#destination,
    };
    await this.#association.send(PLAIN_CONTEXT, request, oneRun(writeIdentifier(keys, this.#transferSyntax)));
    for (;;) {
      const part = await this.#association.nextAnswer(request);
      if (part.hasDataset) await wholeDataset(this.#association);
      const status = part.command.Status ?? STATUS.PROCESSING_FAILURE;
      if (statusKind(status) !== 'pending') return status;
      await onProgress();
    }
  }

  release(): Promise<void> {
    return this.#association.release();
  }
}
