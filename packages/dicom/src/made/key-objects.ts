import { commonOf, type MadeInstance } from './common.ts';
import { type Code, imageItem, rootOf, templateOf, textItem } from './content.ts';
import { empty } from './elements.ts';
import { fileOf } from './file.ts';
import { observerItems } from './observers.ts';
import { evidenceOf, type InstanceReference, type Predecessor, predecessorsOf } from './references.ts';

export interface MadeKeyObjects extends MadeInstance {
  /** Why these were chosen (PS3.16 CID 7010); "Of Interest" when absent. */
  readonly title?: Code;
  readonly description?: string;
  /** A PN value: who chose them. */
  readonly author?: string;
  /** The selection that this one takes the place of. */
  readonly predecessor?: Predecessor;
  /** At least one. */
  readonly objects: readonly InstanceReference[];
}

const OF_INTEREST: Code = { value: '113000', scheme: 'DCM', meaning: 'Of Interest' };
const KEY_OBJECT_DESCRIPTION: Code = { value: '113012', scheme: 'DCM', meaning: 'Key Object Description' };

/** A Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010). Fails with DatasetWriteError. */
export function keyObjectSelection(selection: MadeKeyObjects): Uint8Array {
  const { title = OF_INTEREST, description, author, predecessor, objects } = selection;
  return fileOf(selection, {
    ...commonOf(selection, '1.2.840.10008.5.1.4.1.1.88.59', 'KO'),
    '00081111': empty('SQ'),
    ...templateOf('2010'),
    // No attribute of this IOD: an addition as standard extended SOP classes may have (PS3.2 3.11.3).
    ...predecessorsOf(selection, predecessor),
    ...evidenceOf(selection, objects),
    ...rootOf(title, [
      ...(author === undefined ? [] : observerItems(author)),
      ...(description === undefined ? [] : [textItem('CONTAINS', KEY_OBJECT_DESCRIPTION, description)]),
      ...objects.map((object) => imageItem(object)),
    ]),
  });
}
