// `npm start`: installs and builds what is missing, then becomes the server (same process: signals reach it directly).
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, serverDist } from './lib.mjs';

requireNode();
await ensureInstalled();
await ensureBuilt();
// The pages of an npm script's environment decide nothing here, save for this one: libraries choose their production code by it.
process.env.NODE_ENV ??= 'production';
await import(pathToFileURL(path.join(serverDist, 'main.js')).href);
