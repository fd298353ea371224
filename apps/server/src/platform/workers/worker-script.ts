import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bundles = new Map<string, Promise<URL>>();

/**
 * Where the code of a worker thread is. The build puts it beside the server's own bundle as `<name>.js`; run from the sources, it is
 * bundled once a process, because threads know no TypeScript. `source` is the worker's .ts file, relative to `from` (import.meta.url).
 */
export function workerScript(name: string, source: string, from: string): Promise<URL> {
  if (!from.endsWith('.ts')) return Promise.resolve(new URL(`./${name}.js`, from));
  const file = fileURLToPath(new URL(source, from));
  let bundle = bundles.get(file);
  if (bundle === undefined) {
    bundle = bundleSource(name, file);
    bundles.set(file, bundle);
  }
  return bundle;
}

async function bundleSource(name: string, file: string): Promise<URL> {
  if (!existsSync(file)) throw new Error(`The source of worker ${name} is missing.`);
  // Not a literal, so that the production bundle does not carry the bundler.
  const bundler = 'esbuild';
  const { build }: typeof import('esbuild') = await import(bundler);
  const key = createHash('sha256').update(`${file} ${process.pid}`).digest('hex').slice(0, 12);
  const outfile = path.join(tmpdir(), `negatoscope-${name}-${key}.mjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  const { rmSync } = await import('node:fs');
  process.once('exit', () => rmSync(outfile, { force: true }));
  return new URL(`file://${outfile}`);
}
