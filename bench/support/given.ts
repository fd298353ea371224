/** A folder that run.mjs passed. */
export function given(name: 'BENCH_DIR' | 'BENCH_BUNDLES' | 'BENCH_CACHE'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error('A bench is started by bench/run.mjs (npm run bench).');
  return value;
}
