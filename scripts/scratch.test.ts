import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import os from 'node:os';
import { expect, test } from 'vitest';

const ask = (env: NodeJS.ProcessEnv): { folder: string; wasThere: boolean } => {
  const source = `import { existsSync } from 'node:fs';
import { scratchInMemory } from '${new URL('scratch.mjs', import.meta.url).href}';
const folder = scratchInMemory() ?? '';
console.log(JSON.stringify({ folder, wasThere: existsSync(folder) }));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { env, encoding: 'utf8' });
  return JSON.parse(stdout);
};
const { TMPDIR: _set, ...unset } = process.env;

test('whoever names a folder for what is thrown away has it there', () => {
  expect(ask({ ...unset, TMPDIR: os.tmpdir() })).toEqual({ folder: '', wasThere: false });
});

const hasMemory = process.platform === 'linux' && os.freemem() > 12 * 2 ** 30 && isLarge();
function isLarge(): boolean {
  const { bavail, bsize } = statfsSync('/dev/shm');
  return bavail * bsize > 8 * 2 ** 30;
}

// In one test, since a container may have neither memory nor a folder of it.
test('with much memory it is a folder there, gone with its process; what a killed run has left goes too', () => {
  const orphan = '/dev/shm/ng-tests-4194304';
  if (hasMemory) mkdirSync(orphan, { recursive: true });
  const { folder, wasThere } = ask(unset);
  expect(folder).toMatch(hasMemory ? /^\/dev\/shm\/ng-tests-\d+$/ : /^(|\/dev\/shm\/ng-tests-\d+)$/);
  expect([wasThere, existsSync(folder)]).toEqual([folder !== '', false]);
  if (hasMemory) expect(existsSync(orphan)).toBe(false);
});
