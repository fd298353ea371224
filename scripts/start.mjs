// `npm start`: installs and builds what is missing, then becomes the server (same process: signals reach it directly).
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, prepareOhifLater, requireNode, serverDist } from './lib.mjs';

requireNode();
endWithNpm();
await ensureInstalled();
await ensureBuilt();
prepareOhifLater();
// Libraries choose their production code by it.
process.env.NODE_ENV ??= 'production';
await import(pathToFileURL(path.join(serverDist, 'main.js')).href);

/** A signal sent to npm ends npm and its shell but is not passed on to us: being orphaned is the sign to end. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}
