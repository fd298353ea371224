import { ROLES as PERSON_ROLES } from '@negatoscope/contract';
import { z } from 'zod';
import {
  addressList,
  aeTitle,
  databaseAddress,
  duration,
  email,
  emailList,
  hostName,
  hours,
  integer,
  plainAddress,
  publicAddress,
  ROLES,
  roleList,
  sizeBytes,
  timeZone,
  webAddress,
} from './fields.ts';

const gib = 2 ** 30;

const personRoles = z
  .string()
  .transform((text) => text.split(',').map((role) => role.trim()))
  .pipe(z.array(z.enum(PERSON_ROLES, `a list of roles, of ${PERSON_ROLES.join(', ')}`)));

const region = z.string().regex(/^[a-z0-9-]{1,40}$/, 'a region, such as us-east-1');

/** `s3://bucket/prefix`: its bucket, and the prefix where there is one. */
export const S3_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.-]+(?:\/[\w.-]+)*))?\/?$/;

export const shape = z.object({
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
  ROLES: roleList.default([...ROLES]),
  WEB_PROCESSES: integer(1, 64).optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'one of trace, debug, info, warn, error, fatal, silent')
    .default('info'),
  MAX_UPLOAD_BYTES: sizeBytes.default(50 * gib),
  MAX_FILE_BYTES: sizeBytes.default(8 * gib),
  SCRUB_DAYS: integer(1, 365).default(30),
  INSTALLATION_NAME: z.string().max(80, 'at most 80 characters long').default('Negatoscope'),
  OBJECT_STORE: z.enum(['disk', 's3'], 'disk or s3').default('disk'),
  DATABASE_URL: databaseAddress.optional(),
  REDIS_URL: webAddress('redis:', 'rediss:').optional(),
  REDIS_CA: z.string().optional(),
  S3_ENDPOINT: plainAddress.optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens')
    .optional(),
  S3_REGION: region.default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_SECRET_ACCESS_KEY_FILE: z.string().optional(),
  S3_PREFIX: z
    .string()
    .regex(/^[\w.-]+(?:\/[\w.-]+)*\/?$/, 'letters, digits, dots, hyphens and slashes, such as hospital/images')
    .max(200, 'at most 200 characters long')
    .optional(),
  S3_FORCE_PATH_STYLE: z.enum(['on', 'off'], 'on or off').optional(),
  S3_CACHE_BYTES: sizeBytes.default(20 * gib),
  ORTHANC_URL: plainAddress.optional(),
  ORTHANC_USERNAME: z.string().optional(),
  ORTHANC_PASSWORD: z.string().optional(),
  ORTHANC_GROUP: z.string().optional(),
  ORTHANC_SEND: z.enum(['on', 'off'], 'on or off').optional(),
  ORTHANC_DELETIONS: z.enum(['ignore', 'trash', 'repair'], 'ignore, trash or repair').optional(),
  OIDC_ISSUER: webAddress('http:', 'https:').optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().max(64, 'at most 64 characters long').optional(),
  OIDC_DOMAINS: z.string().max(2000, 'at most 2,000 characters long').optional(),
  OIDC_PROVIDERS_FILE: z.string().optional(),
  PASSWORDS: z.enum(['on', 'off'], 'on or off').default('on'),
  EMERGENCY_EMAIL: email.optional(),
  SECOND_FACTOR_ROLES: personRoles.default([]),
  PROOF_TO_SIGN: z.enum(['on', 'off'], 'on or off').default('off'),
  SMTP_URL: webAddress('smtp:', 'smtps:').optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>\r\n"]{1,80}<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      'an address, such as Radiology <pacs@hospital.example>',
    )
    .max(254, 'at most 254 characters long')
    .optional(),
  DICOM_HOST: hostName.optional(),
  DICOM_PORT: integer(0, 65_535).default(11_112),
  DICOM_AET: aeTitle.default('NEGATOSCOPE'),
  DICOM_TLS_PORT: integer(0, 65_535).default(0),
  DICOM_TLS_CERT: z.string().optional(),
  DICOM_TLS_KEY: z.string().optional(),
  DICOM_TLS_CA: z.string().optional(),
  AUDIT_TIME_ZONE: timeZone.optional(),
  AUDIT_WARN_EXPORTS: integer(0, 100_000).default(20),
  AUDIT_WARN_DENIED: integer(0, 100_000).default(10),
  AUDIT_SITE_HOURS: hours.optional(),
  AUDIT_WARN_NIGHT: integer(1, 100_000).default(3),
  AUDIT_WARN_RECORDS: z.enum(['names', 'family', 'off'], 'names, family or off').default('names'),
  AUDIT_REPORTS_TO: emailList.default([]),
  AUDIT_SYSLOG: webAddress('tls:', 'tcp:', 'udp:').optional(),
  AUDIT_SYSLOG_CA: z.string().optional(),
  BREAK_GLASS: z.enum(['on', 'off'], 'on or off').default('off'),
  BREAK_GLASS_HOURS: integer(1, 24).default(4),
  METRICS_HOST: hostName.default('127.0.0.1'),
  METRICS_PORT: integer(0, 65_535).default(0),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress('http:', 'https:').optional(),
  METRICS_TOKEN: z.string().min(24, 'at least 24 characters long').optional(),
  BACKUP_TO: z
    .string()
    .refine((text) => !/^[a-z0-9+.-]+:\/\//i.test(text) || S3_ADDRESS.test(text), 'a folder, or s3://bucket/prefix')
    .optional(),
  BACKUP_KEY_FILE: z.string().optional(),
  BACKUP_PLAIN: z.enum(['yes', 'no']).default('no'),
  BACKUP_EVERY: duration.optional(),
  BACKUP_KEEP: integer(1, 10_000).optional(),
  BACKUP_S3_ENDPOINT: plainAddress.optional(),
  BACKUP_S3_REGION: region.default('us-east-1'),
  BACKUP_S3_ACCESS_KEY_ID: z.string().optional(),
  BACKUP_S3_SECRET_ACCESS_KEY: z.string().optional(),
  BACKUP_S3_SECRET_ACCESS_KEY_FILE: z.string().optional(),
  SESSION_SECRET: z.string().min(32, 'at least 32 characters long').optional(),
});

export type Values = z.infer<typeof shape>;
