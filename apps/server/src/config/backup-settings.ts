import { StartError } from '../kernel/start-error.ts';
import { isPathStyle } from './s3-settings.ts';
import { S3_ADDRESS, type Values } from './shape.ts';

/** A service of S3 for backups, and as whom it is used. */
export interface BackupS3 {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly forcePathStyle: boolean;
  /** What the names of its settings begin with. */
  readonly settings: 'BACKUP_S3' | 'S3';
  /** The bucket of objects of the same service: what is backed up there is lost with it. */
  readonly objectsBucket: string | undefined;
}

/** Where backups go; made by the job process where there is an interval, by `npm run backup` else. */
export interface BackupSettings {
  /** A folder, or `s3://bucket/prefix`. */
  readonly to: string | undefined;
  readonly keyFile: string | undefined;
  /** A backup in S3 that is not encrypted is wanted. */
  readonly isPlainWanted: boolean;
  readonly everyMs: number | undefined;
  readonly keep: number | undefined;
  /** Undefined where no key is given. */
  readonly s3: BackupS3 | undefined;
}

/** Fails with SETTING_MISSING where something is missing that another setting needs. */
export function backupOf(values: Values): BackupSettings {
  const { BACKUP_TO: to, BACKUP_KEY_FILE: keyFile, BACKUP_EVERY: everyMs, BACKUP_KEEP: keep } = values;
  if (everyMs !== undefined && to === undefined)
    throw missing('BACKUP_TO is missing although BACKUP_EVERY is set: say where backups go, or leave both out');
  const s3 = s3Of(values);
  if (to !== undefined && S3_ADDRESS.test(to) && s3 === undefined)
    throw missing(
      'BACKUP_S3_ACCESS_KEY_ID is missing although BACKUP_TO is in S3: set it with BACKUP_S3_SECRET_ACCESS_KEY and BACKUP_S3_ENDPOINT',
    );
  const isPlainWanted = values.BACKUP_PLAIN === 'yes';
  if (to !== undefined && S3_ADDRESS.test(to) && everyMs !== undefined && keyFile === undefined && !isPlainWanted)
    throw missing(
      'BACKUP_KEY_FILE is missing although BACKUP_TO is in S3, where others could read the patients: make a key by "npm run backup -- new-key FILE", or set BACKUP_PLAIN=yes',
    );
  return { to, keyFile, isPlainWanted, everyMs, keep, s3 };
}

const missing = (message: string): StartError => new StartError('SETTING_MISSING', message);

/** The settings BACKUP_S3_…, or the service and the key of the objects where none of them is set; never some of both. */
function s3Of(values: Values): BackupS3 | undefined {
  const { BACKUP_S3_ACCESS_KEY_ID: id, BACKUP_S3_SECRET_ACCESS_KEY: secret, BACKUP_S3_ENDPOINT: endpoint } = values;
  const isOwn = id !== undefined || secret !== undefined || endpoint !== undefined;
  const service = isOwn
    ? { endpoint, region: values.BACKUP_S3_REGION, forcePathStyle: endpoint !== undefined }
    : { endpoint: values.S3_ENDPOINT, region: values.S3_REGION, forcePathStyle: isPathStyle(values) };
  const [accessKeyId, secretAccessKey] = isOwn ? [id, secret] : [values.S3_ACCESS_KEY_ID, values.S3_SECRET_ACCESS_KEY];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    if (!isOwn) return undefined;
    const name = accessKeyId === undefined ? 'BACKUP_S3_ACCESS_KEY_ID' : 'BACKUP_S3_SECRET_ACCESS_KEY';
    throw missing(`${name} is missing although other settings BACKUP_S3_… are set: set it, or leave all of them out`);
  }
  const holdsObjects = values.OBJECT_STORE === 's3' && values.S3_ENDPOINT === service.endpoint;
  const objectsBucket = holdsObjects ? values.S3_BUCKET : undefined;
  return { ...service, accessKeyId, secretAccessKey, settings: isOwn ? 'BACKUP_S3' : 'S3', objectsBucket };
}
