/** The database of this browser in which edits wait that the server has not taken yet (viewer/annotations/keeper.ts). */
export const KEPT_EDITS = 'negatoscope-edits';

const lastChances = new Set<() => Promise<void>>();

/** What is tried before somebody's session ends by their own will. It must not take long, nor fail. */
export function beforeSignOut(lastChance: () => Promise<void>): void {
  lastChances.add(lastChance);
}

export async function takeLastChances(): Promise<void> {
  await Promise.all([...lastChances].map((lastChance) => lastChance()));
}

/** Deletes it with its keys: what a person who signs out has left there can't be read any more. */
export function forgetKeptEdits(): void {
  if (typeof indexedDB !== 'undefined') indexedDB.deleteDatabase(KEPT_EDITS);
}
