/** Scheme, what stands before the last @, the hosts, and the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/)((?:[^/?#]*@)?)([^/?#@]*)(.*)$/s;

/**
 * The addresses of one host each that a `postgres:` URL of several names (`postgres://u:p@a:5432,b:5432/db`, as in libpq), in its order; of any other the
 * text itself, untouched.
 */
export function addressesOf(url: string): readonly string[] {
  const [, scheme = '', who = '', hosts = '', rest = ''] = PARTS.exec(url) ?? [];
  return hosts.includes(',') ? hosts.split(',').map((host) => `${scheme}${who}${host}${rest}`) : [url];
}

/** Hosts and ports as one may say them: without name, password and options. */
export const placesOf = (url: string): string =>
  addressesOf(url)
    .map((one) => {
      const { hostname, port } = new URL(one);
      return `${hostname || 'localhost'}${port && `:${port}`}`;
    })
    .join(', ');
