// `npm run sql`: the types of every SQL statement of the server, from the migrated catalogue (docs/decisions/0035). With `--check` nothing is written.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { npmStaysOutside, root } from './lib.mjs';

const workspace = path.join(root, 'apps', 'server');
const cache = path.join(workspace, '.cache');
// Beside the sources' folder, where the migrations and the packages are found as from the server's bundle.
const outfile = path.join(cache, 'sql-types.mjs');
await build({
  entryPoints: [path.join(workspace, 'sql-types', 'main.ts')],
  outfile,
  bundle: true,
  plugins: [npmStaysOutside],
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(workspace, cache, process.argv.includes('--check'));
