import type { z } from 'zod';

/** Texts of every form that the contract asks for, the plainest first. */
const TEXTS = [
  'text',
  '019a0000-0000-7000-8000-000000000001',
  '2026-03-01',
  '2026-03-01T08:00:00.000Z',
  '1.2.840.1',
  'a@example.org',
  '0'.repeat(64),
];

class NoSample extends Error {}

/** What Zod keeps of a schema, as far as samples are made of it. */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly defaultValue?: unknown;
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def; // Its public form says less than there is.

function firstValid(schema: z.ZodType, candidates: readonly unknown[]): unknown {
  const found = candidates.find((candidate) => schema.safeParse(candidate).success);
  if (found === undefined) throw new NoSample(`No sample of ${defOf(schema).type} is known.`);
  return found;
}

const MAKERS: Readonly<Record<string, (schema: z.ZodType, def: Def) => unknown>> = {
  string: (schema) => firstValid(schema, TEXTS),
  number: (schema) => firstValid(schema, [0, 1, 90]),
  boolean: () => false,
  null: () => null,
  unknown: () => null,
  literal: (_schema, { values = [] }) => values[0],
  enum: (_schema, { entries = {} }) => Object.values(entries)[0],
  array: (schema, { element }) => (schema.safeParse([]).success || element === undefined ? [] : [sampleOf(element)]),
  record: () => ({}),
  nullable: () => null,
  optional: () => undefined,
  default: (_schema, { defaultValue }) => defaultValue,
  readonly: (_schema, { innerType }) => innerType && sampleOf(innerType),
  pipe: (_schema, { in: input }) => input && sampleOf(input),
  union: (_schema, { options = [] }) => options[0] && sampleOf(options[0]),
  object: (_schema, { shape = {} }) => Object.fromEntries(Object.entries(shape).map(([key, of]) => [key, sampleOf(of)])),
};

/** The plainest value that a schema of the contract allows: lists are empty, what may be null is. */
export function sampleOf(schema: z.ZodType): unknown {
  const def = defOf(schema);
  const make = MAKERS[def.type];
  if (make === undefined) throw new NoSample(`No sample of ${def.type} can be made.`);
  return make(schema, def);
}

/** A value of the contract with these fields, the others as in the sample. Fails where the contract forbids it. */
export function make<T extends z.ZodType>(schema: T, fields: Partial<z.input<T>>): z.output<T> {
  const sample = sampleOf(schema);
  return schema.parse({ ...(sample as object), ...(fields as object) });
}

/** The nth id of a row. */
export const idOf = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
