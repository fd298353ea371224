import { keywordOf } from '@negatoscope/dicom';
import type { DicomJson, DicomJsonElement } from '../../archive/search/qido-repository.ts';

/** Characters that XML 1.0 can't hold, lone surrogates among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must go
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };
const escaped = (text: string): string =>
  text.replaceAll(IMPOSSIBLE, '\uFFFD').replaceAll(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char);

const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;

function personName(value: object): string {
  return GROUPS.map((group) => {
    const text: unknown = Reflect.get(value, group);
    if (typeof text !== 'string' || text === '') return '';
    const parts = text.split('^').map((part, index) => {
      const component = COMPONENTS[index];
      return part === '' || component === undefined ? '' : `<${component}>${escaped(part)}</${component}>`;
    });
    return `<${group}>${parts.join('')}</${group}>`;
  }).join('');
}

function values({ vr, Value = [], BulkDataURI, InlineBinary }: DicomJsonElement): string {
  if (BulkDataURI !== undefined) return `<BulkData uri="${escaped(BulkDataURI)}"/>`;
  if (InlineBinary !== undefined) return `<InlineBinary>${escaped(InlineBinary)}</InlineBinary>`;
  return Value.map((value, index) => {
    const number = index + 1;
    if (vr === 'SQ') return modelItem(value as DicomJson, number); // Items are datasets.
    if (value === null) return '';
    if (typeof value === 'object') return `<PersonName number="${number}">${personName(value)}</PersonName>`;
    return `<Value number="${number}">${escaped(String(value))}</Value>`;
  }).join('');
}

/** Who reserved the block of a private element (PS3.5 7.8.1). */
function creatorOf(json: DicomJson, tag: string): string | undefined {
  if (!/[13579BDF]/.test(tag.charAt(3)) || /^....00/.test(tag)) return undefined;
  const creator = json[`${tag.slice(0, 4)}00${tag.slice(4, 6)}`]?.Value?.[0];
  return typeof creator === 'string' ? creator : undefined;
}

/** An item of a sequence (PS3.19 A.1.5.2), `number` from 1. */
export const modelItem = (json: DicomJson, number: number): string => `<Item number="${number}">${modelAttributes(json)}</Item>`;

/** Around the content of an attribute. */
export function modelAttribute(tag: string, vr: string, creator?: string): readonly [string, string] {
  const keyword = keywordOf(tag);
  const names = `${keyword === undefined ? '' : ` keyword="${keyword}"`}${creator === undefined ? '' : ` privateCreator="${escaped(creator)}"`}`;
  return [`<DicomAttribute tag="${tag}" vr="${vr}"${names}>`, '</DicomAttribute>'];
}

export function modelAttributes(json: DicomJson): string {
  return Object.keys(json)
    .sort()
    .map((tag) => {
      const element = json[tag] ?? { vr: 'UN' };
      return modelAttribute(tag, element.vr, creatorOf(json, tag)).join(values(element));
    })
    .join('');
}

/** Around the attributes of a dataset (PS3.19 A.1.6). */
export const MODEL = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">',
  '</NativeDicomModel>\n',
] as const;

/** A dataset as a Native DICOM Model. */
export const nativeModel = (json: DicomJson): string => MODEL.join(modelAttributes(json));
