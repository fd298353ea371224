import type { DicomJsonObject } from '../types.ts';
import { sequence, text } from './elements.ts';
import { type InstanceReference, instanceItem } from './references.ts';

/** A code of a coding scheme (PS3.3 8). */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

export const codeItem = ({ value, scheme, meaning }: Code): DicomJsonObject => ({
  '00080100': text('SH', value),
  '00080102': text('SH', scheme),
  '00080104': text('LO', meaning),
});

/** A content item that shows an instance (PS3.3 C.18.4). */
export const imageItem = (reference: InstanceReference, relation = 'CONTAINS'): DicomJsonObject => ({
  '0040A010': text('CS', relation),
  '0040A040': text('CS', 'IMAGE'),
  '00081199': sequence({
    ...instanceItem(reference),
    ...(reference.frames === undefined ? {} : { '00081160': { vr: 'IS', Value: reference.frames } }),
  }),
});

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });

/** Relations of content items (PS3.3 C.17.3.2.4) that are made here. */
export type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'INFERRED FROM' | 'SELECTED FROM';
export const item = (relation: Relation, type: string, concept: Code | undefined, more: DicomJsonObject): DicomJsonObject => ({
  '0040A010': text('CS', relation),
  '0040A040': text('CS', type),
  ...(concept === undefined ? {} : { '0040A043': sequence(codeItem(concept)) }),
  ...more,
});
export const code = (relation: Relation, concept: Code, value: Code): DicomJsonObject =>
  item(relation, 'CODE', concept, { '0040A168': sequence(codeItem(value)) });
export const children = (...items: readonly DicomJsonObject[]): DicomJsonObject =>
  items.length === 0 ? {} : { '0040A730': sequence(...items) };

/** Controls are no characters of a UT but for ends of lines, tabs and pages (PS3.5 6.1.3, 6.2): an escape would begin another character set. */
const CONTROLS = /(?![\t\n\f\r])\p{Cc}/gu;

export const textItem = (relation: Relation, concept: Code, words: string): DicomJsonObject =>
  item(relation, 'TEXT', concept, { '0040A160': text('UT', words.replaceAll(CONTROLS, ' ')) });

const SEPARATE_ITEMS = { '0040A050': text('CS', 'SEPARATE') };
/** A container of a template, where it is of one, within a document. */
export const container = (concept: Code, template: string | undefined, items: readonly DicomJsonObject[]): DicomJsonObject =>
  item('CONTAINS', 'CONTAINER', concept, {
    ...SEPARATE_ITEMS,
    ...(template === undefined ? {} : templateOf(template)),
    ...children(...items),
  });
/** The root of a document: a container of a name (PS3.3 C.17.3). */
export const rootOf = (title: Code, items: readonly DicomJsonObject[]): DicomJsonObject => ({
  '0040A040': text('CS', 'CONTAINER'),
  '0040A043': sequence(codeItem(title)),
  ...SEPARATE_ITEMS,
  '0040A730': sequence(...items),
});

/** Content Template Sequence (PS3.3 C.18.8.1.2): the template of PS3.16 by which a container is made. */
export const templateOf = (identifier: string): DicomJsonObject => ({
  '0040A504': sequence({ '00080105': text('CS', 'DCMR'), '0040DB00': text('CS', identifier) }),
});
