import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Where the API and DICOMweb answer while developing; the production page is served by that same server. */
const server = process.env.NEGATOSCOPE_SERVER ?? 'http://127.0.0.1:3000';

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
    // The viewer's chunk holds Cornerstone3D and vtk.js. It is split off by its lazy import alone: naming chunks by hand draws Vite's
    // preload helper into it, and then every page loads it.
    chunkSizeWarningLimit: 5_000,
  },
});
