/** The version of package.json, shown by health and documents; a test holds the two equal. */
export const VERSION = '0.1.0';
