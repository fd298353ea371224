// `npm run bench`: the measurements of bench/, against the built server.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root, run, stop } from './lib.mjs';

requireNode();
await ensureInstalled();
await ensureBuilt();
const bench = path.join(root, 'bench', 'run.mjs');
if (!existsSync(bench)) stop('There is no bench/run.mjs in this version.');
process.exit(await run(process.execPath, [bench, ...process.argv.slice(2)]));
