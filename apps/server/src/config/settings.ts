import os from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { StartError } from '../kernel/start-error.ts';
import type { MailSettings } from '../platform/mail/mailer.ts';
import type { TlsFiles } from '../platform/tls/files.ts';
import { type AuditSettings, auditOf } from './audit-settings.ts';
import { type BackupSettings, backupOf } from './backup-settings.ts';
import type { Role } from './fields.ts';
import { type MetricsSettings, metricsOf } from './metrics-settings.ts';
import { type SignInSettings, signInOf } from './oidc-settings.ts';
import { allOrNone, type OrthancSettings, orthancOf } from './orthanc-settings.ts';
import { type RawSettings, type SettingName, secretNames } from './read.ts';
import { type RedisSettings, redisOf } from './redis-settings.ts';
import { type S3Settings, s3Of } from './s3-settings.ts';
import { shape, type Values } from './shape.ts';

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
  /** What runs here; an installation of several nodes has each of them somewhere. */
  readonly roles: readonly Role[];
  readonly webProcesses: number;
  readonly logLevel: string;
  readonly maxUploadBytes: number;
  readonly maxFileBytes: number;
  /** Every stored object is read and compared within this many days. */
  readonly scrubDays: number;
  /** Whose the installation is, as printed papers say it. */
  readonly installationName: string;
  /** Where objects are put; `s3` has its bucket in `s3`. */
  readonly objectStore: 'disk' | 's3';
  readonly databaseUrl: string | undefined;
  readonly redis: RedisSettings | undefined;
  readonly s3: S3Settings | undefined;
  readonly orthanc: OrthancSettings | undefined;
  readonly signIn: SignInSettings;
  /** Undefined where no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** Port 0 turns the DIMSE listener off. */
  readonly dicom: { readonly host: string; readonly port: number; readonly aeTitle: string; readonly tls?: TlsFiles };
  /** Undefined where nobody may ask. */
  readonly metrics: MetricsSettings | undefined;
  /** The collector that spans are sent to; undefined where nobody asked for traces. */
  readonly tracesTo: string | undefined;
  readonly sessionSecret: string | undefined;
  readonly backup: BackupSettings;
  readonly audit: AuditSettings;
  /** Undefined where nobody opens a patient out of their scope in an emergency. */
  readonly breakGlass: { readonly hours: number } | undefined;
}

/**
 * Checks the settings and gives them their types and defaults.
 * Fails with SETTING_INVALID or SETTING_MISSING: one line that names the setting and says what to do.
 */
export function validateSettings(raw: RawSettings): Settings {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) throw invalid(raw, parsed.error);
  requireConsistent(parsed.data);
  return settingsOf(parsed.data);
}

/** What no single field can know. */
function requireConsistent(values: Values): void {
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
    roles: values.ROLES,
    webProcesses: values.WEB_PROCESSES ?? Math.max(1, os.availableParallelism() - 1),
    logLevel: values.LOG_LEVEL,
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    maxFileBytes: values.MAX_FILE_BYTES,
    scrubDays: values.SCRUB_DAYS,
    installationName: values.INSTALLATION_NAME,
    objectStore: values.OBJECT_STORE,
    databaseUrl: values.DATABASE_URL,
    redis: redisOf(values),
    ...services(values),
    dicom: {
      ...{ host: values.DICOM_HOST ?? values.HOST, port: values.DICOM_PORT, aeTitle: values.DICOM_AET },
      ...tlsOf(values),
    },
    metrics: metricsOf(values),
    tracesTo: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    sessionSecret: values.SESSION_SECRET,
    backup: backupOf(values),
    audit: auditOf(values),
    breakGlass: values.BREAK_GLASS === 'on' ? { hours: values.BREAK_GLASS_HOURS } : undefined,
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

function services(values: Values): Pick<Settings, 's3' | 'orthanc' | 'signIn' | 'mail'> {
  const mail = allOrNone(values, ['SMTP_URL', 'MAIL_FROM']);
  return {
    s3: s3Of(values),
    orthanc: orthancOf(values),
    signIn: signInOf(values),
    mail: mail && { url: mail.SMTP_URL, from: mail.MAIL_FROM },
  };
}

function invalid(raw: RawSettings, error: z.ZodError): StartError {
  const issue = error.issues[0];
  const name = issue?.path[0] as SettingName; // the shape is flat and its keys are the settings' names
  const value = raw[name];
  const shown = value === undefined || secretNames.has(name) ? '' : ` (it is ${JSON.stringify(value.slice(0, 80))})`;
  return new StartError('SETTING_INVALID', `${name} must be ${issue?.message}${shown}: correct it or leave it out`);
}
