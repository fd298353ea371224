import type { DicomJsonElement, DicomJsonObject, DicomJsonPersonName, DicomJsonValue } from './types.ts';

/** An attribute's element; `tag` is eight upper-case hexadecimal digits. */
export function jsonElement(json: DicomJsonObject, tag: string): DicomJsonElement | undefined {
  return Object.hasOwn(json, tag) ? json[tag] : undefined;
}

/** All values of an attribute; empty when it is absent, empty or bulk. */
export function jsonValues(json: DicomJsonObject, tag: string): readonly DicomJsonValue[] {
  return jsonElement(json, tag)?.Value ?? [];
}

/** The first value of an attribute when it is text, outer spaces removed (they mean nothing in short text, PS3.5 6.2); undefined when empty. */
export function jsonString(json: DicomJsonObject, tag: string): string | undefined {
  const value = jsonValues(json, tag)[0];
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** All text values of an attribute, outer spaces removed, empty ones left out. */
export function jsonStrings(json: DicomJsonObject, tag: string): readonly string[] {
  return jsonValues(json, tag)
    .map((value) => (typeof value === 'string' ? value.trim() : ''))
    .filter((text) => text !== '');
}

/** The first value of an attribute when it is a finite number. */
export function jsonNumber(json: DicomJsonObject, tag: string): number | undefined {
  const value = jsonValues(json, tag)[0];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** All finite numbers of an attribute; values that are none are left out. */
export function jsonNumbers(json: DicomJsonObject, tag: string): readonly number[] {
  return jsonValues(json, tag).filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

/** The items of a sequence; empty when the attribute is absent or no sequence. */
export function jsonItems(json: DicomJsonObject, tag: string): readonly DicomJsonObject[] {
  const element = jsonElement(json, tag);
  if (element?.vr !== 'SQ') return [];
  // In a sequence every value is an item (PS3.18 F.2.5), or null for an empty one.
  return (element.Value ?? []).filter((value) => typeof value === 'object' && value !== null) as DicomJsonObject[];
}

/** The first value of a Person Name attribute. */
export function jsonPersonName(json: DicomJsonObject, tag: string): DicomJsonPersonName | undefined {
  const element = jsonElement(json, tag);
  const value = element?.vr === 'PN' ? element.Value?.[0] : undefined;
  // Values of VR PN are name objects (PS3.18 F.2.2).
  return typeof value === 'object' && value !== null ? (value as DicomJsonPersonName) : undefined;
}
