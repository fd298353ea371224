/** Files of the application's own page: what it starts with, by the names that this build gave them. */
export function firstFiles(page: string): string[] {
  const addresses = [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, address = '']) => address,
  );
  return [...new Set(addresses)];
}

/** Brings what the application starts with into the browser's cache. What fails is fetched when it is needed. */
export async function fetchApplicationAhead(): Promise<void> {
  try {
    const page = await (await fetch('/index.html')).text();
    await Promise.all(firstFiles(page).map(async (address) => (await fetch(address, { priority: 'low' })).arrayBuffer()));
  } catch {
    // The line is away, and signing in says so.
  }
}
