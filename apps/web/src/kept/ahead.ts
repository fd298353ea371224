/** Files that a page of ours names: what it starts with, by the names that this build gave them. */
export function firstFiles(page: string): string[] {
  const addresses = [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, address = '']) => address,
  );
  return [...new Set(addresses)];
}

/** Pages that somebody is about to open. */
export type PageAhead = '/index.html' | '/login.html';

/** Brings what a page starts with into the browser's cache: the application, by its own page, or the sign-in form. What fails is fetched when it is needed. */
export async function fetchAhead(address: PageAhead): Promise<void> {
  try {
    const page = await (await fetch(address)).text();
    await Promise.all(firstFiles(page).map(async (file) => (await fetch(file, { priority: 'low' })).arrayBuffer()));
  } catch {
    // The line is away, and signing in says so.
  }
}
