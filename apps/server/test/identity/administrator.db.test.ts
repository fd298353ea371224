import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../src/features/audit/index.ts';
import { createIdentity, type Identity } from '../../src/features/identity/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { type Db, openDatabase } from '../../src/platform/db/database.ts';
import { openPostgresState, type SharedState } from '../../src/platform/shared-state/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Db;
let state: SharedState;
let identity: Identity;
beforeEach(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig });
  state = openPostgresState({ db, connection: database.appConfig });
  const audit = createAudit({ db, clock: systemClock });
  const log = pino({ level: 'silent' });
  const publicUrl = new URL('http://localhost:3000');
  const keys = { secret: randomBytes(32), factorKey: randomBytes(32) };
  identity = createIdentity({ db, state, audit, clock: systemClock, log, ...keys, publicUrl, passwordCost: 4 });
});
afterEach(async () => {
  await identity.close();
  await state.close();
  await db.close();
  await database.drop();
});

describe('the first administrator', () => {
  test('is made once, with a generated password that is given back once', async () => {
    const first = await identity.ensureFirstAdmin({});
    expect(first?.email).toBe('admin@negatoscope.local');
    expect(first?.password).toMatch(/^[0-9a-f]{6}(-[0-9a-f]{6}){4}$/);
    expect(await identity.ensureFirstAdmin({})).toBeUndefined();
    const users = await db.withSystem((tx) => tx.rows('SELECT email, role, level, status FROM users'));
    expect(users).toEqual([{ email: 'admin@negatoscope.local', role: 'ADMIN', level: 'ADMIN', status: 'ACTIVE' }]);
  });

  test('takes the given address and password', async () => {
    const given = { email: 'chef@chu.example', password: 'Cuivre-Falaise-77-Tambour' };
    expect(await identity.ensureFirstAdmin(given)).toEqual(given);
  });

  test('is made once when several nodes start together', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => identity.ensureFirstAdmin({})));
    expect(made.filter((admin) => admin !== undefined)).toHaveLength(1);
  });

  test('gets no weak password', async () => {
    await expect(identity.ensureFirstAdmin({ password: 'administrateur' })).rejects.toMatchObject({ code: 'WEAK_PASSWORD' });
    await expect(identity.ensureFirstAdmin({ password: 'Aé-7'.repeat(20) })).rejects.toMatchObject({ code: 'PASSWORD_TOO_LONG' });
  });
});

describe('a password reset from the command line', () => {
  test('gives a new password, whatever the case of the address, and is audited', async () => {
    const first = await identity.ensureFirstAdmin({});
    const { password } = await identity.resetPassword('Admin@Negatoscope.LOCAL');
    expect(password).not.toBe(first?.password);
    const [event] = await db.withSystem((tx) => tx.rows("SELECT outcome FROM audit_events WHERE action = 'user.password-reset'"));
    expect(event).toEqual({ outcome: 'SUCCESS' });
  });

  test('of an unknown address fails with NOT_FOUND', async () => {
    await expect(identity.resetPassword('nobody@example.org')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
