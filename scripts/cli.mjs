// `npm run doctor`, `npm run admin -- …`, `npm run worker`: the server's commands, built when needed.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, serverDist } from './lib.mjs';

requireNode();
await ensureInstalled();
await ensureBuilt();
process.env.NODE_ENV ??= 'production';
await import(pathToFileURL(path.join(serverDist, 'cli.js')).href);
