import { setTimeout as sleep } from 'node:timers/promises';
import { type AgreedContext, type Answer, type CommandSet, STATUS, STORAGE_COMMITMENT_INSTANCE } from '@negatoscope/dimse';
import { AssociationFailure } from '../ask/failure.ts';
import type { CommitmentKeeper } from '../commitment/keeping.ts';
import { type Asked, askedIn, reportOf } from '../commitment/report.ts';
import { Gathered } from './gathered.ts';
import { readIdentifier, writeIdentifier } from './identifier.ts';
import type { Operation, Telling } from './operation.ts';

export interface NodeCommitment {
  readonly keeper: CommitmentKeeper;
  /** One's own AE title: from where what is kept can be had. */
  readonly aeTitle: string;
}

const MOST_BYTES = 4_194_304;
const REQUEST = 1;
/** A device that leaves once it is answered is told by an association of ours: it is given the time to leave. */
const LEAVING_MS = 500;

/** N-ACTION of storage commitment (PS3.4 J.3.2): what is asked is kept and answered, then told in the same association as long as it is there. */
export class CommitmentOperation implements Operation {
  readonly #of: NodeCommitment;
  readonly #command: CommandSet;
  readonly #context: AgreedContext;
  readonly #dataset = new Gathered(MOST_BYTES);
  #asked: Asked | undefined;

  constructor(of: NodeCommitment, command: CommandSet, context: AgreedContext) {
    this.#of = of;
    this.#command = command;
    this.#context = context;
  }

  async take(bytes: Uint8Array): Promise<void> {
    this.#dataset.add(bytes);
  }

  async breakOff(): Promise<void> {
    this.#dataset.leave();
  }

  async finish(): Promise<Answer> {
    const { RequestedSOPInstanceUID: instance, ActionTypeID: action } = this.#command;
    if (instance !== STORAGE_COMMITMENT_INSTANCE) return { status: STATUS.NO_SUCH_INSTANCE };
    if (action !== REQUEST) return { status: STATUS.NO_SUCH_ACTION };
    if (this.#dataset.isTooLong) return { status: STATUS.RESOURCE_LIMITATION, comment: 'The dataset is too long' };
    const dataset = readIdentifier(this.#dataset.bytes, this.#context.transferSyntax);
    if (dataset === undefined) return { status: STATUS.PROCESSING_FAILURE, comment: 'The dataset can not be read' };
    const asked = askedIn(dataset);
    if ('refused' in asked) return asked.refused;
    if (!(await this.#of.keeper.keep(asked)))
      return { status: STATUS.INVALID_ARGUMENT, comment: 'The transaction is of other instances' };
    this.#asked = asked;
    return { status: STATUS.SUCCESS, ActionTypeID: REQUEST };
  }

  async afterwards(telling: Telling): Promise<void> {
    const asked = this.#asked;
    if (asked === undefined) return;
    await sleep(LEAVING_MS);
    try {
      const channel = await telling.channel();
      const { keeper, aeTitle } = this.#of;
      const { command, dataset, ...counts } = reportOf(asked, await keeper.certify(asked.instances), aeTitle);
      const bytes = writeIdentifier(dataset, this.#context.transferSyntax);
      const { Status } = await channel.store(this.#context.id, command, oneRun(bytes));
      if (Status === STATUS.SUCCESS) await keeper.told(asked, counts);
    } catch (error) {
      // It has left: the job tells it.
      if (!(error instanceof AssociationFailure)) throw error;
    }
  }
}

async function* oneRun(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
