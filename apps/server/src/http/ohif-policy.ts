/** What OHIF needs (WebAssembly, workers and downloads from blobs, its inline styles, documents in frames); no inline script. */
const policy = (scripts: string): string =>
  [
    "default-src 'self'",
    `script-src ${scripts}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' blob:",
    "object-src 'self' blob:",
    "frame-src 'self' blob:",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
export const CSP = policy("'self' 'wasm-unsafe-eval'");
/** Of the codec worker alone, which has no document and no credentials of its own: its codecs make functions from text. */
export const CODEC_CSP = policy("'self' 'wasm-unsafe-eval' 'unsafe-eval'");
