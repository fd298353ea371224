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
    // The viewer chunk holds Cornerstone3D and vtk.js; it is loaded when a study is opened.
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // React goes first so that the viewer group never swallows what the main chunk also needs.
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            { name: 'cornerstone', test: /node_modules[\\/](@cornerstonejs|@kitware|dicom-parser|gl-matrix)[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
});
