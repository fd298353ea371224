import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, normalizePath } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Where the API and DICOMweb answer while developing; the production page is served by that same server. */
const server = process.env.NEGATOSCOPE_SERVER ?? 'http://127.0.0.1:3000';

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** All that an entry of the page imports, but for what it asks for later, and not itself: it runs where it is the entry. */
function importedBy(entry: string, modules: Modules): ReadonlySet<string> {
  const first = normalizePath(`${root}src/${entry}`);
  const all = new Set([first]);
  for (const id of all) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) all.add(imported);
  all.delete(first);
  return all;
}

/**
 * What every page starts with comes in two pieces rather than in thirty, each of which is a round trip on a slow line: what the sign-in form needs
 * and everything else needs too, and what all other pages share. The rest is split where it is asked for.
 */
function pieceOf(): (id: string, modules: Modules) => string | null {
  let pieces: readonly (readonly [name: string, ids: ReadonlySet<string>])[] | undefined;
  return (id, modules) => {
    pieces ??= [
      ['base', importedBy('login.tsx', modules)],
      ['shared', importedBy('main.tsx', modules)],
    ];
    return pieces.find(([, ids]) => ids.has(id))?.[0] ?? null;
  };
}

export default defineConfig({
  root,
  plugins: [react(), tailwindcss()],
  server: { proxy: { '/api': server, '/dicom-web': server, '/viewer': server } },
  preview: { proxy: { '/api': server, '/dicom-web': server, '/viewer': server } },
  // Cornerstone3D's decoders are module workers.
  worker: { format: 'es' },
  optimizeDeps: {
    // Pre-bundling this loader moves it away from its worker file, and its initialization then never ends.
    exclude: ['@cornerstonejs/dicom-image-loader'],
    include: [
      'dicom-parser',
      'events',
      '@cornerstonejs/codec-charls/decodewasmjs',
      '@cornerstonejs/codec-openjpeg/decodewasmjs',
      '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
      '@cornerstonejs/codec-openjph/wasmjs',
      '@cornerstonejs/codec-libjxl/decodewasmjs',
    ],
  },
  build: {
    outDir: `${root}dist`,
    emptyOutDir: true,
    target: 'es2022',
    // A browser without it fetches the same files a moment later.
    modulePreload: { polyfill: false },
    // The viewer's chunk holds Cornerstone3D and vtk.js. It is split off by its lazy import alone.
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      input: { main: `${root}index.html`, login: `${root}login.html` },
      output: { codeSplitting: { groups: [{ debugName: 'pieces', name: pieceOf() }] } },
    },
  },
});
