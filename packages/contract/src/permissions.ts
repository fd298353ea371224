/**
 * Who may do what: roles are sets of permissions, and a person's level caps the role.
 * This is the one data file that the server, the page and the tests use.
 */
export const ROLES = ['ADMIN', 'RADIOLOGIST', 'PHYSICIAN', 'STAFF', 'RESEARCHER'] as const;
export type Role = (typeof ROLES)[number];

/** READ (lecture) < WRITE (modification) < ADMIN. */
export const LEVELS = ['READ', 'WRITE', 'ADMIN'] as const;
export type Level = (typeof LEVELS)[number];

/** The level that a permission needs; a person whose level is lower loses the permission, whatever the role. */
export const PERMISSION_LEVELS = {
  'patients.read': 'READ',
  /** Sees names, birth dates and identifiers; without it every answer carries pseudonyms (the record number). */
  'patients.identity': 'READ',
  /** Opens one patient out of scope for a time, where the site has turned that on. */
  'patients.emergency': 'READ',
  'patients.write': 'WRITE',
  'identity-review.decide': 'WRITE',
  'identity-review.propose': 'WRITE',
  'conflicts.read': 'READ',
  'conflicts.decide': 'WRITE',
  'studies.read': 'READ',
  'studies.write': 'WRITE',
  /** Marks a study as read or validated, and takes that back. */
  'studies.validate': 'WRITE',
  /** Sees what is drawn on images, and by whom. */
  'annotations.read': 'READ',
  /** Draws, and changes and deletes what is one's own. */
  'annotations.write': 'WRITE',
  'imports.create': 'WRITE',
  'exports.create': 'READ',
  'exports.anonymised': 'READ',
  /** Gives one patient their images, and says to whom. */
  'exports.hand-over': 'WRITE',
  /** Takes everything of one patient, with who saw it, for the patient's right of access. */
  'exports.record': 'ADMIN',
  /** Keeps a patient or study from being trashed, replaced or erased, and lets go of it. */
  'holds.manage': 'ADMIN',
  /** Erases a patient for good, and is told who was erased. */
  'patients.erase': 'ADMIN',
  /** Says how long studies are kept, and lets go of those that are due. */
  'retention.manage': 'ADMIN',
  /** Searches DICOM nodes, where identities of others are, and fetches studies from them. */
  'nodes.query': 'READ',
  /** Sends studies to DICOM nodes. */
  'studies.send': 'WRITE',
  'trash.move': 'WRITE',
  'trash.purge': 'ADMIN',
  'consultations.read': 'READ',
  'consultations.register': 'WRITE',
  'consultations.conduct': 'WRITE',
  'predictions.read': 'READ',
  'predictions.run': 'WRITE',
  'predictions.validate': 'WRITE',
  /** Sees figures of the screening: counts, agreement, accuracy, drift and the monthly table. */
  'statistics.read': 'READ',
  /** Reads signed reports. */
  'reports.read': 'READ',
  /** Writes and signs reports, and reads drafts. */
  'reports.write': 'WRITE',
  /** Shares studies by a link, with somebody who has no account; under pseudonyms only for who sees pseudonyms. */
  'studies.share': 'WRITE',
  'users.manage': 'ADMIN',
  'groups.manage': 'ADMIN',
  'system.manage': 'ADMIN',
  'audit.read': 'ADMIN',
  'audit.own-patients': 'READ',
} as const satisfies Record<string, Level>;
export type Permission = keyof typeof PERMISSION_LEVELS;
export const PERMISSIONS = Object.keys(PERMISSION_LEVELS) as Permission[];

const CLINICAL_READ = [
  'patients.read',
  'patients.identity',
  'studies.read',
  'annotations.read',
  'reports.read',
  'predictions.read',
  'consultations.read',
  'statistics.read',
] as const;
const CLINICAL_WRITE = ['patients.write', 'imports.create', 'conflicts.read', 'studies.write'] as const;
const DECIDE = ['identity-review.decide', 'identity-review.propose', 'conflicts.decide'] as const;
const MEDICAL = [
  'patients.emergency',
  'studies.validate',
  'annotations.write',
  'exports.create',
  'exports.anonymised',
  'exports.hand-over',
  'nodes.query',
  'studies.send',
  'predictions.run',
  'predictions.validate',
  'reports.write',
  'studies.share',
  'audit.own-patients',
] as const;

export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  ADMIN: [
    ...CLINICAL_READ,
    ...CLINICAL_WRITE,
    ...DECIDE,
    'annotations.write',
    'exports.create',
    'exports.anonymised',
    'exports.hand-over',
    'exports.record',
    'holds.manage',
    'patients.erase',
    'retention.manage',
    'nodes.query',
    'studies.send',
    'trash.move',
    'trash.purge',
    'consultations.register',
    'predictions.run',
    'studies.share',
    'users.manage',
    'groups.manage',
    'system.manage',
    'audit.read',
    'audit.own-patients',
  ],
  RADIOLOGIST: [...CLINICAL_READ, ...CLINICAL_WRITE, ...DECIDE, ...MEDICAL],
  PHYSICIAN: [...CLINICAL_READ, ...CLINICAL_WRITE, ...DECIDE, ...MEDICAL, 'consultations.register', 'consultations.conduct'],
  STAFF: [...CLINICAL_READ, ...CLINICAL_WRITE, 'identity-review.propose', 'exports.hand-over', 'consultations.register'],
  RESEARCHER: [
    'patients.read',
    'studies.read',
    'annotations.read',
    'annotations.write',
    'imports.create',
    'exports.anonymised',
    'studies.share',
    'predictions.read',
    'predictions.run',
    'statistics.read',
  ],
};

export const DEFAULT_LEVEL: Record<Role, Level> = {
  ADMIN: 'ADMIN',
  RADIOLOGIST: 'WRITE',
  PHYSICIAN: 'WRITE',
  STAFF: 'WRITE',
  RESEARCHER: 'WRITE',
};

/** The permissions that a person with this role and level really has. */
export function permissionsOf(role: Role, level: Level): ReadonlySet<Permission> {
  const cap = LEVELS.indexOf(level);
  return new Set(ROLE_PERMISSIONS[role].filter((permission) => LEVELS.indexOf(PERMISSION_LEVELS[permission]) <= cap));
}
