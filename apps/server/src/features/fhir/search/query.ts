import type { FastifyRequest } from 'fastify';
import { searchOf } from '../../../access/asked.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { ResourceType } from '../resources/values.ts';

/** How values of a parameter are read (HL7 FHIR R4, 3.1.1.4). */
export type ParameterKind = 'token' | 'reference' | 'date' | 'string';

/** The parameters of a type: each with how it is read and what is meant, as the CapabilityStatement says it. */
export type Parameters = Readonly<Record<string, { readonly kind: ParameterKind; readonly means: string }>>;

/** One search: of each parameter the values, of which one must fit (`,`), for each time that it was named, all of which must (AND). */
export interface Query {
  readonly wishes: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly count: number;
  readonly cursor: string | undefined;
  /** Whether anybody is told how many there are. */
  readonly isCounted: boolean;
  /** As they were sent, without what was ignored: what `self` and `next` say. */
  readonly applied: readonly (readonly [string, string])[];
  /** Names that this server does not know for the type. */
  readonly ignored: readonly string[];
}

const DEFAULT_COUNT = 50;
export const MOST_COUNT = 200;
/** Of all values of a search. */
const MOST_VALUES = 200;
/** Of ours: where the page begins. */
export const CURSOR = '_cursor';

const invalid = (path: string, message: string): Failure => new Failure('VALIDATION_FAILED', { errors: [{ path, message }] });

/** `Prefer: handling=strict` (R4, 3.1.1.4.1): what is not known is refused instead of ignored. */
const isStrict = ({ headers }: FastifyRequest): boolean => /(?:^|[,;\s])handling=strict\b/i.test(String(headers.prefer ?? ''));

function countOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalid('_count', 'A number.');
  return Math.min(MOST_COUNT, Number(text));
}

/** Values of one naming: separated by commas, but for those behind a backslash. */
function valuesOf(text: string): string[] {
  const values = [...text.matchAll(/((?:\\.|[^\\,])*)(?:,|$)/gs)].map(([, value = '']) => value.replaceAll(/\\([\\,|$])/g, '$1'));
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

/** Reads a search. Fails with VALIDATION_FAILED for a modifier that is not known, and where handling is strict for a parameter. */
export function queryOf(request: FastifyRequest, parameters: Parameters): Query {
  const wishes = new Map<string, string[][]>();
  const applied: [string, string][] = [];
  const ignored = new Set<string>();
  let count = DEFAULT_COUNT;
  let cursor: string | undefined;
  let values = 0;
  for (const [name, text] of searchOf(request)) {
    if (name === '_format' || name === '_pretty') continue;
    if (name === '_count') count = countOf(text);
    else if (name === CURSOR) cursor = text;
    else {
      const known = knownName(name, parameters);
      if (known === undefined) {
        ignored.add(name.slice(0, 100));
        continue;
      }
      const wanted = valuesOf(text);
      values += wanted.length;
      if (values > MOST_VALUES) throw invalid(name, 'Too many values.');
      // An empty value asks for nothing (R4, 3.1.1.4.1).
      if (wanted.length === 0) continue;
      wishes.set(known, [...(wishes.get(known) ?? []), wanted]);
    }
    if (name !== CURSOR) applied.push([name, text]);
  }
  if (isStrict(request) && ignored.size > 0)
    throw new Failure('VALIDATION_FAILED', { errors: [...ignored].map((path) => ({ path, message: 'Not known here.' })) });
  return { wishes, count, cursor, isCounted: true, applied, ignored: [...ignored] };
}

/** Of what type is what a reference names: the one modifier that changes nothing. */
const REFERRED: Readonly<Record<string, ResourceType>> = {
  ...{ patient: 'Patient', subject: 'Patient', encounter: 'Encounter' },
  ...{ basedon: 'ServiceRequest', 'based-on': 'ServiceRequest' },
};

/** A parameter's name without its modifier; undefined for one that is not known. A modifier that is not supported changes the meaning, so it is never ignored. */
function knownName(name: string, parameters: Parameters): string | undefined {
  const [plain = '', modifier] = name.split(':', 2);
  const parameter = parameters[plain];
  if (parameter === undefined || !Object.hasOwn(parameters, plain)) return undefined;
  if (modifier !== undefined && (parameter.kind !== 'reference' || modifier !== REFERRED[plain]))
    throw invalid(name, 'This modifier is not supported.');
  return plain;
}
