import { type DicomJsonObject, isStorableUid, uidOfUuid } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, COMMAND, type CommandSet, STATUS } from '@negatoscope/dimse';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { datasetOf, overDataset, TOO_LONG } from './identifier.ts';
import type { Operation } from './operation.ts';
import { begun, gone, type Scheduled, type ToldStep } from './step-rules.ts';

/** Keeps what one node tells of performed procedure steps; by its SOP Instance UID each is one. */
export interface StepKeeper {
  /** False where there is one of this UID. */
  begin(sopInstanceUid: string, step: ToldStep & Scheduled): Promise<boolean>;
  /** Changes a step as it stands then to what `change` makes of it, or not where that refuses. Undefined where there is none of this UID. */
  change(
    sopInstanceUid: string,
    change: (present: ToldStep) => ToldStep | { readonly refused: Answer },
  ): Promise<ToldStep | { readonly refused: Answer } | undefined>;
}

/** A step names every image that was made in it. */
const MOST_BYTES = 4_194_304;
const SUCCESS: Answer = { status: STATUS.SUCCESS };

/** Each change may bring other attributes: what they come to is no longer than one may be. */
function bounded(step: ToldStep | { readonly refused: Answer }): ToldStep | { readonly refused: Answer } {
  const isTooLong = !('refused' in step) && JSON.stringify(step.attributes).length > 2 * MOST_BYTES;
  return isTooLong ? { refused: TOO_LONG } : step;
}

/** N-CREATE and N-SET of performed procedure steps (PS3.4 F.7). */
export const stepOperation = (keeper: StepKeeper, command: CommandSet, context: AgreedContext): Operation =>
  overDataset(MOST_BYTES, async (gathered) => {
    const read = datasetOf(gathered, context);
    if ('status' in read) return read;
    try {
      const keep = command.CommandField === COMMAND.N_CREATE ? begin : change;
      return await keep(keeper, command, read.dataset);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { status: STATUS.PROCESSING_FAILURE, comment: error.detail ?? error.code };
    }
  });

async function begin(
  keeper: StepKeeper,
  { AffectedSOPInstanceUID: given }: CommandSet,
  dataset: DicomJsonObject,
): Promise<Answer> {
  // Who names none is given one (PS3.7 10.1.5.1.3).
  const instanceUid = given ?? uidOfUuid(newId());
  if (!isStorableUid(instanceUid)) return { status: STATUS.INVALID_OBJECT_INSTANCE };
  const step = begun(dataset);
  if ('refused' in step) return step.refused;
  if (!(await keeper.begin(instanceUid, step))) return { status: STATUS.DUPLICATE_INSTANCE };
  return given === undefined ? { ...SUCCESS, instanceUid } : SUCCESS;
}

async function change(
  keeper: StepKeeper,
  { RequestedSOPInstanceUID: uid = '' }: CommandSet,
  dataset: DicomJsonObject,
): Promise<Answer> {
  const changed = await keeper.change(uid, (present) => bounded(gone(present, dataset)));
  if (changed === undefined) return { status: STATUS.NO_SUCH_INSTANCE };
  return 'refused' in changed ? changed.refused : SUCCESS;
}
