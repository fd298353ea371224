import type { ClientConfig } from 'pg';

/** The PostgreSQL of a test run, as the global setup hands it to the test files: plain data, it crosses processes. */
export interface TestCluster {
  /** May create and drop databases. */
  readonly admin: ClientConfig;
  readonly owner: ClientConfig;
  readonly app: ClientConfig;
  readonly templateName: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: TestCluster;
  }
}

/** The same connection to another database of the same server. */
export function withDatabase(config: ClientConfig, database: string): ClientConfig {
  if (config.connectionString === undefined) return { ...config, database };
  const url = new URL(config.connectionString);
  url.pathname = `/${database}`;
  return { ...config, connectionString: url.href };
}
