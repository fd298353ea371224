const load = () => import('./session.ts');

let isHere = false;

/** Fetches the library that panes stand on, which is most of the application. */
export async function loadEngine(): ReturnType<typeof load> {
  const engine = await load();
  isHere = true;
  return engine;
}

/** Longest time, in ms, that a first picture holds the library back: a room without one opens as well. */
const LONGEST_MS = 4000;

/**
 * Waits for the first picture of a room. To fetch the library takes a slow line for seconds, and to run it the page for half of one: a picture that comes
 * before is a picture that much sooner. A library that is here already waits for nothing.
 */
export async function engineAfter(firstPicture: Promise<void>): ReturnType<typeof load> {
  if (!isHere) await Promise.race([firstPicture, new Promise((resolve) => setTimeout(resolve, LONGEST_MS))]);
  return loadEngine();
}
