const CERTIFICATE = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** A word of Redis, of TLS or of the system, as what an administrator can do something about; without an address and a password. */
export function redisTrouble(reason: string): string {
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'Redis is refused: its certificate is not of the name in REDIS_URL';
  if (reason === 'CERT_HAS_EXPIRED') return 'Redis is refused: its certificate has expired';
  if (CERTIFICATE.test(reason)) return 'Redis is refused: no authority that REDIS_CA names vouches for its certificate';
  if (reason === 'WRONGPASS' || reason === 'NOAUTH') return 'Redis refuses the name or password in REDIS_URL';
  if (reason === 'NOPERM') return 'Redis does not let the user in REDIS_URL do what is needed';
  return 'Redis does not answer';
}
