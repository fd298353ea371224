import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** `::ffff:10.0.0.1` is how a socket for both versions shows an address of version 4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Addresses that a host name has now. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export const resolveByDns: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

/** Whether a node of this host (an address, a network as `10.0.0.0/24`, or a name) may connect from an address. A name that nobody knows is nobody's. */
export async function comesFrom(host: string, remoteAddress: string, resolve: Resolve): Promise<boolean> {
  const address = plainAddress(remoteAddress);
  if (isIP(address) === 0) return false;
  const isLiteral = isIP(host.split('/')[0] ?? '') !== 0;
  const addresses = isLiteral ? [host] : await resolve(host).catch(() => []);
  return listOf(addresses).check(address, familyOf(address));
}

/** How near a host is to one address, to order by: an address, then a name, then networks by their size. */
export function nearnessOf(host: string): number {
  const [address = '', prefix] = host.split('/');
  if (prefix !== undefined) return Number(prefix) + (isIP(address) === 4 ? 96 : 0);
  return isIP(address) === 0 ? 129 : 130;
}
