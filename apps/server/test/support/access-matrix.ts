import {
  LEVELS,
  NO_SYMPTOMS,
  NO_VITAL_SIGNS,
  OPERATIONS,
  type Operation,
  type Permission,
  permissionsOf,
  ROLES,
} from '@negatoscope/contract';
import { smallPicture } from '@negatoscope/testkit';
import { movePatientRows } from '../../src/archive/kinds.ts';
import { newId } from '../../src/kernel/ids.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { ROW_KINDS } from '../../src/row-kinds.ts';
import type { DicomwebServer } from '../dicomweb/support.ts';
import { hangingRows, putRows } from './filled-patient.ts';

/** Whose something is, seen from who asks: of their group, of another one, of none; or nobody has it. */
export const PLACES = ['own', 'other', 'none', 'unknown'] as const;
export type Place = (typeof PLACES)[number];
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

/** What of a patient's a route may name. */
export interface Target {
  readonly group: string;
  readonly uid: string;
  readonly ids: Readonly<Record<'patient' | 'study' | 'consultation' | 'order' | 'prediction', string>>;
}
export const NOBODY: Target = {
  ...{ group: UNKNOWN, uid: '1.2.3' },
  ids: { patient: UNKNOWN, study: UNKNOWN, consultation: UNKNOWN, order: UNKNOWN, prediction: UNKNOWN },
};

/** What the id of an address is of, by how the address begins. */
const IDS: readonly (readonly [prefix: string, of: keyof Target['ids']])[] = [
  ['/api/patients/', 'patient'],
  ['/fhir/Patient/', 'patient'],
  ['/fhir/ImagingStudy/', 'study'],
  ['/api/consultations/', 'consultation'],
  ['/fhir/Encounter/', 'consultation'],
  ['/fhir/ServiceRequest/', 'order'],
  ['/api/predictions/', 'prediction'],
  ['/fhir/RiskAssessment/', 'prediction'],
];

export interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation | undefined;
}

const operations: readonly Operation[] = OPERATIONS;
export const routesOf = ({ routes }: Pick<DicomwebServer, 'routes'>): Route[] =>
  [...routes].map(([id, { method, path }]) => ({ id, method, path, operation: operations.find((one) => one.id === id) }));

const PARAM = /\{(\w+)\}|:(\w+)/g;
const BY_UID: Readonly<Record<string, (target: Target) => string>> = {
  studyInstanceUid: ({ uid }) => uid,
  study: ({ uid }) => uid,
  series: ({ uid }) => `${uid}.1`,
  seriesInstanceUid: ({ uid }) => `${uid}.1`,
  instance: ({ uid }) => `${uid}.1.1`,
  sopInstanceUid: ({ uid }) => `${uid}.1.1`,
  group: ({ group }) => group,
  frames: () => '1',
  frame: () => '1',
};

/** Whether a route names something that is somebody's. */
export const isOfSomebody = ({ path }: Route): boolean =>
  path === '/wado' ||
  path.endsWith('/wado') ||
  [...path.matchAll(PARAM)].some(([, braced = '', colon = '']) => {
    const name = braced || colon;
    return (name !== 'group' && BY_UID[name] !== undefined) || (name === 'id' && IDS.some(([prefix]) => path.startsWith(prefix)));
  });

/** A request that changes nothing: what takes a body gets one that no schema takes. */
export function requestOf({ method, path, operation }: Route, target: Target) {
  const of = IDS.find(([prefix]) => path.startsWith(prefix))?.[1];
  const url = path.replaceAll(PARAM, (_, braced: string | undefined, colon: string | undefined) => {
    const name = braced ?? colon ?? '';
    return BY_UID[name]?.(target) ?? (name === 'id' && of !== undefined ? target.ids[of] : UNKNOWN);
  });
  const { uid } = target;
  const query = path.endsWith('/wado') ? `?requestType=WADO&studyUID=${uid}&seriesUID=${uid}.1&objectUID=${uid}.1.1` : '';
  const payload = operation?.body === undefined ? {} : { payload: { unexpected: true } };
  return { method: method as 'GET', url: `${url.replace('*', '')}${query}`, ...payload };
}

/** Of what would change something when it is let through only nobody's is asked for. */
export function placesOf(route: Route): readonly Place[] {
  const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(route.method) || route.operation?.body !== undefined;
  if (!isOfSomebody(route)) return ['unknown'];
  return isSafe ? ['own', 'other', 'none'] : ['unknown'];
}

export interface MatrixActor {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What of rows has to be as it is written by the server, for who reads them. */
const WHOLE: Readonly<Record<string, (uid: string) => object>> = {
  film_orders: (uid) => ({ study_instance_uid: `${uid}.9` }),
  consultations: () => ({ symptoms: JSON.stringify(NO_SYMPTOMS), vital_signs: JSON.stringify(NO_VITAL_SIGNS) }),
};

/** Kinds whose rows here are no whole ones, or of which there is one of a UID. */
const LEFT_OUT = new Set(
  'report_drafts report_edits report_versions report_documents kept_documents withdrawn_instances prediction_results performed_steps'.split(
    ' ',
  ),
);

/** A study of a patient in a group, with a row of every kind that hangs there. */
export async function makeTarget(
  server: DicomwebServer,
  at: { readonly uid: string; readonly group: string | null },
): Promise<Target> {
  const admin = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: at.group }));
  const { bytes } = smallPicture({
    ...{ seed: at.uid, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
    dataset: {
      ...{ PatientID: at.uid, PatientName: `Matrice^${at.uid}`, PatientBirthDate: '19700101', StudyDate: '20260301' },
      ...{ StudyInstanceUID: at.uid, SeriesInstanceUID: `${at.uid}.1`, SOPInstanceUID: `${at.uid}.1.1` },
    },
  });
  const stored = await server.store(admin, [Buffer.from(bytes)]);
  if (stored.statusCode !== 200) throw new Error(stored.body);
  return server.db.withSystem(async (tx) => {
    const text = 'SELECT id, patient_id FROM studies WHERE study_instance_uid = $1';
    const [row] = (await tx.rows(composed({ text, values: [at.uid] }))) as { id: string; patient_id: string }[]; // As the text says.
    if (row === undefined) throw new Error('Nothing was stored.');
    const filled = { study: row.id, patient: row.patient_id, studyUid: at.uid };
    // UIDs of what is made are those of one study of each server.
    const made = hangingRows(filled, { word: 'x', user: admin.user.id, object: newId() }).filter(
      ([table]) => !LEFT_OUT.has(table),
    );
    await putRows(
      (one, values) => tx.run(composed({ text: one, values: values as never })),
      made.map(([table, columns]) => [table, { ...columns, ...WHOLE[table]?.(at.uid) }] as const),
    );
    await movePatientRows(tx, ROW_KINDS, row.patient_id, at.group);
    const idOf = (table: string): string => String(made.find(([name]) => name === table)?.[1].id);
    const ids = { consultation: idOf('consultations'), order: idOf('film_orders'), prediction: idOf('predictions') };
    return { group: at.group ?? UNKNOWN, uid: at.uid, ids: { patient: row.patient_id, study: row.id, ...ids } };
  });
}

/** Everybody there may be: each role at each level, tokens, and those who may not any more. */
export async function makeActors(server: DicomwebServer, group: string): Promise<MatrixActor[]> {
  const actors: MatrixActor[] = [];
  for (const role of ROLES)
    for (const level of LEVELS) {
      const { headers } = await server.login(await server.makeUser({ role, level, groupId: group }));
      actors.push({ name: `${role}:${level}`, headers });
    }
  const radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  const token = async (permissions: readonly Permission[]): Promise<{ id: string; headers: { authorization: string } }> => {
    const made = await server.app.inject({
      ...{ method: 'POST', url: '/api/tokens', headers: radiologist.headers },
      payload: { name: `t${newId()}`, permissions, expiresInDays: 1 },
    });
    const { id, secret } = made.json<{ id: string; secret: string }>();
    return { id, headers: { authorization: `Bearer ${secret}` } };
  };
  const all = [...permissionsOf('RADIOLOGIST', 'WRITE')];
  const [whole, blind, expired] = [
    await token(all),
    await token(all.filter((one) => one !== 'patients.identity')),
    await token(all),
  ];
  const suspended = await server.login(await server.makeUser({ role: 'ADMIN', groupId: group }));
  await server.db.withSystem(async (tx) => {
    await tx.run(
      composed({ text: "UPDATE api_tokens SET expires_at = now() - interval '1 day' WHERE id = $1", values: [expired.id] }),
    );
    await tx.run(composed({ text: "UPDATE users SET status = 'SUSPENDED' WHERE id = $1", values: [suspended.user.id] }));
  });
  actors.push({ name: 'token', headers: whole.headers }, { name: 'token-without-identity', headers: blind.headers });
  actors.push({ name: 'token-expired', headers: expired.headers }, { name: 'ADMIN-suspended', headers: suspended.headers });
  return [...actors, { name: 'nobody', headers: {} }];
}
