const MEBIBYTE = 1024 * 1024;

function deviceMemory(): number | undefined {
  const value: unknown = typeof navigator !== 'undefined' && 'deviceMemory' in navigator ? navigator.deviceMemory : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** Decoded frames kept in memory: a quarter of what the browser says the device has, between 256 MiB and 1.5 GiB. */
export const CACHE_BUDGET_BYTES = Math.min(1536, Math.max(256, (deviceMemory() ?? 4) * 256)) * MEBIBYTE;
