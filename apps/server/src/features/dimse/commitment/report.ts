import { type DicomJsonObject, isStorableUid, jsonItems, jsonString } from '@negatoscope/dicom';
import {
  type Answer,
  COMMAND,
  type CommandSet,
  HAS_DATASET,
  SERVICE_CLASS,
  STATUS,
  STORAGE_COMMITMENT_INSTANCE,
} from '@negatoscope/dimse';

/** An instance that a device wants to be sure of. */
export interface WantedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What became of one: undefined where it is kept, else why not (PS3.3 C.14.1.1): none there (0112H), of another class (0119H). */
export type Verdict = typeof STATUS.NO_SUCH_INSTANCE | typeof STATUS.CLASS_INSTANCE_CONFLICT | undefined;

export interface Asked {
  readonly transactionUid: string;
  readonly instances: readonly WantedInstance[];
}

/** Of one request; a device that has more asks several times. */
export const MOST_INSTANCES = 20_000;

const TRANSACTION = '00081195';
const REFERENCED = '00081199';
const FAILED = '00081198';
const EVENT = { ALL: 1, SOME_FAILED: 2 } as const;
const MESSAGE_ID = 0x7001;

const wrong = (tag: string): { readonly refused: Answer } => ({
  refused: { status: STATUS.INVALID_ARGUMENT, comment: `(${tag.slice(0, 4)},${tag.slice(4)})` },
});

/** Of several nobody could be told what became of each (PS3.6: VM 1). */
const oneUid = (json: DicomJsonObject, tag: string): string =>
  (json[tag]?.Value?.length ?? 0) > 1 ? '' : (jsonString(json, tag) ?? '');

/** What an N-ACTION asks for (PS3.4 table J.3-1), or what it is refused with. */
export function askedIn(dataset: DicomJsonObject): Asked | { readonly refused: Answer } {
  const transactionUid = oneUid(dataset, TRANSACTION);
  if (!isStorableUid(transactionUid)) return wrong(TRANSACTION);
  const items = jsonItems(dataset, REFERENCED);
  if (items.length === 0) return wrong(REFERENCED);
  if (items.length > MOST_INSTANCES) return { refused: { status: STATUS.RESOURCE_LIMITATION, comment: 'Too many instances' } };
  const instances = items.map((item) => ({
    sopClassUid: oneUid(item, '00081150'),
    sopInstanceUid: oneUid(item, '00081155'),
  }));
  const isNamed = instances.every(
    ({ sopClassUid, sopInstanceUid }) => isStorableUid(sopClassUid) && isStorableUid(sopInstanceUid),
  );
  return isNamed ? { transactionUid, instances } : wrong(REFERENCED);
}

const itemOf = ({ sopClassUid, sopInstanceUid }: WantedInstance): DicomJsonObject => ({
  '00081150': { vr: 'UI', Value: [sopClassUid] },
  '00081155': { vr: 'UI', Value: [sopInstanceUid] },
});

/** The report about a request (N-EVENT-REPORT, PS3.4 table J.3-2). */
export function reportOf(
  { transactionUid, instances }: Asked,
  verdicts: readonly Verdict[],
  aeTitle: string,
): { readonly command: CommandSet; readonly dataset: DicomJsonObject; readonly committed: number; readonly failed: number } {
  const kept = instances.filter((_, index) => verdicts[index] === undefined);
  const failed = instances.flatMap((instance, index) => {
    const reason = verdicts[index];
    return reason === undefined ? [] : [{ ...itemOf(instance), '00081197': { vr: 'US', Value: [reason] } }];
  });
  return {
    command: {
      AffectedSOPClassUID: SERVICE_CLASS.STORAGE_COMMITMENT_PUSH,
      CommandField: COMMAND.N_EVENT_REPORT,
      MessageID: MESSAGE_ID,
      CommandDataSetType: HAS_DATASET,
      AffectedSOPInstanceUID: STORAGE_COMMITMENT_INSTANCE,
      EventTypeID: failed.length === 0 ? EVENT.ALL : EVENT.SOME_FAILED,
    },
    dataset: {
      '00080054': { vr: 'AE', Value: [aeTitle] },
      [TRANSACTION]: { vr: 'UI', Value: [transactionUid] },
      ...(failed.length === 0 ? {} : { [FAILED]: { vr: 'SQ', Value: failed } }),
      ...(kept.length === 0 ? {} : { [REFERENCED]: { vr: 'SQ', Value: kept.map(itemOf) } }),
    },
    committed: kept.length,
    failed: failed.length,
  };
}
