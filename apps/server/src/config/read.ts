/** Every setting there is. The names are those of the environment. */
export const settingNames = [
  'PORT',
  'HOST',
  'DATA_DIR',
  'PUBLIC_URL',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'TRUST_PROXY',
  'WEB_PROCESSES',
  'LOG_LEVEL',
  'MAX_UPLOAD_BYTES',
  'MAX_FILE_BYTES',
  'SCRUB_DAYS',
  'INSTALLATION_NAME',
  'OBJECT_STORE',
  'DATABASE_URL',
  'REDIS_URL',
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'ORTHANC_URL',
  'ORTHANC_USERNAME',
  'ORTHANC_PASSWORD',
  'ORTHANC_GROUP',
  'ORTHANC_SEND',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'OIDC_DOMAINS',
  'OIDC_PROVIDERS_FILE',
  'PASSWORDS',
  'EMERGENCY_EMAIL',
  'DICOM_HOST',
  'DICOM_PORT',
  'DICOM_AET',
  'DICOM_TLS_PORT',
  'DICOM_TLS_CERT',
  'DICOM_TLS_KEY',
  'DICOM_TLS_CA',
  'METRICS_HOST',
  'METRICS_PORT',
  'METRICS_TOKEN',
  'SESSION_SECRET',
] as const;

export type SettingName = (typeof settingNames)[number];

/** Never shown, and taken out of the environment when read. */
export const secretNames: ReadonlySet<SettingName> = new Set([
  'ADMIN_PASSWORD',
  'DATABASE_URL',
  'REDIS_URL',
  'S3_SECRET_KEY',
  'ORTHANC_PASSWORD',
  'OIDC_CLIENT_SECRET',
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

/** The same, and secrets leave the environment, so that no process that is started from here inherits them. */
export function takeSettings(env: Record<string, string | undefined>): RawSettings {
  const raw = readSettings(env);
  for (const name of secretNames) delete env[name];
  return raw;
}
