import type { DicomJsonObject } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, STATUS } from '@negatoscope/dimse';
import { keyText, readIdentifier } from '../ask/identifier.ts';
import { Gathered } from './gathered.ts';
import type { Operation, Reply, Telling } from './operation.ts';

/** Query/Retrieve Level. */
export const QUERY_LEVEL = '00080052';

/** The dataset of a request, no more of which is kept than `most` bytes, and what is done with it when it is there. */
export function overDataset(
  most: number | undefined,
  finish: (dataset: Gathered, telling: Telling) => Promise<Reply>,
): Pick<Operation, 'take' | 'finish' | 'breakOff'> {
  const gathered = new Gathered(most);
  return {
    take: async (bytes) => gathered.add(bytes),
    finish: (telling) => finish(gathered, telling),
    breakOff: async () => gathered.leave(),
  };
}

export interface Identifier {
  readonly identifier: DicomJsonObject;
  readonly level: string;
}

/** What takes time over an identifier; one that is none, or longer than one may be, has its status. */
export const overIdentifier = (
  { transferSyntax }: AgreedContext,
  finish: (asked: Identifier, telling: Telling) => Promise<Reply>,
): Operation => ({
  isLong: true,
  ...overDataset(undefined, async (gathered, telling) => {
    if (gathered.isTooLong) return { status: STATUS.OUT_OF_RESOURCES, comment: 'The identifier is too long' };
    const identifier = readIdentifier(gathered.bytes, transferSyntax, { keys: true });
    if (identifier === undefined) return { status: STATUS.CANNOT_UNDERSTAND, comment: 'The identifier can not be read' };
    return finish({ identifier, level: keyText(identifier[QUERY_LEVEL] ?? { vr: 'CS' }) }, telling);
  }),
});

export const TOO_LONG: Answer = { status: STATUS.RESOURCE_LIMITATION, comment: 'The dataset is too long' };
/** The dataset of a DIMSE-N request, or the status of one that is none. */
export function datasetOf(gathered: Gathered, { transferSyntax }: AgreedContext): { readonly dataset: DicomJsonObject } | Answer {
  if (gathered.isTooLong) return TOO_LONG;
  const dataset = readIdentifier(gathered.bytes, transferSyntax);
  return dataset === undefined ? { status: STATUS.PROCESSING_FAILURE, comment: 'The dataset can not be read' } : { dataset };
}

export const NO_SUCH_LEVEL: Answer = {
  status: STATUS.DATASET_DOES_NOT_MATCH,
  OffendingElement: [QUERY_LEVEL],
  comment: 'No such query level',
};
