import { setTimeout as sleep } from 'node:timers/promises';
import { type AgreedContext, type CommandSet, STATUS, STORAGE_COMMITMENT_INSTANCE } from '@negatoscope/dimse';
import { AssociationFailure } from '../ask/failure.ts';
import { writeIdentifier } from '../ask/identifier.ts';
import { oneRun } from '../ask/message.ts';
import type { CommitmentKeeper } from '../commitment/keeping.ts';
import { type Asked, askedIn, reportOf } from '../commitment/report.ts';
import { datasetOf, overDataset } from './identifier.ts';
import type { Operation, Telling } from './operation.ts';

export interface NodeCommitment {
  readonly keeper: CommitmentKeeper;
  /** One's own AE title: from where what is kept can be had. */
  readonly aeTitle: string;
  /** Takes a place among the reports of an association that are held until they are told; undefined when there is none. */
  readonly begin: () => { end(): void } | undefined;
}

const MOST_BYTES = 4_194_304;
const REQUEST = 1;
/** A device that leaves once it is answered is told by an association of ours: it is given the time to leave. */
const LEAVING_MS = 500;

/** N-ACTION of storage commitment (PS3.4 J.3.2): what is asked is kept and answered, then told in the same association as long as it is there. */
export function commitmentOperation(of: NodeCommitment, command: CommandSet, context: AgreedContext): Operation {
  let kept: Asked | undefined;
  return {
    ...overDataset(MOST_BYTES, async (gathered) => {
      if (command.RequestedSOPInstanceUID !== STORAGE_COMMITMENT_INSTANCE) return { status: STATUS.NO_SUCH_INSTANCE };
      if (command.ActionTypeID !== REQUEST) return { status: STATUS.NO_SUCH_ACTION };
      const read = datasetOf(gathered, context);
      if ('status' in read) return read;
      const asked = askedIn(read.dataset);
      if ('refused' in asked) return asked.refused;
      const outcome = await of.keeper.keep(asked);
      if (outcome === 'OTHER') return { status: STATUS.INVALID_ARGUMENT, comment: 'The transaction is of other instances' };
      if (outcome === 'FULL') return { status: STATUS.RESOURCE_LIMITATION, comment: 'Too much waits to be told' };
      kept = asked;
      return { status: STATUS.SUCCESS, ActionTypeID: REQUEST };
    }),
    afterwards: async (telling) => {
      // Who takes no reports while it goes on asking is told of what is more by the job.
      const place = kept === undefined ? undefined : of.begin();
      if (kept === undefined || place === undefined) return;
      try {
        await report(of, kept, telling, context);
      } finally {
        place.end();
      }
    },
  };
}

async function report(
  { keeper, aeTitle }: NodeCommitment,
  asked: Asked,
  telling: Telling,
  context: AgreedContext,
): Promise<void> {
  await sleep(LEAVING_MS);
  try {
    const channel = await telling.channel();
    const { command, dataset, ...counts } = reportOf(asked, await keeper.certify(asked.instances), aeTitle);
    const bytes = writeIdentifier(dataset, context.transferSyntax);
    const { Status } = await channel.store({ contextId: context.id, command }, oneRun(bytes));
    if (Status === STATUS.SUCCESS) await keeper.told(asked, counts);
  } catch (error) {
    // It has left: the job tells it.
    if (!(error instanceof AssociationFailure)) throw error;
  }
}
