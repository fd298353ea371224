import { isUuid } from '../../../kernel/ids.ts';
import type { Coding, Concept } from '../resources/values.ts';
import type { Query } from './query.ts';

/** What all of these lists have; null where there is none. */
const common = (lists: readonly (readonly string[])[]): string[] | null => {
  const [first, ...rest] = lists;
  return first === undefined ? null : [...new Set(first)].filter((one) => rest.every((list) => list.includes(one)));
};

const wishesOf = ({ wishes }: Query, ...names: string[]): (readonly string[])[] =>
  names.flatMap((name) => wishes.get(name) ?? []);

/** Ids that `_id` names; null where it does not. */
export const idsOf = (query: Query): string[] | null => common(wishesOf(query, '_id'));
/** The same where ids are rows' own: what is no UUID is unknown. */
export const rowIdsOf = (query: Query): string[] | null => uuidsOf(idsOf(query));
const uuidsOf = (ids: readonly string[] | null): string[] | null =>
  ids === null ? null : ids.filter(isUuid).map((id) => id.toLowerCase());

/** Ids that references name: `id`, `Type/id` or an address that ends so; null where there are none. One of another type is unknown. */
export function referencesOf(query: Query, type: string, ...names: string[]): string[] | null {
  const idOf = (value: string): string => {
    const [id = '', of] = value.split('/').reverse();
    return of === undefined || of === type ? id : '';
  };
  return uuidsOf(common(wishesOf(query, ...names).map((values) => values.map(idOf).filter((id) => id !== ''))));
}

interface Token {
  /** Undefined: of any system; empty: of none. */
  readonly system: string | undefined;
  readonly code: string;
}
/** `code`, `system|code`, `|code` or `system|`. */
export function tokenOf(value: string): Token {
  const at = value.indexOf('|');
  return at < 0 ? { system: undefined, code: value } : { system: value.slice(0, at), code: value.slice(at + 1) };
}

/** A plain code has one system, which nobody needs to name. */
const fits = ({ system, code }: Token, coding: Coding): boolean =>
  (system === undefined || coding.system === undefined || system === coding.system) && (code === '' || code === coding.code);

/** Those of a few codes, each with what it stands for, that the tokens of a parameter name; null where it was not named. */
export function namedAmong<T extends string>(query: Query, name: string, choices: Readonly<Record<T, Coding>>): T[] | null {
  const lists = wishesOf(query, name).map((values) =>
    (Object.keys(choices) as T[]).filter((key) => values.some((value) => fits(tokenOf(value), choices[key]))),
  );
  return common(lists) as T[] | null; // Each list is of keys.
}

/** Whether what a resource has as a parameter's value fits all that was asked for. */
export const isNamed = (query: Query, name: string, concepts: readonly Concept[]): boolean =>
  wishesOf(query, name).every((values) =>
    values.some((value) => concepts.some(({ coding = [] }) => coding.some((one) => fits(tokenOf(value), one)))),
  );
/** The same for a plain code. */
export const isCode = (query: Query, name: string, code: unknown): boolean =>
  wishesOf(query, name).every((values) => values.some((value) => tokenOf(value).code === code));

export const tokensOf = (query: Query, name: string): Token[][] => wishesOf(query, name).map((values) => values.map(tokenOf));
export const textsOf = (query: Query, name: string): (readonly string[])[] => wishesOf(query, name);
