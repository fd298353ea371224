/** What a request says about where it comes from; `host` already honours trusted proxies only. */
export interface Provenance {
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly host: string;
  readonly unsafe: boolean;
}

/** Host and port as a URL writes them: lower case, without the scheme's own port. */
function hostOf(host: string, protocol: string): string | undefined {
  try {
    return new URL(`${protocol}//${host}`).host;
  } catch {
    return undefined;
  }
}

/**
 * Whether a request may come from where it says it does: `Origin`, when sent, must be PUBLIC_URL's or name the request's own
 * host; `null` never does. A browser that sends no `Origin` still says through `Sec-Fetch-Site` when another site asks.
 */
export function isOwnOrigin({ origin, fetchSite, host, unsafe }: Provenance, publicUrl: URL): boolean {
  if (origin === undefined) return !(unsafe && (fetchSite === 'cross-site' || fetchSite === 'same-site'));
  if (origin === publicUrl.origin) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host: given, origin: serialised } = new URL(origin);
  if (serialised !== origin || (protocol !== 'https:' && protocol !== 'http:')) return false;
  if (publicUrl.protocol === 'https:' && protocol !== 'https:') return false;
  return given === hostOf(host, protocol);
}
