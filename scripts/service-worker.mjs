// The worker that keeps the application's files in browsers (docs/decisions/0045-first-load.md): it carries the list of those that the build has made.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Address → the first 16 bytes of the SHA-256, of each file in `dist/assets` but those that stand beside one, compressed. */
function listFiles(dist) {
  const folder = path.join(dist, 'assets');
  const names = readdirSync(folder).filter((name) => !/\.(?:br|gz)$/.test(name));
  const digest = (name) =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest()
      .subarray(0, 16);
  return Object.fromEntries(names.sort().map((name) => [`/assets/${name}`, digest(name).toString('base64')]));
}

/** Writes `dist/sw.js` for what stands in `dist`, from the sources of the page. */
export function buildServiceWorker(web, dist) {
  return build({
    entryPoints: { sw: path.join(web, 'src', 'kept', 'service-worker.ts') },
    outdir: dist,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
    define: { NEGATOSCOPE_FILES: JSON.stringify(listFiles(dist)) },
  });
}
