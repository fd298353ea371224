import { FHIR_ROOT } from '@negatoscope/contract';
import { type Resource, resource, type Writing } from './values.ts';

interface Found {
  readonly resources: readonly Resource[];
  readonly total: number | null;
  readonly self: string;
  readonly next: string | null;
  /** What a client is told beside the results. */
  readonly outcome: Resource | undefined;
}

const addressOf = ({ reached }: Writing, { resourceType, id }: Resource): string =>
  `${reached}${FHIR_ROOT}/${resourceType}/${id}`;

/** What was found, as a Bundle: each with the address under which this client reads it. */
export function searchset({ resources, total, self, next, outcome }: Found, writing: Writing): Resource {
  const entries = resources.map((one) => ({ fullUrl: addressOf(writing, one), resource: one, search: { mode: 'match' } }));
  const told = outcome === undefined ? [] : [{ resource: outcome, search: { mode: 'outcome' } }];
  return resource({
    resourceType: 'Bundle',
    type: 'searchset',
    total,
    link: [{ relation: 'self', url: self }, ...(next === null ? [] : [{ relation: 'next', url: next }])],
    entry: [...entries, ...told],
  });
}

/** A warning beside what was found. */
export const warning = (code: string, lines: readonly string[]): Resource | undefined =>
  lines.length === 0
    ? undefined
    : resource({
        resourceType: 'OperationOutcome',
        issue: lines.map((diagnostics) => ({ severity: 'warning', code, diagnostics })),
      });
