import { even } from '../even.ts';
import type { DicomJsonElement, DicomJsonPersonName, DicomJsonValue } from '../types.ts';
import { utf8 } from '../write/utf8.ts';
import { fits, nearest, type Repertoire } from './repertoire.ts';

/** Backslashes would part values and control characters change the meaning of what follows (PS3.5 6.1.3, 6.2). */
const clean = (text: string): string => text.replaceAll('\\', '/').replaceAll(/\p{Cc}/gu, ' ');

const approximate = (text: string, repertoire: Repertoire): string => [...text].map((char) => nearest(char, repertoire)).join('');

/** Groups of a name; one in a script that the repertoire lacks is left out rather than written as question marks. */
function nameText(name: DicomJsonPersonName, repertoire: Repertoire): string {
  const beside = (group: string | undefined): string => {
    const text = normal(group ?? '', repertoire);
    return fits(text, repertoire) ? text : '';
  };
  return [normal(name.Alphabetic ?? '', repertoire), beside(name.Ideographic), beside(name.Phonetic)]
    .join('=')
    .replace(/=+$/, '');
}

/** Composed letters are those that single-byte sets have. */
const normal = (text: string, repertoire: Repertoire): string => (repertoire === 'utf8' ? text : text.normalize('NFC'));

function textOf(value: DicomJsonValue, repertoire: Repertoire): string {
  if (value === null) return '';
  if (typeof value === 'object') return nameText(value as DicomJsonPersonName, repertoire); // Replacements hold no sequences.
  return normal(String(value), repertoire);
}

/** Whether the values can be written as they are. */
export function isWritable({ Value = [] }: DicomJsonElement, repertoire: Repertoire): boolean {
  return Value.every((value) => {
    const whole = textOf(value, 'utf8').normalize('NFC');
    return fits(whole, repertoire) && clean(whole) === whole;
  });
}

/**
 * Bytes of a text value, padded with a space to an even length (PS3.5 6.2). What the repertoire lacks is written without its accents, or as
 * a question mark; a backslash becomes a slash and a control character a space.
 */
export function encodeText({ Value = [] }: DicomJsonElement, repertoire: Repertoire): Uint8Array {
  const text = Value.map((value) => approximate(clean(textOf(value, repertoire)), repertoire)).join('\\');
  const bytes = repertoire === 'utf8' ? utf8(text) : Uint8Array.from(text, (char) => char.charCodeAt(0));
  return even(bytes, 0x20);
}
