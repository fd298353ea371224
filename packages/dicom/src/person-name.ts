import type { DicomJsonPersonName } from './types.ts';

/** One component group of a Person Name (PS3.5 6.2.1). */
export interface PersonNameGroup {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** The three component groups; an empty group is absent. */
export interface PersonName {
  readonly alphabetic?: PersonNameGroup;
  readonly ideographic?: PersonNameGroup;
  readonly phonetic?: PersonNameGroup;
}

/**
 * Splits a name into its groups and components, outer spaces removed. `value` is the DICOM JSON object or the text of PS3.5 (`=` between
 * groups, `^` between components). Components past the fifth join the suffix. Never fails. Source: PS3.5 6.2.1.
 */
export function parsePersonName(value: DicomJsonPersonName | string | null | undefined): PersonName {
  const [alphabetic, ideographic, phonetic] =
    typeof value === 'string' ? value.split('=') : [value?.Alphabetic, value?.Ideographic, value?.Phonetic];
  const groups: { -readonly [Key in keyof PersonName]: PersonName[Key] } = {};
  const first = parseGroup(alphabetic);
  const second = parseGroup(ideographic);
  const third = parseGroup(phonetic);
  if (first !== undefined) groups.alphabetic = first;
  if (second !== undefined) groups.ideographic = second;
  if (third !== undefined) groups.phonetic = third;
  return groups;
}

function parseGroup(text: string | undefined): PersonNameGroup | undefined {
  const [family = '', given = '', middle = '', prefix = '', ...suffixes] = (text ?? '').split('^').map((part) => part.trim());
  const suffix = suffixes.filter((part) => part !== '').join(' ');
  if ([family, given, middle, prefix, suffix].every((part) => part === '')) return undefined;
  return { family, given, middle, prefix, suffix };
}

/** The inverse of `parsePersonName`: the text of PS3.5 without trailing delimiters. */
export function formatPersonName(name: PersonName): string {
  return [name.alphabetic, name.ideographic, name.phonetic].map(formatGroup).join('=').replace(/=+$/, '');
}

function formatGroup(group: PersonNameGroup | undefined): string {
  if (group === undefined) return '';
  return [group.family, group.given, group.middle, group.prefix, group.suffix].join('^').replace(/\^+$/, '');
}
