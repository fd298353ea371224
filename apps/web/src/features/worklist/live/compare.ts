import type { Study } from '@negatoscope/contract';
import type { Page } from '../../../api/use-cursor-list.ts';

export interface Compared {
  /** Rows of the server that are not in the list. */
  readonly fresh: readonly Study[];
  /** Ids of rows of the list that the server has no more. */
  readonly gone: readonly string[];
}

/** What the server's first rows say of the rows that are shown. What only went further down than was asked for has not gone. */
export function compare(shown: readonly Study[], now: readonly Study[], isWhole: boolean): Compared {
  const [here, there] = [new Set(shown.map(({ id }) => id)), new Set(now.map(({ id }) => id))];
  const fresh = now.filter(({ id }) => !here.has(id));
  const compared = isWhole ? shown : shown.slice(0, Math.max(0, now.length - fresh.length));
  return { fresh, gone: compared.flatMap(({ id }) => (there.has(id) ? [] : [id])) };
}

/** The first rows of a list, as many pages as wanted. */
export async function firstPages(
  fetchPage: (cursor: string | undefined) => Promise<Page<Study>>,
  pages: number,
): Promise<{ readonly rows: readonly Study[]; readonly first: Page<Study>; readonly isWhole: boolean }> {
  const first = await fetchPage(undefined);
  let last = first;
  const rows = [...first.items];
  for (let page = 1; page < pages && last.nextCursor !== null; page += 1) {
    last = await fetchPage(last.nextCursor);
    rows.push(...last.items);
  }
  return { rows, first, isWhole: last.nextCursor === null };
}
