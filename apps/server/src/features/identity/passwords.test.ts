import { verify as bcryptVerify } from '@node-rs/bcrypt';
import { describe, expect, test, vi } from 'vitest';
import { checkNewPassword } from './password-policy.ts';
import { createPasswords } from './passwords.ts';
import type { Turn } from './turns.ts';

vi.mock('@node-rs/bcrypt', { spy: true });

const ANYONE: Turn = { lane: 'new', source: '192.0.2.1' };

const codeOf = (password: string, email = 'anne.durand@chu.example'): string => {
  try {
    checkNewPassword(password, email);
    return 'accepted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
};

describe('new passwords', () => {
  test.each([
    'Cuivre-Falaise-77-Tambour',
    'correct horse battery staple',
    'ÀÉÎÕÜ-çñß-øåœ',
    'tg7#Kq9vW!z2',
    '一二三四五六七八九十百千',
    'e'.repeat(3) + 'Xy7-Kq9v'.repeat(8),
  ])('accepts %s', (password) => {
    expect(codeOf(password)).toBe('accepted');
  });

  test.each([
    ['11 characters', 'tg7#Kq9vW!z'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['two words everyone tries', 'password1234'],
    ['in French', 'motdepasse2026'],
    ['with lookalikes', 'P@ssw0rd-P@ssw0rd'],
    ['the product', 'Negatoscope2026!'],
    ['digits in order', '012345678901'],
    ['the keyboard', 'azertyuiopqs'],
    ['the keyboard backwards', 'sqpoiuytreza'],
    ['the address', 'anne.durand@chu.example'],
    ['the name of the address', 'anne.durand1'],
    ['a NUL character', 'Cuivre-Falaise\0-77'],
  ])('refuses %s', (_, password) => {
    expect(codeOf(password)).toBe('WEAK_PASSWORD');
  });

  test('take 72 bytes of UTF-8 and not one more (bcrypt reads no further)', () => {
    expect(codeOf('Xy7-Kq9v'.repeat(9))).toBe('accepted');
    expect(codeOf(`${'Xy7-Kq9v'.repeat(9)}!`)).toBe('PASSWORD_TOO_LONG');
    expect(codeOf(`${'é'.repeat(30)}Xy7-Kq9v!az12`)).toBe('PASSWORD_TOO_LONG');
  });
});

describe('password hashes', () => {
  const passwords = createPasswords({ cost: 4, concurrency: 2, queueLimit: 3 });

  test('match the same characters however they are composed', async () => {
    const stored = await passwords.hash('Crème-brûlée-42'.normalize('NFD'));
    expect(stored).toMatch(/^\$2b\$04\$/);
    expect(await passwords.verify('Crème-brûlée-42'.normalize('NFC'), stored, ANYONE)).toBe(true);
    expect(await passwords.verify('Creme-brulee-42', stored, ANYONE)).toBe(false);
    expect(await passwords.verify('anything', undefined, ANYONE)).toBe(false);
  });

  test('are computed two at a time; who comes when three wait is told to come back', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.verify('x', undefined, ANYONE)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
    expect(await passwords.verify('x', undefined, ANYONE)).toBe(false);
  });

  test('cost an unknown person one comparison of the same cost as a known one (reliability.md S30)', async () => {
    const stored = await passwords.hash('Cuivre-Falaise-77-Tambour');
    const cases = { known: ['x', stored], unknown: ['x', undefined], tooLong: ['x'.repeat(200), stored] } as const;
    for (const [password, hash] of Object.values(cases)) {
      vi.mocked(bcryptVerify).mockClear();
      expect(await passwords.verify(password, hash, ANYONE)).toBe(false);
      const costs = vi.mocked(bcryptVerify).mock.calls.map(([, compared]) => String(compared).slice(0, 7));
      expect(costs).toEqual(['$2b$04$']);
    }
  });
});
