import { as, type Described } from './described.ts';
import { journal } from './journal-descriptions.ts';
import type { SettingName } from './read.ts';

const server: Described<
  | 'PORT'
  | 'HOST'
  | 'PUBLIC_URL'
  | 'TRUST_PROXY'
  | 'ADMIN_EMAIL'
  | 'ADMIN_PASSWORD'
  | 'INSTALLATION_NAME'
  | 'ROLES'
  | 'WEB_PROCESSES'
  | 'LOG_LEVEL'
  | 'MAX_UPLOAD_BYTES'
  | 'MAX_FILE_BYTES'
  | 'SESSION_SECRET'
> = {
  PORT: as('3000', '3000', 'the port of pages, API and DICOMweb'),
  HOST: as(
    '127.0.0.1',
    '0.0.0.0',
    'the address where it listens; `0.0.0.0` is open to other machines, behind a proxy with https',
  ),
  PUBLIC_URL: as(
    'http://localhost:PORT',
    'https://images.hospital.example',
    'its address as users type it; https turns on Secure cookies and HSTS',
  ),
  TRUST_PROXY: as(
    'none',
    '10.0.0.1,192.168.0.0/16',
    'addresses or networks of proxies whose forwarding headers count; not every address (`0.0.0.0/0`)',
  ),
  ADMIN_EMAIL: as('made once and printed', 'admin@hospital.example', 'the first administrator, only when no user exists'),
  ADMIN_PASSWORD: as('made once and printed', 'at-least-twelve-characters', 'the password of that first administrator'),
  INSTALLATION_NAME: as(
    'Negatoscope',
    'Centre hospitalier de Thiès',
    'whose the installation is: the letterhead of the printed monthly table',
  ),
  ROLES: as(
    'web,worker,dimse',
    'web,dimse',
    'what this node runs, where there are several: pages and APIs, jobs, the DICOM listener; each must run somewhere',
  ),
  WEB_PROCESSES: as('cores − 1, at least 1', '3', 'processes that share the port'),
  LOG_LEVEL: as('info', 'warn', 'JSON lines on standard error, without patient data or query strings'),
  MAX_UPLOAD_BYTES: as('50 GiB', '20 GiB', 'the most of one request'),
  MAX_FILE_BYTES: as('8 GiB', '4 GiB', 'the most of one file'),
  SESSION_SECRET: as(
    'made once under DATA_DIR/secrets',
    'at-least-thirty-two-characters-of-chance',
    'signs tokens; the same on all nodes',
  ),
};

const data: Described<'DATA_DIR' | 'DATABASE_URL' | 'REDIS_URL' | 'REDIS_CA' | 'SCRUB_DAYS' | 'OBJECT_STORE'> = {
  DATA_DIR: as('./data', '/srv/negatoscope', 'everything that it keeps'),
  DATABASE_URL: as(
    'none',
    'postgres://negatoscope:secret@localhost:5432/negatoscope',
    'an outside PostgreSQL 16 or newer instead of the embedded one; its user must own the database and may create or use the role `negatoscope_app`. Several servers, a primary and its replicas, with commas: `postgres://user:password@a:5432,b:5432/negatoscope`; the one that takes writes is connected to',
  ),
  REDIS_URL: as(
    'none',
    'rediss://:secret@redis.hospital.example:6379',
    'a Redis 6.2 or newer (`rediss:` by TLS) that carries limits and live events of several processes; while it is away the database does',
  ),
  REDIS_CA: as(
    'those of Node.js',
    '/etc/negatoscope/redis-ca.crt',
    'PEM file of the authorities that vouch for that Redis, with `rediss:`; read anew for each connection',
  ),
  SCRUB_DAYS: as(
    '30',
    '90',
    'every stored file is read and compared with its hash within so many days, with at most a tenth of a core; the system page and `GET /api/system/objects` tell how far it is, `/api/health` how many are damaged (`damagedObjects`), the log each one (`a stored object is damaged`)',
  ),
  OBJECT_STORE: as('disk', 's3', 'where DICOM files are kept: `disk` is `DATA_DIR/objects`, `s3` a bucket of S3'),
};

const s3: Described<
  | 'S3_ENDPOINT'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | 'S3_SECRET_ACCESS_KEY_FILE'
  | 'S3_PREFIX'
  | 'S3_FORCE_PATH_STYLE'
  | 'S3_CACHE_BYTES'
> = {
  S3_ENDPOINT: as('Amazon’s, by the region', 'https://s3.hospital.example', 'address of a service of S3: Ceph, MinIO, Garage …'),
  S3_BUCKET: as('none', 'negatoscope', 'the bucket, which is there already and is used by nobody else (or under `S3_PREFIX`)'),
  S3_REGION: as('us-east-1', 'eu-west-3', 'its region'),
  S3_ACCESS_KEY_ID: as('none', 'AKIAEXAMPLE', 'name of the key by which it is listed, read, written and deleted in'),
  S3_SECRET_ACCESS_KEY: as('none', 'letters-and-digits', 'the key itself'),
  S3_SECRET_ACCESS_KEY_FILE: as('none', '/etc/negatoscope/s3-key', 'a file that holds it, instead'),
  S3_PREFIX: as('none', 'hospital/images', 'before every key, where the bucket is shared'),
  S3_FORCE_PATH_STYLE: as('on where `S3_ENDPOINT` is set', 'on', '`on`: the bucket is in the path, `off`: in the host’s name'),
  S3_CACHE_BYTES: as('20 GiB', '100 GiB', 'the most of what was read that is kept on this machine, in `DATA_DIR/cache`'),
};

const dicom: Described<
  'DICOM_HOST' | 'DICOM_PORT' | 'DICOM_AET' | 'DICOM_TLS_PORT' | 'DICOM_TLS_CERT' | 'DICOM_TLS_KEY' | 'DICOM_TLS_CA'
> = {
  DICOM_HOST: as('HOST', '0.0.0.0', 'the address where DICOM associations are heard'),
  DICOM_PORT: as('11112', '104', 'the port where they are heard; 0 turns it off'),
  DICOM_AET: as('NEGATOSCOPE', 'NEGATOSCOPE', 'the AE title by which nodes call this server'),
  DICOM_TLS_PORT: as('0 (off)', '2762', 'where associations are heard by TLS, at `DICOM_HOST`; 2762 is the port of DICOM by TLS'),
  DICOM_TLS_CERT: as(
    'none',
    '/etc/negatoscope/dicom.crt',
    'PEM file of this server’s certificate, with those between it and its authority; shown to who calls and to nodes that are asked',
  ),
  DICOM_TLS_KEY: as('none', '/etc/negatoscope/dicom.key', 'PEM file of its key, which only the server’s account may read'),
  DICOM_TLS_CA: as(
    'none',
    '/etc/negatoscope/nodes.crt',
    'PEM file of the authorities of nodes: who calls by TLS must then show a certificate of one; without it anybody’s TLS is taken, and title and address alone tell who it is',
  ),
};

const signIn: Described<
  | 'OIDC_ISSUER'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET'
  | 'OIDC_NAME'
  | 'OIDC_DOMAINS'
  | 'OIDC_PROVIDERS_FILE'
  | 'PASSWORDS'
  | 'EMERGENCY_EMAIL'
  | 'SECOND_FACTOR_ROLES'
  | 'PROOF_TO_SIGN'
  | 'SMTP_URL'
  | 'MAIL_FROM'
> = {
  OIDC_ISSUER: as('none', 'https://accounts.google.com', 'the issuer of an identity provider (OpenID Connect), an https address'),
  OIDC_CLIENT_ID: as('none', 'negatoscope', 'the name by which that provider knows this server'),
  OIDC_CLIENT_SECRET: as('none', 'secret', 'the secret of that name'),
  OIDC_NAME: as('OpenID Connect', 'Google', 'what stands on its button of the sign-in page'),
  OIDC_DOMAINS: as(
    'none',
    'hospital.example,clinic.example',
    'e-mail domains that it vouches for; only people with a verified address in one of them become (inactive) accounts by it',
  ),
  OIDC_PROVIDERS_FILE: as('none', '/etc/negatoscope/providers.json', 'a JSON file of further identity providers'),
  PASSWORDS: as('on', 'off', '`off`: nobody signs in by password but the account of `EMERGENCY_EMAIL`'),
  EMERGENCY_EMAIL: as(
    'none',
    'emergency@hospital.example',
    'the address of the one account that keeps its password where `PASSWORDS=off`',
  ),
  PROOF_TO_SIGN: as(
    'off',
    'on',
    '`on`: who signs a report has shown within a quarter of an hour who they are, by passkey, code or password',
  ),
  SECOND_FACTOR_ROLES: as(
    'none',
    'ADMIN,RADIOLOGIST',
    'roles whose passwords count with a second factor only; who has none sets it up before anything is opened',
  ),
  SMTP_URL: as(
    'none',
    'smtp://name:password@mail.hospital.example:587',
    'the mail server that takes invitations and links for forgotten passwords, `smtp://` (with STARTTLS) or `smtps://`; unencrypted on this machine only',
  ),
  MAIL_FROM: as('none', 'Radiology <pacs@hospital.example>', 'in whose name they are sent'),
};

const watching: Described<'METRICS_PORT' | 'METRICS_HOST' | 'METRICS_TOKEN' | 'OTEL_EXPORTER_OTLP_ENDPOINT'> = {
  METRICS_PORT: as('0 (off)', '9464', 'the port where a Prometheus reads `/metrics`'),
  METRICS_HOST: as(
    '127.0.0.1',
    '10.1.2.4',
    'the address where it is read; another than this machine’s own needs `METRICS_TOKEN`',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: as(
    'none',
    'http://127.0.0.1:4318',
    'the collector that traces are sent to (OpenTelemetry, OTLP over HTTP)',
  ),
  METRICS_TOKEN: as(
    'none',
    'at-least-twenty-four-characters',
    'what a Prometheus must show (`Authorization: Bearer …`) to read `/metrics`',
  ),
};

const backup: Described<
  | 'BACKUP_TO'
  | 'BACKUP_KEY_FILE'
  | 'BACKUP_PLAIN'
  | 'BACKUP_EVERY'
  | 'BACKUP_KEEP'
  | 'BACKUP_S3_ENDPOINT'
  | 'BACKUP_S3_REGION'
  | 'BACKUP_S3_ACCESS_KEY_ID'
  | 'BACKUP_S3_SECRET_ACCESS_KEY'
  | 'BACKUP_S3_SECRET_ACCESS_KEY_FILE'
> = {
  BACKUP_TO: as(
    'none',
    '/mnt/backup/negatoscope',
    'where backups go: a folder on another disk or machine, or `s3://bucket/prefix`, another bucket than that of the objects',
  ),
  BACKUP_KEY_FILE: as('none: not encrypted', '/etc/negatoscope/backup.key', 'file of the key that backups are encrypted with'),
  BACKUP_PLAIN: as('no', 'yes', '`yes`: backups to S3 without a key are wanted; whoever can read that bucket reads the patients'),
  BACKUP_EVERY: as('off', '24h', 'how often the server makes one by itself: minutes, hours or days (`30m`, `24h`, `7d`)'),
  BACKUP_KEEP: as('all', '30', 'how many backups stay; older ones go when a new one is whole'),
  BACKUP_S3_ENDPOINT: as(
    'Amazon’s, by the region',
    'https://s3.elsewhere.example',
    'for `s3://`: the address of the service of S3; without any setting `BACKUP_S3_…` it is that of the objects, by `S3_…`',
  ),
  BACKUP_S3_REGION: as('us-east-1', 'eu-west-3', 'its region'),
  BACKUP_S3_ACCESS_KEY_ID: as('none', 'AKIABACKUP', 'name of the key that may list, read, write and delete there'),
  BACKUP_S3_SECRET_ACCESS_KEY: as('none', 'letters-and-digits', 'the key itself'),
  BACKUP_S3_SECRET_ACCESS_KEY_FILE: as('none', '/etc/negatoscope/backup-s3-key', 'a file that holds it, instead'),
};

type Elsewhere =
  | keyof typeof journal
  | keyof typeof backup
  | keyof typeof signIn
  | keyof typeof watching
  | keyof typeof server
  | keyof typeof data
  | keyof typeof s3
  | keyof typeof dicom;
const neighbours: Described<Exclude<SettingName, Elsewhere>> = {
  ORTHANC_URL: as(
    'none',
    'http://10.1.2.3:8042',
    'an Orthanc beside the server, whose instances are taken over; with a path where it has one',
  ),
  ORTHANC_USERNAME: as('none', 'negatoscope', 'the name by which Orthanc knows this server'),
  ORTHANC_PASSWORD: as('none', 'secret', 'the password of that name'),
  ORTHANC_GROUP: as(
    'no group',
    'Radiologie',
    'name or id of the group of what comes from Orthanc; without it everybody but researchers sees it',
  ),
  ORTHANC_SEND: as('off', 'on', '`on`: what arrives here otherwise is sent to Orthanc'),
  ORTHANC_DELETIONS: as(
    'ignore',
    'trash',
    'what was deleted in Orthanc: `trash` moves its study to the trash here, `repair` sends it there again (with ORTHANC_SEND)',
  ),
};

/** Every setting that does something, in the order in which an administrator meets them. */
export const settingSections = [
  { title: 'Server', settings: server },
  { title: 'Data', settings: data },
  { title: 'Backup', settings: backup },
  { title: 'Objects in S3', settings: s3 },
  { title: 'DICOM nodes', settings: dicom },
  { title: 'Signing in', settings: signIn },
  { title: 'Neighbours', settings: neighbours },
  { title: 'Watching', settings: watching },
  { title: 'Journal', settings: journal },
] as const;
