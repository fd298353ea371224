import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REASONS, unexcused } from './skips.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const reason = { reason: 'no such thing here', isSo: true, files: ['a.test.ts'] };

describe('a test that is left out in CI', () => {
  it('needs a reason that names its file and holds on the machine', () => {
    const skips = [
      { file: 'a.test.ts', name: 'one' },
      { file: 'b.test.ts', name: 'two' },
    ];
    expect(unexcused(skips, [reason])).toEqual([skips[1]]);
    expect(unexcused(skips, [{ ...reason, isSo: false }])).toEqual(skips);
    expect(unexcused(skips, [{ ...reason, test: /two/ }])).toEqual(skips);
  });

  it('is looked for in files that exist', () => {
    const files = REASONS.flatMap((one) => one.files);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
