import { describe, expect, it } from 'vitest';
import {
  ERROR_CATALOG,
  FILE_REASONS,
  LEVELS,
  MODEL_REASONS,
  OPERATIONS,
  PERMISSION_LEVELS,
  PERMISSIONS,
  PREDICTION_FAILURES,
  permissionsOf,
  ROLE_PERMISSIONS,
  ROLES,
  Uuid,
} from './index.ts';

describe('permissions', () => {
  it('give each role what the design’s table says, at its default level', () => {
    const has = (role: (typeof ROLES)[number], permission: (typeof PERMISSIONS)[number]) =>
      permissionsOf(role, role === 'ADMIN' ? 'ADMIN' : 'WRITE').has(permission);
    const row = (permission: (typeof PERMISSIONS)[number]) => ROLES.map((role) => (has(role, permission) ? '✓' : '·')).join('');
    // Columns: ADMIN RADIOLOGIST PHYSICIAN STAFF RESEARCHER.
    expect(Object.fromEntries(PERMISSIONS.map((permission) => [permission, row(permission)]))).toEqual({
      'patients.read': '✓✓✓✓✓',
      'patients.identity': '✓✓✓✓·',
      'patients.emergency': '·✓✓··',
      'patients.write': '✓✓✓✓·',
      'identity-review.decide': '✓✓✓··',
      'identity-review.propose': '✓✓✓✓·',
      'conflicts.read': '✓✓✓✓·',
      'conflicts.decide': '✓✓✓··',
      'studies.read': '✓✓✓✓✓',
      'studies.write': '✓✓✓✓·',
      'studies.validate': '·✓✓··',
      'annotations.read': '✓✓✓✓✓',
      'annotations.write': '✓✓✓·✓',
      'imports.create': '✓✓✓✓✓',
      'exports.create': '✓✓✓··',
      'exports.anonymised': '✓✓✓·✓',
      'exports.hand-over': '✓✓✓✓·',
      'exports.record': '✓····',
      'holds.manage': '✓····',
      'patients.erase': '✓····',
      'retention.manage': '✓····',
      'nodes.query': '✓✓✓··',
      'studies.send': '✓✓✓··',
      'trash.move': '✓····',
      'trash.purge': '✓····',
      'consultations.read': '✓✓✓✓·',
      'consultations.register': '✓·✓✓·',
      'consultations.conduct': '··✓··',
      'predictions.read': '✓✓✓✓✓',
      'predictions.run': '✓✓✓·✓',
      'predictions.validate': '·✓✓··',
      'statistics.read': '✓✓✓✓✓',
      'reports.read': '✓✓✓✓·',
      'reports.write': '·✓✓··',
      'studies.share': '✓✓✓·✓',
      'users.manage': '✓····',
      'groups.manage': '✓····',
      'system.manage': '✓····',
      'audit.read': '✓····',
      'audit.own-patients': '✓✓✓··',
    });
  });

  it.each(ROLES)('never grow when the level of %s falls', (role) => {
    const sizes = LEVELS.map((level) => permissionsOf(role, level).size);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    for (const permission of permissionsOf(role, 'READ')) expect(PERMISSION_LEVELS[permission]).toBe('READ');
    expect(ROLE_PERMISSIONS[role]).toEqual([...new Set(ROLE_PERMISSIONS[role])]);
  });
});

describe('the catalog of errors', () => {
  it('says each error and each reason in both languages, without an exclamation mark', () => {
    for (const entry of [
      ...[ERROR_CATALOG, FILE_REASONS, PREDICTION_FAILURES, MODEL_REASONS].flatMap((one) =>
        Object.values<{ fr: string; en: string }>(one),
      ),
      ...Object.values(PREDICTION_FAILURES).map(({ frNext, enNext }) => ({ fr: frNext, en: enNext })),
    ]) {
      expect(entry.fr).toMatch(/^[^!]{3,}$/);
      expect(entry.en).toMatch(/^[^!]{3,}$/);
    }
  });
});

describe('operations', () => {
  it('have unique ids and routes, and a permission each', () => {
    const unique = (values: readonly string[]) => expect(values).toEqual([...new Set(values)]);
    unique(OPERATIONS.map((operation) => operation.id));
    unique(OPERATIONS.map((operation) => `${operation.method} ${operation.path}`));
    for (const operation of OPERATIONS) expect([...PERMISSIONS, 'public', 'signed-in']).toContain(operation.permission);
  });
  it('ask for each permission somewhere, but for what is asked beside another one, and what the server’s own job has alone', () => {
    const asked = new Set<string>(OPERATIONS.map(({ permission }) => permission));
    expect(PERMISSIONS.filter((one) => !asked.has(one))).toEqual(['patients.identity', 'trash.purge']);
  });
  it('leave nothing public but health, documents, the ways of signing in and refresh', () => {
    const open = OPERATIONS.filter((operation) => operation.permission === 'public').map((operation) => operation.id);
    const byProvider = ['leaveProvider', 'linkProvider', 'returnFromProvider', 'startAtProvider', 'waysIn'];
    const byPasskey = ['beginLinkPasskey', 'beginPasskeySignIn', 'beginSecondPasskey', 'passkeySignIn'];
    const byFactor = ['beginRequiredFactor', 'confirmRequiredFactor', 'proveSecondFactor'];
    const byLink = ['askForPassword', 'readAccountLink', 'setPassword'];
    // Each asks for the visit that the share's secret began.
    const byShare = ['openShared', 'getShared', 'getSharedSeries', 'downloadShared', 'endShared'];
    expect(open.sort()).toEqual(
      [
        'apiDocs',
        'health',
        'login',
        'openapi',
        'refresh',
        ...byProvider,
        ...byLink,
        ...byFactor,
        ...byPasskey,
        ...byShare,
      ].sort(),
    );
  });

  it('ask again who one is for what is grave: keys, ways in, people and what they may do, erasures and what is kept how long; nobody purges by a request', () => {
    const all: readonly { readonly id: string; readonly errors?: readonly string[] }[] = OPERATIONS;
    const asking = all.filter(({ errors }) => errors?.includes('PROOF_REQUIRED')).map(({ id }) => id);
    const keys = ['createToken', 'beginPasskey', 'addPasskey', 'removePasskey'];
    const factors = ['beginFactor', 'confirmFactor', 'removeFactor', 'renewRecoveryCodes', 'resetFactor'];
    const people = ['createUser', 'updateUser', 'deleteUser', 'inviteUser', 'joinUser'];
    const rights = ['erasePatient', 'saveRetention', 'runRetention'];
    // A report's signature where the site wants it so (PROOF_TO_SIGN).
    expect(asking.sort()).toEqual([...keys, ...factors, ...people, ...rights, 'signReport'].sort());
    // What is in the trash goes by the server's own job, after its time.
    expect(OPERATIONS.filter(({ permission }) => (permission as string) === 'trash.purge')).toEqual([]);
  });
});

describe('ids', () => {
  it('that a client writes in capitals are the same ids as in small letters (RFC 9562, 4)', () => {
    expect(Uuid.parse('019A7F3C-1D2E-7ABC-8DEF-0123456789AB')).toBe('019a7f3c-1d2e-7abc-8def-0123456789ab');
  });
});
