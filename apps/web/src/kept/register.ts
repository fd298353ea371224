/** Addresses of files that this page has loaded until now. */
const loaded = (): string[] =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === window.location.origin && pathname.startsWith('/assets/'))
    .map(({ pathname }) => pathname);

/**
 * Lets a worker keep the application's files, where the address allows one (https, or this machine); without it everything works as well, and more
 * is fetched.
 */
async function keepFiles(): Promise<void> {
  if (!window.isSecureContext || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage(loaded());
  } catch {
    // A browser that forbids it, or a certificate that it does not trust: the page goes on without.
  }
}

const AFTER_MS = 5_000;

/** Begun once the page stands: nothing that one waits for shares the line with it. Never while developing, when files change under their names. */
export function keepFilesLater(): void {
  if (import.meta.env.PROD) setTimeout(() => void keepFiles(), AFTER_MS);
}
