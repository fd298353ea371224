/** Whether a name of a host leads nobody but who is at this computer to it. */
export const isOwnMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || host.startsWith('127.');

/**
 * A link for others. A server that was not told its public address names itself: the address by which this page was reached is then at least one that
 * led somebody here.
 */
export function linkForOthers(link: string, here: string): { readonly href: string; readonly isOnlyHere: boolean } {
  const url = new URL(link, here);
  const named = isOwnMachine(url.hostname) ? new URL(`${url.pathname}${url.search}${url.hash}`, here) : url;
  return { href: named.href, isOnlyHere: isOwnMachine(named.hostname) };
}
