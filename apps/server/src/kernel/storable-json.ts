const REFUSED = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi;

/** JSON writes NUL and half characters as these escapes, which PostgreSQL refuses: they are replaced (U+FFFD). */
export const storableJson = (json: string): string => (json.includes('\\u') ? json.replaceAll(REFUSED, '$1\uFFFD') : json);
