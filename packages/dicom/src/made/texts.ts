/** A UID of an id that is a UUID already (PS3.5 B.2). */
export const uidOfUuid = (uuid: string): string => `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;

/** Control characters have no place in a UT value but the ends of lines (PS3.5 6.1.3). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are taken out.
export const plainText = (words: string): string => words.replaceAll(/[\u0000-\u0009\u000B\u000E-\u001F\u007F]/g, ' ').trim();

/** A PN value of a person of this server (PS3.5 6.2.1): no character of it divides names or lines. */
export function madePersonName(lastName: string, firstName: string): string {
  const part = (words: string): string =>
    plainText(words)
      .replaceAll(/[\\^=\n\f\r]/g, ' ')
      .trim();
  return [...`${part(lastName)}^${part(firstName)}`].slice(0, 64).join('');
}

/** A moment as Content Date and Content Time, `YYYYMMDD` and `HHMMSS`, UTC. */
export const contentMoment = (at: Date): { contentDate: string; contentTime: string } => ({
  contentDate: at.toISOString().slice(0, 10).replaceAll('-', ''),
  contentTime: at.toISOString().slice(11, 19).replaceAll(':', ''),
});
