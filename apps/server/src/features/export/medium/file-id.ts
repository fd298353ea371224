/** A component of a File ID: a prefix and a number, eight characters in all (PS3.10 8.2). */
export const fileId = (prefix: string, number: number): string => `${prefix}${String(number).padStart(8 - prefix.length, '0')}`;
