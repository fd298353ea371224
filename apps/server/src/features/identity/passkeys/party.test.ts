import { expect, test } from 'vitest';
import { partyOf } from './party.ts';

test('passkeys count at a name by https, and at localhost; an IP address or http have none (Web Authentication 5.1.2)', () => {
  const idOf = (address: string) => partyOf(new URL(address))?.rpId;
  expect(idOf('https://pacs.chu.example')).toBe('pacs.chu.example');
  expect(partyOf(new URL('https://pacs.chu.example:8443'))).toEqual({
    ...{ rpId: 'pacs.chu.example', origin: 'https://pacs.chu.example:8443' },
  });
  expect(idOf('http://localhost:3000')).toBe('localhost');
  for (const without of ['http://pacs.chu.example', 'https://10.0.0.5', 'https://[2001:db8::1]', 'http://127.0.0.1:3000'])
    expect(idOf(without)).toBeUndefined();
});
