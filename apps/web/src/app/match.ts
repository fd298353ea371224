import { fold } from '../i18n/fold.ts';

/** Whether every word of the query starts somewhere in the text, without accents or case, in any order. */
export function matchesWords(text: string, query: string): boolean {
  const folded = fold(text);
  return fold(query)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

/** Whether a text begins with what was typed, without accents or case. */
export const beginsWith = (text: string, query: string): boolean => fold(text).startsWith(fold(query.trim()));
