import { service } from '../../src/access/index.ts';

/** A service that may do what the jobs do, for tests that call their work themselves. */
export const UPKEEP = service('test-upkeep', ['system.manage', 'trash.purge', 'imports.create', 'studies.read']);
