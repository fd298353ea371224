const NAMES = ['__Host-negatoscope_csrf', 'negatoscope_csrf'] as const;

/** What a cookie says; undefined for one that is none of ours. */
function decodedText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The CSRF value of a cookie string; the prefixed cookie of https comes first. */
export function csrfFrom(cookies: string): string | undefined {
  const pairs = cookies.split(';').map((pair) => pair.trim());
  for (const name of NAMES) {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`));
    if (found !== undefined) return decodedText(found.slice(name.length + 1));
  }
  return undefined;
}

export function csrfHeader(): Record<string, string> {
  const value = typeof document === 'undefined' ? undefined : csrfFrom(document.cookie);
  return value === undefined ? {} : { 'X-CSRF-Token': value };
}
