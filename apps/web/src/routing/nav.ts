import type { Permission } from '@negatoscope/contract/permissions';

export type PageId =
  | 'dashboard'
  | 'patients'
  | 'consultations'
  | 'worklist'
  | 'predictions'
  | 'statistics'
  | 'import'
  | 'archives'
  | 'deidentification'
  | 'shares'
  | 'conflicts'
  | 'identityReview'
  | 'trash'
  | 'users'
  | 'groups'
  | 'access'
  | 'audit'
  | 'reports'
  | 'retention'
  | 'models'
  | 'nodes'
  | 'system'
  | 'profile';
export interface PageEntry {
  readonly id: PageId;
  readonly to: PagePath;
  /** Undefined: every signed-in person. */
  readonly permission?: Permission;
  readonly section: 'main' | 'review' | 'administration' | 'own';
}
export type PagePath =
  | '/app'
  | '/app/patients'
  | '/app/consultations'
  | '/app/worklist'
  | '/app/predictions'
  | '/app/statistics'
  | '/app/import'
  | '/app/archives'
  | '/app/deidentification'
  | '/app/shares'
  | '/app/conflicts'
  | '/app/identity-review'
  | '/app/trash'
  | '/app/admin/users'
  | '/app/admin/groups'
  | '/app/admin/access'
  | '/app/admin/audit'
  | '/app/admin/reports'
  | '/app/admin/retention'
  | '/app/admin/models'
  | '/app/admin/nodes'
  | '/app/admin/system'
  | '/app/profile';

export const PAGES: readonly PageEntry[] = [
  { id: 'dashboard', to: '/app', section: 'main' },
  { id: 'worklist', to: '/app/worklist', permission: 'studies.read', section: 'main' },
  { id: 'patients', to: '/app/patients', permission: 'patients.read', section: 'main' },
  { id: 'consultations', to: '/app/consultations', permission: 'consultations.read', section: 'main' },
  { id: 'predictions', to: '/app/predictions', permission: 'predictions.read', section: 'main' },
  { id: 'statistics', to: '/app/statistics', permission: 'statistics.read', section: 'main' },
  { id: 'import', to: '/app/import', permission: 'imports.create', section: 'main' },
  { id: 'archives', to: '/app/archives', permission: 'nodes.query', section: 'main' },
  { id: 'deidentification', to: '/app/deidentification', permission: 'exports.anonymised', section: 'main' },
  { id: 'shares', to: '/app/shares', permission: 'studies.share', section: 'main' },
  { id: 'conflicts', to: '/app/conflicts', permission: 'conflicts.read', section: 'review' },
  { id: 'identityReview', to: '/app/identity-review', permission: 'identity-review.propose', section: 'review' },
  { id: 'trash', to: '/app/trash', permission: 'trash.move', section: 'review' },
  { id: 'users', to: '/app/admin/users', permission: 'users.manage', section: 'administration' },
  { id: 'groups', to: '/app/admin/groups', permission: 'groups.manage', section: 'administration' },
  { id: 'access', to: '/app/admin/access', permission: 'users.manage', section: 'administration' },
  { id: 'reports', to: '/app/admin/reports', permission: 'groups.manage', section: 'administration' },
  { id: 'audit', to: '/app/admin/audit', permission: 'audit.read', section: 'administration' },
  { id: 'retention', to: '/app/admin/retention', permission: 'retention.manage', section: 'administration' },
  { id: 'models', to: '/app/admin/models', permission: 'system.manage', section: 'administration' },
  { id: 'nodes', to: '/app/admin/nodes', permission: 'system.manage', section: 'administration' },
  { id: 'system', to: '/app/admin/system', permission: 'system.manage', section: 'administration' },
  { id: 'profile', to: '/app/profile', section: 'own' },
];

/** The pages that a person with these permissions can open. */
export function pagesFor(permissions: Iterable<Permission>): readonly PageEntry[] {
  const held = new Set(permissions);
  return PAGES.filter((page) => page.permission === undefined || held.has(page.permission));
}

/** The page that an address belongs to: the longest address that starts it. */
export function pageOf(path: string): PageEntry | undefined {
  const clean = path.replace(/\/+$/, '');
  return PAGES.filter((page) => clean === page.to || (page.to !== '/app' && clean.startsWith(`${page.to}/`))).sort(
    (a, b) => b.to.length - a.to.length,
  )[0];
}

const isUnder = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`);

/** Whether an address is one of OHIF's pages, which this page's router does not know. */
export const isOhif = (path: string): boolean => isUnder(path.split(/[?#]/)[0] ?? '', '/viewer');

/** Where to go after signing in: a path of this page or of OHIF, never another site's address. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?:app|viewer)/.test(next)) return '/app';
  if ([...next].some((character) => character < ' ' || character === '\\')) return '/app';
  const url = new URL(next, 'http://own.invalid');
  const isOwn = url.host === 'own.invalid' && (isUnder(url.pathname, '/app') || isUnder(url.pathname, '/viewer'));
  return isOwn ? url.pathname + url.search + url.hash : '/app';
}
