import { type DicomJsonObject, isStorableUid, uidOfUuid } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, COMMAND, type CommandSet, STATUS } from '@negatoscope/dimse';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { Gathered } from './gathered.ts';
import { readIdentifier } from './identifier.ts';
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
const TOO_LONG: Answer = { status: STATUS.RESOURCE_LIMITATION, comment: 'The dataset is too long' };
const UNREADABLE: Answer = { status: STATUS.PROCESSING_FAILURE, comment: 'The dataset can not be read' };

/** Each change may bring other attributes: what they come to is no longer than one may be. */
function bounded(step: ToldStep | { readonly refused: Answer }): ToldStep | { readonly refused: Answer } {
  const isTooLong = !('refused' in step) && JSON.stringify(step.attributes).length > 2 * MOST_BYTES;
  return isTooLong ? { refused: TOO_LONG } : step;
}

/** N-CREATE and N-SET of performed procedure steps (PS3.4 F.7). */
export class StepOperation implements Operation {
  readonly #keeper: StepKeeper;
  readonly #command: CommandSet;
  readonly #context: AgreedContext;
  readonly #dataset = new Gathered(MOST_BYTES);

  constructor(keeper: StepKeeper, command: CommandSet, context: AgreedContext) {
    this.#keeper = keeper;
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
    if (this.#dataset.isTooLong) return TOO_LONG;
    const dataset = readIdentifier(this.#dataset.bytes, this.#context.transferSyntax);
    if (dataset === undefined) return UNREADABLE;
    try {
      return this.#command.CommandField === COMMAND.N_CREATE ? await this.#begin(dataset) : await this.#change(dataset);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { status: STATUS.PROCESSING_FAILURE, comment: error.detail ?? error.code };
    }
  }

  async #begin(dataset: DicomJsonObject): Promise<Answer> {
    // Who names none is given one (PS3.7 10.1.5.1.3).
    const { AffectedSOPInstanceUID: given } = this.#command;
    const instanceUid = given ?? uidOfUuid(newId());
    if (!isStorableUid(instanceUid)) return { status: STATUS.INVALID_OBJECT_INSTANCE };
    const step = begun(dataset);
    if ('refused' in step) return step.refused;
    if (!(await this.#keeper.begin(instanceUid, step))) return { status: STATUS.DUPLICATE_INSTANCE };
    return given === undefined ? { ...SUCCESS, instanceUid } : SUCCESS;
  }

  async #change(dataset: DicomJsonObject): Promise<Answer> {
    const changed = await this.#keeper.change(this.#command.RequestedSOPInstanceUID ?? '', (present) =>
      bounded(gone(present, dataset)),
    );
    if (changed === undefined) return { status: STATUS.NO_SUCH_INSTANCE };
    return 'refused' in changed ? changed.refused : SUCCESS;
  }
}
