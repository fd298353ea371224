import { WHOLE_SLIDE_MICROSCOPY } from '../slides/level.ts';
import type { DicomJsonObject } from '../types.ts';
import { type Code, children, code, codeItem, dcm, imageItem, item, type Relation, textItem } from './content.ts';
import { sequence, text } from './elements.ts';
import type { InstanceReference } from './references.ts';

/** Points of a drawing as column and row in turn, as Graphic Data (0070,0022) has them (PS3.3 C.18.6). */
export interface MadeShape {
  readonly graphicType: 'POINT' | 'POLYLINE' | 'ELLIPSE';
  readonly points: readonly number[];
}

export interface MadeValue {
  readonly concept: Code;
  /** Mean, standard deviation, minimum, maximum of the concept (PS3.16 CID 7464). */
  readonly derivation?: Code;
  readonly value: number;
  /** Of UCUM. */
  readonly unit: Code;
}

/** A drawing on its image (PS3.3 C.18.6), under a relation that its parent allows. */
export const coordinates = (
  relation: Relation,
  concept: Code | undefined,
  image: InstanceReference,
  shape: MadeShape,
): DicomJsonObject =>
  item(relation, 'SCOORD', concept, {
    '00700022': { vr: 'FL', Value: [...shape.points] },
    '00700023': text('CS', shape.graphicType),
    // Of tiled images it must be said that the points are those of the frame (PS3.3 C.18.6).
    ...(image.sopClassUid === WHOLE_SLIDE_MICROSCOPY ? { '00480301': text('CS', 'FRAME') } : {}),
    ...children(imageItem(image, 'SELECTED FROM')),
  });

/** A number with its unit (PS3.16 TID 300); what it was measured on stands below it, where that is no region of its own. */
export const numberItem = ({ concept, derivation, value, unit }: MadeValue, below: readonly DicomJsonObject[]): DicomJsonObject =>
  item('CONTAINS', 'NUM', concept, {
    '0040A300': sequence({
      '004008EA': sequence(codeItem(unit)),
      '0040A161': { vr: 'FD', Value: [value] },
      // Rounded to the 16 characters of a decimal string where it needs more (PS3.5 6.2).
      '0040A30A': { vr: 'DS', Value: [value] },
    }),
    ...children(
      ...(derivation === undefined ? [] : [code('HAS CONCEPT MOD', dcm('121401', 'Derivation'), derivation)]),
      ...below,
    ),
  });

/** By what one thing is found again in several documents (PS3.16 TID 1501, TID 1410). */
export const trackingItems = (id: string, uid: string): DicomJsonObject[] => [
  textItem('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), id),
  item('HAS OBS CONTEXT', 'UIDREF', dcm('112040', 'Tracking Unique Identifier'), { '0040A124': text('UI', uid) }),
];
