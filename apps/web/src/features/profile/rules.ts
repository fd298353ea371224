/** The rules of a new password, as the server checks them: 12 characters at least, 72 bytes of UTF-8 at most (bcrypt would cut the rest). */
export function passwordRules(password: string): { isLong: boolean; fits: boolean } {
  return { isLong: [...password].length >= 12, fits: new TextEncoder().encode(password).length <= 72 };
}
export const isAcceptable = (password: string): boolean => {
  const { isLong, fits } = passwordRules(password);
  return isLong && fits;
};

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** What a user agent says for people: browser and system; undefined for a program of another kind. */
export function describeAgent(userAgent: string): { browser: string; system: string } | undefined {
  const browser = BROWSERS.find(([mark]) => userAgent.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => userAgent.includes(mark))?.[1];
  return browser === undefined || system === undefined ? undefined : { browser, system };
}
