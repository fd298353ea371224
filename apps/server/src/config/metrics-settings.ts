import { isIP } from 'node:net';
import { StartError } from '../kernel/start-error.ts';
import type { Values } from './shape.ts';

/** Where a Prometheus asks what this server counts and measures. */
export interface MetricsSettings {
  readonly host: string;
  readonly port: number;
  /** Who asks must show it; undefined asks nothing of who is on this machine. */
  readonly token: string | undefined;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Undefined where nobody is answered. Other machines need a token: figures tell how busy a hospital is. */
export function metricsOf({
  METRICS_HOST: host,
  METRICS_PORT: port,
  METRICS_TOKEN: token,
  ...others
}: Values): MetricsSettings | undefined {
  if (port === 0) return undefined;
  const taken = [others.PORT, others.DICOM_PORT, others.DICOM_TLS_PORT];
  if (taken.includes(port))
    throw new StartError('SETTING_INVALID', `METRICS_PORT must differ from the other ports (it is ${port}): choose another`);
  if (token === undefined && !isLoopback(host))
    throw new StartError(
      'SETTING_MISSING',
      `METRICS_TOKEN is missing although METRICS_HOST ${host} is reachable from other machines: set it, or METRICS_HOST=127.0.0.1`,
    );
  return { host, port, token };
}
