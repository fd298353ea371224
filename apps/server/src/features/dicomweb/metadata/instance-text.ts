import type { DicomJsonObject } from '@negatoscope/dicom';
import { differenceAt, INDEXED_TAGS, type Overlay } from '../../../archive/coercion/index.ts';
import { isHeldBack, withoutPixels } from '../../../archive/pixels/held-back.ts';
import { pseudonymise } from '../../../archive/pseudonym/pseudonym.ts';
import type { DicomJson, DicomJsonElement } from '../../../archive/search/qido-repository.ts';
import { dicomJsonText } from '../qido/answer.ts';
import { patientElements, pseudonymElements } from '../qido/elements.ts';
import { resolveBulk, withAddresses } from '../stored-json.ts';
import { type Overlaid, splicedMetadata } from './splice.ts';

/** Who looks, and what the index says today of the patient and the study. */
export interface MetadataView {
  readonly overlay: Overlay;
  readonly identity: boolean;
}

/** What decides whether an instance's pixels are held back, beside its dataset. */
export interface InstanceFacts {
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

/** What the index lays over an attribute, from its stored text; instances of a series mostly say the same, so the last answer is kept. */
function overlaid(tag: string, overlay: Overlay): Overlaid {
  let last: { stored: string | undefined; text: string | undefined } | undefined;
  return {
    tag,
    text: (stored) => {
      if (last === undefined || last.stored !== stored) {
        const element = differenceAt(tag, stored === undefined ? undefined : JSON.parse(stored), overlay);
        last = { stored, text: element === undefined ? undefined : JSON.stringify(element) };
      }
      return last.text;
    },
  };
}

const pseudonymised = (json: DicomJson, named: DicomJsonObject, stored: InstanceFacts): DicomJson =>
  isHeldBack(json, stored) ? withoutPixels(pseudonymise(json, named)) : pseudonymise(json, named);

/** Makes the text of one instance for this view: spliced from the stored text where that is possible, by parsing it otherwise. */
export function metadataWriter({
  overlay,
  identity,
}: MetadataView): (json: Buffer, address: string, stored: InstanceFacts) => Buffer[] {
  const overlays = INDEXED_TAGS.map((tag) => overlaid(tag, overlay));
  const laidOver = (json: DicomJson): DicomJson => {
    const shown: Record<string, DicomJsonElement> = { ...json };
    for (const tag of INDEXED_TAGS) {
      const element = differenceAt(tag, (json as DicomJsonObject)[tag], overlay); // Written by ingest.
      if (element !== undefined) shown[tag] = element;
    }
    return shown;
  };
  const parsed = (bytes: Buffer, address: string, stored: InstanceFacts): Buffer[] => {
    const json: DicomJson = JSON.parse(bytes.toString('utf8')); // Written by ingest.
    const shown = identity
      ? laidOver(json)
      : {
          ...pseudonymised(json, patientElements({ ...overlay, patient_id: overlay.external_id }), stored),
          ...pseudonymElements(overlay),
        };
    return [Buffer.from(dicomJsonText(withAddresses(shown, address)))];
  };
  return (json, address, stored) =>
    (identity ? splicedMetadata(json, overlays, (uri) => resolveBulk(uri, address)) : undefined) ?? parsed(json, address, stored);
}
