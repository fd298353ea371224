// Writes what is told of settings from their descriptions (apps/server/src/config/descriptions.ts): the table of docs/operations.md and deploy/.env.example.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { outputFiles } = await build({
  entryPoints: [path.join(root, 'apps/server/src/config/settings-texts.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
const { envExample, settingsTable } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(path.join(root, 'deploy/.env.example'), envExample());
const operations = path.join(root, 'docs/operations.md');
const [before, rest] = readFileSync(operations, 'utf8').split('| setting | default | meaning |\n');
if (before === undefined || rest === undefined) throw new Error('docs/operations.md has no table of settings');
writeFileSync(operations, `${before}${settingsTable()}${rest.slice(rest.search(/\n(?!\|)/) + 1)}`);
