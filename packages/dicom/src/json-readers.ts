import type { DicomJsonObject } from './types.ts';

/** Readers of datasets that came from somebody else (PS3.18 annex F): every one tolerates absent, empty or oddly typed attributes. */

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isDicomJson(value: unknown): value is DicomJsonObject {
  return isRecord(value) && !Array.isArray(value);
}

/** Reads an untrusted answer body as a list of datasets; anything that is not an object is left out. */
export function parseDatasets(body: unknown): DicomJsonObject[] {
  return Array.isArray(body) ? body.filter(isDicomJson) : [];
}

/** Embeddings, overrides and isolates of writing direction (Unicode UAX 9): they would turn round what is written after them, a birth date included. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text of an image has a use for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g;

/** A text of a dataset as it may stand beside others: nothing in it acts on what is around it. */
export const asText = (value: string): string => value.replace(DIRECTIONS, '').replace(CONTROLS, ' ').trim();

export function readString(dataset: DicomJsonObject | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  if (typeof value === 'string') return asText(value) || undefined;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A text of several lines (LT, ST, UT) with its lines, otherwise as `readString` gives it. */
export function readText(dataset: DicomJsonObject | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  if (typeof value !== 'string') return readString(dataset, tag);
  return (
    value
      .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
      .map(asText)
      .join('\n')
      .trim() || undefined
  );
}

export function readStrings(dataset: DicomJsonObject | undefined, tag: string): string[] {
  const values = dataset?.[tag]?.Value ?? [];
  return values.filter((value): value is string => typeof value === 'string').map(asText);
}

export function readNumber(dataset: DicomJsonObject | undefined, tag: string): number | undefined {
  return readNumbers(dataset, tag)?.[0];
}

/** All values as finite numbers, or undefined as soon as one is not. DS and IS may arrive as strings (PS3.18 F.2.3). */
export function readNumbers(dataset: DicomJsonObject | undefined, tag: string): number[] | undefined {
  const values = dataset?.[tag]?.Value;
  if (values === undefined || values.length === 0) return undefined;
  const numbers = values.map((value) =>
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN,
  );
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

export function readItems(dataset: DicomJsonObject | undefined, tag: string): DicomJsonObject[] {
  return parseDatasets(dataset?.[tag]?.Value);
}

/** The most readable component group of a PN: alphabetic, then ideographic, then phonetic (PS3.5 6.2.1.2). */
export function readPersonName(dataset: DicomJsonObject | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  if (typeof value === 'string')
    return (
      value
        .split('=')
        .map(asText)
        .find((group) => group !== '') ?? ''
    );
  if (!isRecord(value)) return undefined;
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
    const text = value[group];
    if (typeof text === 'string' && asText(text) !== '') return asText(text);
  }
  return undefined;
}
