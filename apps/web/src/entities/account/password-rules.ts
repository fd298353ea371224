/** The rules of a new password, as the server checks them: 12 characters at least, 72 bytes of UTF-8 at most (bcrypt would cut the rest). */
export function passwordRules(password: string): { isLong: boolean; fits: boolean } {
  return { isLong: [...password].length >= 12, fits: new TextEncoder().encode(password).length <= 72 };
}
export const isAcceptable = (password: string): boolean => {
  const { isLong, fits } = passwordRules(password);
  return isLong && fits;
};
