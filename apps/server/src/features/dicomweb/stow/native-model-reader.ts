import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from '@negatoscope/dicom';
import { SaxesParser } from 'saxes';
import { Failure } from '../../../kernel/failure.ts';

const malformed = (): Failure => new Failure('BAD_REQUEST', { detail: 'A part is no Native DICOM Model.' });
const MAX_DEPTH = 64 * 3;
const NUMERIC = new Set('DS IS US SS UL SL FL FD'.split(' '));

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  /** Filled by children. */
  readonly dataset: DicomJsonObject;
  readonly values: Map<number, DicomJsonValue>;
  readonly components: Map<string, string>;
  bulk?: { BulkDataURI: string } | { InlineBinary: string };
}

const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

function valuesOf(values: ReadonlyMap<number, DicomJsonValue>): DicomJsonValue[] {
  const count = Math.max(0, ...values.keys());
  // Numbers name places; a hole is an empty value (PS3.19 A.1.5). Absurd numbers would make absurd arrays.
  if (count > values.size + 1000) throw malformed();
  return Array.from({ length: count }, (_, index) => values.get(index + 1) ?? null);
}

function elementOf({ attributes, values, bulk }: Open): DicomJsonElement {
  const vr = attributes.vr ?? 'UN';
  if (bulk !== undefined) return { vr, ...bulk };
  const list = valuesOf(values);
  if (list.length === 0) return { vr };
  return {
    vr,
    Value: NUMERIC.has(vr) ? list.map((value) => (typeof value === 'string' && value !== '' ? Number(value) : value)) : list,
  };
}

/** What a closed tag means to the one around it. */
function close(one: Open, parent: Open | undefined): void {
  if (parent === undefined) return;
  const number = Number(one.attributes.number ?? '1');
  if (!Number.isInteger(number) || number < 1) throw malformed();
  if (one.name === 'DicomAttribute') {
    const tag = (one.attributes.tag ?? '').toUpperCase();
    if (!/^[0-9A-F]{8}$/.test(tag)) throw malformed();
    parent.dataset[tag] = elementOf(one);
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

/**
 * Datasets of a Native DICOM Model (PS3.19 A.1). A document type or entity declaration is refused before anything is parsed, and the parser
 * knows no entity but XML's five. Fails with BAD_REQUEST, with TOO_LARGE beyond `maxElements` attributes and items.
 */
export function readNativeModels(xml: string, maxElements = Number.POSITIVE_INFINITY): DicomJsonObject[] {
  if (/<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(xml))
    throw new Failure('BAD_REQUEST', { detail: 'XML must not declare a document type.' });
  const found: DicomJsonObject[] = [];
  const open: Open[] = [];
  let elements = 0;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => {
    throw malformed();
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= MAX_DEPTH) throw malformed();
    if (name.endsWith('DicomAttribute') || name.endsWith('Item')) elements += 1;
    if (elements > maxElements) throw new Failure('TOO_LARGE');
    open.push({
      name: name.replace(/^.*:/, ''),
      attributes,
      text: '',
      dataset: {},
      values: new Map(),
      components: new Map(),
    });
  });
  parser.on('text', (text) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += text;
  });
  parser.on('cdata', (text) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += text;
  });
  parser.on('closetag', () => {
    const one = open.pop();
    if (one === undefined) return;
    if (one.name === 'NativeDicomModel') found.push(one.dataset);
    else close(one, open.at(-1));
  });
  parser.write(xml).close();
  return found;
}
