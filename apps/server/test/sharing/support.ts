import type { SharedView } from '@negatoscope/contract';
import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import { type Browser, cookieHeader, cookiesOf, createFakeClock, type FakeClock, type TestAppOptions } from '../support/app.ts';

/** One image of a person in a study of its own. */
export interface SharedImage {
  readonly study: string;
  readonly studyId: string;
  readonly patientId: string;
  readonly series: string;
  readonly seriesId: string;
  readonly instance: string;
}

export interface Visitor {
  readonly cookie: string;
  readonly csrf: string;
}

export interface SharingServer extends DicomwebServer {
  readonly clock: FakeClock;
  /** Stores a CT of one image, of the person whose name begins so. */
  image(who: Browser, uid: string, name?: string, more?: object): Promise<SharedImage>;
  share(who: Browser, body: object): Promise<{ id: string; secret: string; code: string | null }>;
  open(secret: string, code?: string, ip?: string): Promise<LightMyRequestResponse>;
  /** Opens a link, which must open. */
  visit(secret: string, code?: string): Promise<Visitor>;
  as(visitor: Pick<Visitor, 'cookie'>, url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  view(visitor: Visitor): Promise<SharedView>;
  call(who: Browser, method: 'GET' | 'POST' | 'DELETE' | 'PATCH', url: string, payload?: object): Promise<LightMyRequestResponse>;
}

const IN_14_DAYS = 14 * 86_400_000;

export async function openSharing(options: TestAppOptions = {}): Promise<SharingServer> {
  const clock = createFakeClock();
  const server = await openDicomweb({ ...options, clock });
  const origin = new URL(server.settings.publicUrl).origin;
  const host = new URL(origin).host;
  let addresses = 0;
  const call: SharingServer['call'] = (who, method, url, payload) =>
    server.app.inject({ method, url, headers: { ...who.headers, host }, ...(payload === undefined ? {} : { payload }) });
  // Each from a network of its own, so that no test uses up the tries of another.
  const open: SharingServer['open'] = (secret, code, ip = `10.1.${Math.floor(++addresses / 250)}.${addresses % 250}`) =>
    server.app.inject({
      ...{ method: 'POST', url: '/api/shared/open', headers: { origin, host }, remoteAddress: ip },
      payload: { secret, ...(code === undefined ? {} : { code }) },
    });
  const as: SharingServer['as'] = (visitor, url, headers = {}) =>
    server.app.inject({ method: 'GET', url, headers: { cookie: visitor.cookie, host, ...headers } });
  return {
    ...{ ...server, clock, call, open, as },
    image: async (who, uid, name = 'Partage', more = {}) => {
      const dataset = {
        ...smallDataset(uid),
        ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1`, PatientID: `P${uid}` },
        ...{
          PatientName: `${name}^Ana`,
          PatientBirthDate: '19700102',
          StudyDate: '20260301',
          StudyDescription: `Thorax ${name}`,
        },
        ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT', BurnedInAnnotation: 'NO', ConversionType: undefined },
        ...more,
      };
      const file = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
      const stored = await server.store(who, [Buffer.from(file)]);
      if (stored.statusCode !== 200) throw new Error(stored.body);
      const [row] = await server.db.withSystem((tx) =>
        tx.rows(
          'SELECT s.id, s.patient_id, e.id AS series_id FROM studies s JOIN series e ON e.study_id = s.id WHERE s.study_instance_uid = $1',
          [uid],
        ),
      );
      if (row === undefined) throw new Error('Nothing was stored.');
      const { id: studyId, patient_id: patientId, series_id: seriesId } = row;
      return { study: uid, studyId, patientId, series: `${uid}.1`, seriesId, instance: `${uid}.1.1` };
    },
    share: async (who, body) => {
      const expiresAt = new Date(clock.now().getTime() + IN_14_DAYS).toISOString();
      const made = await call(who, 'POST', '/api/shares', { profile: 'IDENTIFIED', recipient: 'Dr Dupont', expiresAt, ...body });
      if (made.statusCode !== 201) throw new Error(`${made.statusCode} ${made.body}`);
      const { share, address, code } = made.json<{ share: { id: string }; address: string; code: string | null }>();
      return { id: share.id, secret: address.slice('/s#'.length), code };
    },
    visit: async (secret, code) => {
      const opened = await open(secret, code);
      if (opened.statusCode !== 201) throw new Error(`${opened.statusCode} ${opened.body}`);
      return { cookie: cookieHeader(cookiesOf(opened)), csrf: opened.json<{ csrfToken: string }>().csrfToken };
    },
    view: async (visitor) => {
      const answer = await as(visitor, '/api/shared');
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
      return answer.json<SharedView>();
    },
  };
}

export const picture = ({ study, series, instance }: SharedImage): string =>
  `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames/1/rendered`;
