import { defineConfig } from 'vite';

/** The page of the end-to-end test of Cornerstone's loader; the test says where it is built. */
export default defineConfig({ base: './', worker: { format: 'es' }, build: { target: 'es2022', minify: false } });
