import { readFileSync } from 'node:fs';
import { StartError } from '../kernel/start-error.ts';

/** Every setting there is. The names are those of the environment. */
export const settingNames = [
  'PORT',
  'HOST',
  'DATA_DIR',
  'PUBLIC_URL',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'TRUST_PROXY',
  'ROLES',
  'WEB_PROCESSES',
  'LOG_LEVEL',
  'MAX_UPLOAD_BYTES',
  'MAX_FILE_BYTES',
  'SCRUB_DAYS',
  'INSTALLATION_NAME',
  'OBJECT_STORE',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_CA',
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_REGION',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'S3_SECRET_ACCESS_KEY_FILE',
  'S3_PREFIX',
  'S3_FORCE_PATH_STYLE',
  'S3_CACHE_BYTES',
  'ORTHANC_URL',
  'ORTHANC_USERNAME',
  'ORTHANC_PASSWORD',
  'ORTHANC_GROUP',
  'ORTHANC_SEND',
  'ORTHANC_DELETIONS',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'OIDC_DOMAINS',
  'OIDC_PROVIDERS_FILE',
  'PASSWORDS',
  'EMERGENCY_EMAIL',
  'SECOND_FACTOR_ROLES',
  'PROOF_TO_SIGN',
  'SMTP_URL',
  'MAIL_FROM',
  'DICOM_HOST',
  'DICOM_PORT',
  'DICOM_AET',
  'DICOM_TLS_PORT',
  'DICOM_TLS_CERT',
  'DICOM_TLS_KEY',
  'DICOM_TLS_CA',
  'AUDIT_TIME_ZONE',
  'AUDIT_WARN_EXPORTS',
  'AUDIT_WARN_DENIED',
  'AUDIT_SITE_HOURS',
  'AUDIT_WARN_NIGHT',
  'AUDIT_WARN_RECORDS',
  'AUDIT_REPORTS_TO',
  'AUDIT_SYSLOG',
  'AUDIT_SYSLOG_CA',
  'BREAK_GLASS',
  'BREAK_GLASS_HOURS',
  'METRICS_HOST',
  'METRICS_PORT',
  'METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'SESSION_SECRET',
  'BACKUP_TO',
  'BACKUP_KEY_FILE',
  'BACKUP_PLAIN',
  'BACKUP_EVERY',
  'BACKUP_KEEP',
  'BACKUP_S3_ENDPOINT',
  'BACKUP_S3_REGION',
  'BACKUP_S3_ACCESS_KEY_ID',
  'BACKUP_S3_SECRET_ACCESS_KEY',
  'BACKUP_S3_SECRET_ACCESS_KEY_FILE',
] as const;

export type SettingName = (typeof settingNames)[number];

/** Never shown, and taken out of the environment when read. */
export const secretNames: ReadonlySet<SettingName> = new Set([
  'ADMIN_PASSWORD',
  'DATABASE_URL',
  'REDIS_URL',
  'S3_SECRET_ACCESS_KEY',
  'BACKUP_S3_SECRET_ACCESS_KEY',
  'ORTHANC_PASSWORD',
  'OIDC_CLIENT_SECRET',
  'SMTP_URL',
  'METRICS_TOKEN',
  'SESSION_SECRET',
]);
export type RawSettings = Partial<Record<SettingName, string>>;

/** Picks the settings out of the environment; blank is the same as missing, which is what an unset line of a compose file gives. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): RawSettings {
  const raw: RawSettings = {};
  for (const name of settingNames) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') raw[name] = value;
  }
  return raw;
}

/**
 * The same, and secrets leave the environment, so that no process that is started from here inherits them; one that is in a file is read there. Fails with
 * SETTING_INVALID when that can't be read.
 */
export function takeSettings(env: Record<string, string | undefined>): RawSettings {
  const raw = readSettings(env);
  for (const name of ['S3_SECRET_ACCESS_KEY', 'BACKUP_S3_SECRET_ACCESS_KEY'] as const) {
    const file = raw[`${name}_FILE`];
    if (file !== undefined && raw[name] === undefined) raw[name] = readSecretFile(`${name}_FILE`, file);
  }
  for (const name of secretNames) delete env[name];
  return raw;
}

function readSecretFile(name: SettingName, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new StartError(
      'SETTING_INVALID',
      `${name} ${file} can't be read: correct it, or give this account the right to`,
      cause,
    );
  }
}
