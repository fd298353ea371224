import { readFileSync } from 'node:fs';

/** How the open files that this process may have are shared out. */
export interface DescriptorShares {
  /** Connections of one web process. */
  readonly connections: number;
  /** Connections that wait in the supervisor for a web process. */
  readonly waiting: number;
  /** Objects that stay open because they are read again and again. */
  readonly cachedFiles: number;
}

/** Where the operating system does not tell, as on Windows. */
const ASSUMED_LIMIT = 8_192;
const MOST_CONNECTIONS = 4_096;
const MOST_WAITING = 1_024;
const MOST_CACHED_FILES = 512;

/**
 * The soft limit of open files in a text of limits (proc(5), /proc/PID/limits); Node raises it to the hard one when it starts. Undefined where it says
 * nothing of them.
 */
export function softFileLimit(limits: string): number | undefined {
  const said = /^Max open files\s+(\d+|unlimited)\s/m.exec(limits)?.[1];
  if (said === undefined) return undefined;
  return said === 'unlimited' ? Number.POSITIVE_INFINITY : Number(said);
}

function limitsOnLinux(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}

/**
 * Not Linux: the report of a process takes a third of a second and leaves the source maps of all that is loaded in memory, since it tells where the
 * program is.
 */
function reportedFileLimit(): number | undefined {
  const report: unknown = process.report.getReport();
  const limits = typeof report === 'object' && report !== null && 'userLimits' in report ? report.userLimits : undefined;
  const files = typeof limits === 'object' && limits !== null && 'open_files' in limits ? limits.open_files : undefined;
  const soft = typeof files === 'object' && files !== null && 'soft' in files ? files.soft : undefined;
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
  return typeof soft === 'number' ? soft : undefined;
}

/** The limit stays as long as the process. */
let known: number | undefined;
function limitHere(): number {
  known ??= softFileLimit(limitsOnLinux()) ?? reportedFileLimit() ?? ASSUMED_LIMIT;
  return known;
}

/**
 * Three eighths for connections and a quarter for the cache of objects: the rest is for files that are being sent and received, the
 * database and the process itself.
 */
export function shareDescriptors(limit = limitHere()): DescriptorShares {
  return {
    connections: Math.min(MOST_CONNECTIONS, Math.floor((limit * 3) / 8)),
    waiting: Math.min(MOST_WAITING, Math.floor(limit / 4)),
    cachedFiles: Math.min(MOST_CACHED_FILES, Math.floor(limit / 4)),
  };
}
