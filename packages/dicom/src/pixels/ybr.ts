const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** YBR_FULL (PS3.3 C.7.6.3.1.2, ITU-R BT.601 with full range) → RGB in place, three bytes a pixel. */
export function ybrFullToRgb(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const y = bytes[i] ?? 0;
    const cb = (bytes[i + 1] ?? 0) - 128;
    const cr = (bytes[i + 2] ?? 0) - 128;
    bytes[i] = clamp(y + 1.402 * cr);
    bytes[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    bytes[i + 2] = clamp(y + 1.772 * cb);
  }
  return bytes;
}

/** YBR_PARTIAL_422 and _420 (PS3.3 C.7.6.3.1.2: luminance 16 to 235, chrominance 16 to 240) → RGB in place. */
export function ybrPartialToRgb(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const y = 1.164_383 * ((bytes[i] ?? 0) - 16);
    const cb = (bytes[i + 1] ?? 0) - 128;
    const cr = (bytes[i + 2] ?? 0) - 128;
    bytes[i] = clamp(y + 1.596_027 * cr);
    bytes[i + 1] = clamp(y - 0.391_762 * cb - 0.812_968 * cr);
    bytes[i + 2] = clamp(y + 2.017_232 * cb);
  }
  return bytes;
}
