// Writes docs/conformance.md from the server's table of capabilities.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { outputFiles } = await build({
  entryPoints: [path.join(root, 'apps/server/src/features/dicomweb/conformance.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
const { conformanceMarkdown } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(path.join(root, 'docs/conformance.md'), conformanceMarkdown());
