import { describe, expect, test } from 'vitest';
import { comesFrom, nearnessOf } from './addresses.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'ct.hospital.example': ['10.1.2.3', 'fd00::3'],
  'nothing.example': [],
};
const resolve = async (name: string): Promise<readonly string[]> => {
  const found = names[name];
  if (found === undefined) throw new Error('ENOTFOUND');
  return found;
};

describe('from where a node may connect', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.1.2.0/24', '10.1.2.200', true],
    ['10.1.2.0/24', '10.1.3.1', false],
    ['fd00::3', 'fd00:0:0::3', true],
    ['fd00::/64', 'fd00::beef', true],
    ['fd00::/64', 'fd01::beef', false],
    ['::1', '127.0.0.1', false],
    ['ct.hospital.example', '10.1.2.3', true],
    ['ct.hospital.example', 'fd00::3', true],
    ['ct.hospital.example', '10.1.2.9', false],
    ['nothing.example', '10.1.2.3', false],
    ['unknown.example', '10.1.2.3', false],
    ['10.1.2.3', '', false],
    ['10.1.2.3', 'not an address', false],
  ])('a node of %s, from %s: %s', async (host, address, may) => {
    expect(await comesFrom(host, address, resolve)).toBe(may);
  });

  test('the nearest is an address, then a name, then the smaller network', () => {
    const hosts = [
      'fd00::/16',
      '10.0.0.0/8',
      '::ffff:10.1.0.0/112',
      '10.1.2.0/24',
      'fd00::/127',
      '10.1.2.3/32',
      'ct.example',
      'fd00::3',
    ];
    expect([...hosts].reverse().sort((one, other) => nearnessOf(one) - nearnessOf(other))).toEqual(hosts);
  });
});
