import { isIP } from 'node:net';

/** What this server is for authenticators: the relying party's id, and the one origin whose pages may ask them. */
export interface Party {
  readonly rpId: string;
  readonly origin: string;
}

/**
 * Undefined where browsers let no passkey count: an id is a domain (W3C Web Authentication 5.1.2), never an IP address, and its pages come by https, but
 * for localhost.
 */
export function partyOf({ hostname, origin, protocol }: URL): Party | undefined {
  const isAddress = hostname.startsWith('[') || isIP(hostname) !== 0;
  if (isAddress || (protocol !== 'https:' && hostname !== 'localhost')) return undefined;
  return { rpId: hostname, origin };
}
