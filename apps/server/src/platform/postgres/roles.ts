import { Client, type ClientConfig } from 'pg';

/** Owns the database and everything in it, and migrates it. No superuser: pg_trgm and unaccent are trusted extensions. */
export const ownerRole = 'negatoscope_owner';

/** What the application runs as: row-level security always applies to it. */
export const appRole = 'negatoscope_app';

export const databaseName = 'negatoscope';

/** Makes the two roles where they are missing. `client` is connected as a superuser. */
export async function ensureRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [
    [ownerRole, appRole],
  ]);
  const known = new Set(rows.map((row) => row.rolname));
  for (const role of [ownerRole, appRole]) {
    if (!known.has(role)) await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`);
  }
}

/**
 * Makes the database where it is missing, owned by the owner role; nobody but the two roles may connect.
 * `name` is one of ours, never input: identifiers can't be parameters.
 */
export async function ensureDatabase(superuser: ClientConfig, client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${name} OWNER ${ownerRole} TEMPLATE template0`);
  else return;
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${appRole}`);
  const inside = new Client({ ...superuser, database: name });
  await inside.connect();
  try {
    await inside.query(`ALTER SCHEMA public OWNER TO ${ownerRole}`);
    await inside.query(`GRANT USAGE ON SCHEMA public TO ${appRole}`);
  } finally {
    await inside.end();
  }
}
