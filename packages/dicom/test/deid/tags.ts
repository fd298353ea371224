import { DICTIONARY_TABLE } from '../../src/dictionary/table.ts';

/** Every tag of PS3.6. */
export function dictionaryTags(): string[] {
  let group = '';
  return DICTIONARY_TABLE.trim()
    .split(/\s+/)
    .flatMap((token) => {
      if (token.startsWith('@')) {
        group = token.slice(1);
        return [];
      }
      return group.startsWith('FFFE') ? [] : [group + token.slice(0, 4)];
    });
}
