import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from '@negatoscope/dicom';
import { SaxesParser } from 'saxes';
import { Failure } from '../../../kernel/failure.ts';
import { MAX_DEPTH, MetadataCount } from './metadata-count.ts';
import { MAX_TAG_ATTRIBUTES } from './xml-scan.ts';

const malformed = (): Failure => new Failure('BAD_REQUEST', { detail: 'A part is no Native DICOM Model.' });
/** Each dataset is an Item of a DicomAttribute. */
const MAX_OPEN = 3 * MAX_DEPTH;
const NUMERIC = new Set('DS IS US SS UL SL FL FD'.split(' '));

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  /** Filled by children. */
  readonly dataset: DicomJsonObject;
  members: number;
  readonly values: Map<number, DicomJsonValue>;
  readonly components: Map<string, string>;
  bulk?: { BulkDataURI: string } | { InlineBinary: string };
}

const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

function valuesOf(values: ReadonlyMap<number, DicomJsonValue>, counts: MetadataCount): DicomJsonValue[] {
  let count = 0;
  for (const number of values.keys()) count = Math.max(count, number);
  // Numbers name places; a hole is an empty value (PS3.19 A.1.5). Absurd numbers would make absurd arrays.
  if (count > values.size + 1000) throw malformed();
  counts.gaps(count - values.size);
  return Array.from({ length: count }, (_, index) => values.get(index + 1) ?? null);
}

function elementOf({ attributes, values, bulk }: Open, counts: MetadataCount): DicomJsonElement {
  const vr = attributes.vr ?? 'UN';
  if (bulk !== undefined) return { vr, ...bulk };
  const list = valuesOf(values, counts);
  if (list.length === 0) return { vr };
  return {
    vr,
    Value: NUMERIC.has(vr) ? list.map((value) => (typeof value === 'string' && value !== '' ? Number(value) : value)) : list,
  };
}

/** What a closed tag means to the one around it. */
function close(one: Open, parent: Open | undefined, counts: MetadataCount): void {
  if (parent === undefined) return;
  const number = Number(one.attributes.number ?? '1');
  if (!Number.isInteger(number) || number < 1) throw malformed();
  if (one.name === 'DicomAttribute') {
    const tag = (one.attributes.tag ?? '').toUpperCase();
    if (!/^[0-9A-F]{8}$/.test(tag)) throw malformed();
    parent.members += 1;
    counts.member(parent.members);
    parent.dataset[tag] = elementOf(one, counts);
  } else if (one.name === 'Value') parent.values.set(number, one.text);
  else if (one.name === 'Item') parent.values.set(number, one.dataset);
  else if (one.name === 'PersonName') parent.values.set(number, Object.fromEntries(one.components));
  else if (['Alphabetic', 'Ideographic', 'Phonetic'].includes(one.name)) {
    const parts = COMPONENTS.map((name) => one.components.get(name) ?? '');
    parent.components.set(one.name, parts.join('^').replace(/\^+$/, ''));
  } else if (COMPONENTS.includes(one.name)) parent.components.set(one.name, one.text);
  else if (one.name === 'InlineBinary') parent.bulk = { InlineBinary: one.text };
  else if (one.name === 'BulkData') parent.bulk = { BulkDataURI: one.attributes.uri ?? '' };
}

/** Before the parser makes an object of them: a table of a million names takes the process with it. */
function limitAttributes(parser: SaxesParser<{ xmlns: false }>): void {
  let count = 0;
  parser.on('opentagstart', () => {
    count = 0;
  });
  parser.on('attribute', () => {
    count += 1;
    if (count > MAX_TAG_ATTRIBUTES) throw new Failure('TOO_LARGE');
  });
}

/**
 * Datasets of a Native DICOM Model (PS3.19 A.1). A document type or entity declaration is refused before anything is parsed, and the parser
 * knows no entity but XML's five. Fails with BAD_REQUEST, with TOO_LARGE for a tag of too many attributes and as `counts`, which may be of several
 * models, says.
 */
export function readNativeModels(xml: string, counts = new MetadataCount()): DicomJsonObject[] {
  if (/<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(xml))
    throw new Failure('BAD_REQUEST', { detail: 'XML must not declare a document type.' });
  const found: DicomJsonObject[] = [];
  const open: Open[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => {
    throw malformed();
  });
  limitAttributes(parser);
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= MAX_OPEN) throw malformed();
    if (name.endsWith('DicomAttribute') || name.endsWith('Item')) counts.element();
    open.push({
      name: name.replace(/^.*:/, ''),
      attributes,
      text: '',
      dataset: {},
      members: 0,
      values: new Map(),
      components: new Map(),
    });
  });
  const addText = (text: string): void => {
    const top = open.at(-1);
    if (top !== undefined) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const one = open.pop();
    if (one === undefined) return;
    if (one.name === 'NativeDicomModel') found.push(one.dataset);
    else close(one, open.at(-1), counts);
  });
  parser.write(xml).close();
  return found;
}
