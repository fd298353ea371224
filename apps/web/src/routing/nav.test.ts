import { type Level, permissionsOf, type Role } from '@negatoscope/contract/permissions';
import { describe, expect, it } from 'vitest';
import { type PageId, pageOf, pagesFor, safeNext } from './nav.ts';

const idsFor = (role: Role, level: Level): PageId[] => pagesFor(permissionsOf(role, level)).map((page) => page.id);

describe('pages by role', () => {
  it.each<[Role, Level, PageId[]]>([
    [
      'ADMIN',
      'ADMIN',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'import',
        'archives',
        'deidentification',
        'shares',
        'conflicts',
        'identityReview',
        'trash',
        'users',
        'groups',
        'access',
        'reports',
        'audit',
        'retention',
        'models',
        'nodes',
        'system',
        'profile',
      ],
    ],
    [
      'RADIOLOGIST',
      'WRITE',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'import',
        'archives',
        'deidentification',
        'shares',
        'conflicts',
        'identityReview',
        'profile',
      ],
    ],
    [
      'PHYSICIAN',
      'WRITE',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'import',
        'archives',
        'deidentification',
        'shares',
        'conflicts',
        'identityReview',
        'profile',
      ],
    ],
    [
      'STAFF',
      'WRITE',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'import',
        'conflicts',
        'identityReview',
        'profile',
      ],
    ],
    [
      'RESEARCHER',
      'WRITE',
      ['dashboard', 'worklist', 'patients', 'predictions', 'statistics', 'import', 'deidentification', 'shares', 'profile'],
    ],
    [
      'RADIOLOGIST',
      'READ',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'archives',
        'deidentification',
        'conflicts',
        'profile',
      ],
    ],
    [
      'ADMIN',
      'WRITE',
      [
        'dashboard',
        'worklist',
        'patients',
        'consultations',
        'predictions',
        'statistics',
        'import',
        'archives',
        'deidentification',
        'shares',
        'conflicts',
        'identityReview',
        'trash',
        'profile',
      ],
    ],
  ])('%s at level %s', (role, level, pages) => {
    expect(idsFor(role, level)).toEqual(pages);
  });
  it('finds the page that an address belongs to', () => {
    expect(pageOf('/app')?.id).toBe('dashboard');
    expect(pageOf('/app/patients/42')?.id).toBe('patients');
    expect(pageOf('/app/admin/users')?.id).toBe('users');
    expect(pageOf('/app/studies/1.2.3')).toBeUndefined();
  });
});

describe('where signing in leads', () => {
  it('keeps a page of this application with its filters', () => {
    expect(safeNext('/app/worklist?status=TO_READ#x')).toBe('/app/worklist?status=TO_READ#x');
    expect(safeNext('/viewer/viewer?StudyInstanceUIDs=1.2')).toBe('/viewer/viewer?StudyInstanceUIDs=1.2');
  });
  it.each([
    undefined,
    '',
    '//evil.example/app',
    'https://evil.example/app',
    '/\\evil.example',
    '/appevil',
    '/viewerevil',
    '/viewer/../api/docs',
    '/app/../../api/docs',
    '/app\u0000',
    'javascript:alert(1)',
  ])('goes to the dashboard instead of %j', (next) => {
    expect(safeNext(next)).toBe('/app');
  });
});
