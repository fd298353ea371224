import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Empties the page cache. False without the right to: then the first pass stands for the cold one. */
export function dropCaches(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
