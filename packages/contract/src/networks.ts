/** IPv4 as sockets of IPv6 see it: `::ffff:0:0/96`. */
const MAPPED = 0xffffn << 32n;
/** What is wider than this is no network of a hospital's. */
const WIDEST = { v4: 8, v6: 16 };

const hexOf = (one: string, other: string): string => (Number(one) * 256 + Number(other)).toString(16);

/** An IPv6 address, in any of its ways to be written, as one number. */
function numberOf(address: string): bigint {
  const hex = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_all, a: string, b: string, c: string, d: string) => `${hexOf(a, b)}:${hexOf(c, d)}`,
  );
  const [before = [], after = []] = hex.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Whether a network (`10.0.0.0/8`, `fd00::/16`) is not wider than one may be. One of IPv6 that has addresses of IPv4 in it is judged by how many. */
export function isNarrow(network: string): boolean {
  const [address = '', prefix] = network.split('/');
  const bits = Number(prefix);
  if (!address.includes(':')) return bits >= WIDEST.v4;
  const outside = BigInt(128 - Math.min(bits, 96));
  const hasMapped = numberOf(address) >> outside === MAPPED >> outside;
  return hasMapped ? bits - 96 >= WIDEST.v4 : bits >= WIDEST.v6;
}
