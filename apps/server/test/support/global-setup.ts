import type { TestProject } from 'vitest/node';
import { openMigratedCluster } from './migrated-cluster.ts';

/** Vitest's global setup of the server's tests: one PostgreSQL for the whole run, and in it one migrated template database that `createTestDatabase` copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = project.vitest.getRootProject();
  // Another project of the same run has set it up.
  if (root.getProvidedContext().testCluster !== undefined) return async () => undefined;
  const { cluster, stop } = await openMigratedCluster();
  root.provide('testCluster', cluster);
  return stop;
}
