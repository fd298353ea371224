import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { StartError } from '../kernel/start-error.ts';
import type { TlsFiles } from '../platform/tls/files.ts';
import { addressList, aeTitle, email, hostName, integer, plainAddress, publicAddress, sizeBytes, webAddress } from './fields.ts';
import { type RawSettings, type SettingName, secretNames } from './read.ts';

/** An Orthanc beside this server. */
export interface OrthancSettings {
  /** Without a slash at its end, name or password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Name or id of the group of what comes from there; undefined is no group. */
  readonly group: string | undefined;
  /** Whether what arrives here is sent there. */
  readonly send: boolean;
}

/** The settings as the rest of the server sees them: plain data, so that they pass to child processes as JSON. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  readonly admin: { readonly email: string | undefined; readonly password: string | undefined };
  readonly trustProxy: readonly string[];
  readonly webProcesses: number;
  readonly logLevel: string;
  readonly maxUploadBytes: number;
  readonly maxFileBytes: number;
  /** Every stored object is read and compared within this many days. */
  readonly scrubDays: number;
  /** Whose the installation is, as printed papers say it. */
  readonly installationName: string;
  readonly objectStore: 'disk';
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly s3:
    | { readonly endpoint: string; readonly bucket: string; readonly accessKey: string; readonly secretKey: string }
    | undefined;
  readonly orthanc: OrthancSettings | undefined;
  readonly oidc:
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: string; readonly name: string }
    | undefined;
  /** Port 0 turns the DIMSE listener off. */
  readonly dicom: { readonly host: string; readonly port: number; readonly aeTitle: string; readonly tls?: TlsFiles };
  readonly sessionSecret: string | undefined;
}

const gib = 2 ** 30;

const shape = z.object({
  PORT: integer(1, 65_535).default(3000),
  HOST: hostName.default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: publicAddress.optional(),
  ADMIN_EMAIL: email.optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(12, 'at least 12 characters long')
    .refine((text) => Buffer.byteLength(text) <= 72, 'at most 72 bytes long')
    .optional(),
  TRUST_PROXY: addressList.default([]),
  WEB_PROCESSES: integer(1, 64).optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'one of trace, debug, info, warn, error, fatal, silent')
    .default('info'),
  MAX_UPLOAD_BYTES: sizeBytes.default(50 * gib),
  MAX_FILE_BYTES: sizeBytes.default(8 * gib),
  SCRUB_DAYS: integer(1, 365).default(30),
  INSTALLATION_NAME: z.string().max(80, 'at most 80 characters long').default('Negatoscope'),
  OBJECT_STORE: z.enum(['disk', 's3'], 'disk').default('disk'),
  DATABASE_URL: webAddress('postgres:', 'postgresql:').optional(),
  REDIS_URL: webAddress('redis:', 'rediss:').optional(),
  S3_ENDPOINT: webAddress('http:', 'https:').optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens')
    .optional(),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  ORTHANC_URL: plainAddress.optional(),
  ORTHANC_USERNAME: z.string().optional(),
  ORTHANC_PASSWORD: z.string().optional(),
  ORTHANC_GROUP: z.string().optional(),
  ORTHANC_SEND: z.enum(['on', 'off'], 'on or off').optional(),
  OIDC_ISSUER: webAddress('http:', 'https:').optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().max(64, 'at most 64 characters long').optional(),
  DICOM_HOST: hostName.optional(),
  DICOM_PORT: integer(0, 65_535).default(11_112),
  DICOM_AET: aeTitle.default('NEGATOSCOPE'),
  DICOM_TLS_PORT: integer(0, 65_535).default(0),
  DICOM_TLS_CERT: z.string().optional(),
  DICOM_TLS_KEY: z.string().optional(),
  DICOM_TLS_CA: z.string().optional(),
  SESSION_SECRET: z.string().min(32, 'at least 32 characters long').optional(),
});

type Values = z.infer<typeof shape>;

/**
 * Checks the settings and gives them their types and defaults.
 * Fails with SETTING_INVALID, SETTING_MISSING or SETTING_UNSUPPORTED: one line that names the setting and says what to do.
 */
export function validateSettings(raw: RawSettings): Settings {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) throw invalid(raw, parsed.error);
  requireConsistent(parsed.data);
  return settingsOf(parsed.data);
}

/** What no single field can know. */
function requireConsistent(values: Values): void {
  if (values.OBJECT_STORE !== 'disk') {
    throw new StartError(
      'SETTING_UNSUPPORTED',
      `OBJECT_STORE=${values.OBJECT_STORE} is not in this version, which stores on disk only: set OBJECT_STORE=disk or leave it out`,
    );
  }
  if (values.MAX_FILE_BYTES > values.MAX_UPLOAD_BYTES) {
    throw new StartError(
      'SETTING_INVALID',
      'MAX_FILE_BYTES must not be larger than MAX_UPLOAD_BYTES: lower the one or raise the other',
    );
  }
  const tls = values.DICOM_TLS_PORT;
  if (tls !== 0 && (tls === values.PORT || tls === values.DICOM_PORT)) {
    throw new StartError('SETTING_INVALID', `DICOM_TLS_PORT must differ from PORT and DICOM_PORT (it is ${tls}): choose another`);
  }
  if (values.DICOM_PORT === values.PORT) {
    throw new StartError(
      'SETTING_INVALID',
      `DICOM_PORT must differ from PORT (both are ${values.PORT}): choose another, or DICOM_PORT=0 to turn it off`,
    );
  }
}

function settingsOf(values: Values): Settings {
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: path.resolve(values.DATA_DIR),
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    admin: { email: values.ADMIN_EMAIL, password: values.ADMIN_PASSWORD },
    trustProxy: values.TRUST_PROXY,
    webProcesses: values.WEB_PROCESSES ?? Math.max(1, os.availableParallelism() - 1),
    logLevel: values.LOG_LEVEL,
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    maxFileBytes: values.MAX_FILE_BYTES,
    scrubDays: values.SCRUB_DAYS,
    installationName: values.INSTALLATION_NAME,
    objectStore: 'disk', // Any other was refused above.
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    ...services(values),
    dicom: {
      ...{ host: values.DICOM_HOST ?? values.HOST, port: values.DICOM_PORT, aeTitle: values.DICOM_AET },
      ...tlsOf(values),
    },
    sessionSecret: values.SESSION_SECRET,
  };
}

function tlsOf(values: Values): { readonly tls?: TlsFiles } {
  const own = allOrNone(values, ['DICOM_TLS_CERT', 'DICOM_TLS_KEY']);
  const { DICOM_TLS_PORT: port, DICOM_TLS_CA: ca } = values;
  if (port !== 0 && own === undefined)
    throw new StartError(
      'SETTING_MISSING',
      'DICOM_TLS_CERT is missing although DICOM_TLS_PORT is set: set DICOM_TLS_CERT and DICOM_TLS_KEY, or DICOM_TLS_PORT=0',
    );
  if (own === undefined && ca === undefined) return {};
  return { tls: { port: port === 0 ? undefined : port, cert: own?.DICOM_TLS_CERT, key: own?.DICOM_TLS_KEY, ca } };
}

function services(values: Values): Pick<Settings, 's3' | 'orthanc' | 'oidc'> {
  const s3 = allOrNone(values, ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']);
  const oidc = allOrNone(values, ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  return {
    s3: s3 && { endpoint: s3.S3_ENDPOINT, bucket: s3.S3_BUCKET, accessKey: s3.S3_ACCESS_KEY, secretKey: s3.S3_SECRET_KEY },
    orthanc: orthancOf(values),
    oidc: oidc && {
      issuer: oidc.OIDC_ISSUER,
      clientId: oidc.OIDC_CLIENT_ID,
      clientSecret: oidc.OIDC_CLIENT_SECRET,
      name: values.OIDC_NAME ?? 'OpenID Connect',
    },
  };
}

function orthancOf(values: Values): OrthancSettings | undefined {
  const {
    ORTHANC_URL: url,
    ORTHANC_USERNAME: username,
    ORTHANC_PASSWORD: password,
    ORTHANC_GROUP: group,
    ORTHANC_SEND: send,
  } = values;
  const others = { ORTHANC_USERNAME: username, ORTHANC_PASSWORD: password, ORTHANC_GROUP: group, ORTHANC_SEND: send };
  const [named] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (url === undefined && named !== undefined)
    throw new StartError('SETTING_MISSING', `ORTHANC_URL is missing although ${named} is set: set it, or none of them`);
  if (url !== undefined && (username === undefined) !== (password === undefined)) {
    const missing = username === undefined ? 'ORTHANC_USERNAME' : 'ORTHANC_PASSWORD';
    throw new StartError(
      'SETTING_MISSING',
      `${missing} is missing: set ORTHANC_USERNAME and ORTHANC_PASSWORD together, or none of them`,
    );
  }
  return url === undefined ? undefined : { url, username, password, group, send: send === 'on' };
}

/** Settings that make sense only all together: undefined when none is given, an error naming the first one that is missing. */
function allOrNone<Name extends keyof Values>(values: Values, names: readonly Name[]): Record<Name, string> | undefined {
  const given = names.flatMap((name): (readonly [string, string])[] => {
    const value = values[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  if (given.length === 0) return undefined;
  const missing = names.find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw new StartError(
      'SETTING_MISSING',
      `${missing} is missing although ${given[0]?.[0]} is set: set ${names.join(', ')} together, or none of them`,
    );
  }
  return Object.fromEntries(given) as Record<Name, string>; // every name is in `given`, checked above
}

function invalid(raw: RawSettings, error: z.ZodError): StartError {
  const issue = error.issues[0];
  const name = issue?.path[0] as SettingName; // the shape is flat and its keys are the settings' names
  const value = raw[name];
  const shown = value === undefined || secretNames.has(name) ? '' : ` (it is ${JSON.stringify(value.slice(0, 80))})`;
  return new StartError('SETTING_INVALID', `${name} must be ${issue?.message}${shown}: correct it or leave it out`);
}
