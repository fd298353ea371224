import type { IndexListRequest } from '../../src/archive/search/index-list.ts';

type Request = Omit<IndexListRequest, 'limit' | 'pseudonyms' | 'filters'> & { readonly filters?: IndexListRequest['filters'] };

const patients = (sort: string, rest: Partial<Request> = {}): Request => ({ kind: 'patients', sort, ...rest });
const studies = (sort: string, rest: Partial<Request> = {}): Request => ({ kind: 'studies', sort, ...rest });

/** A group of `fillRows`. */
export const GENERATED_GROUPS = Array.from({ length: 10 }, (_, index) => `019a0000-0000-7000-a000-00000000000${index}`);
const GROUP = GENERATED_GROUPS[3] ?? '';
const PATIENT = '019a0000-0000-7000-8000-000000008007';

/** Every list and search of the index by name, for the bench and for the test that reads their plans. `typo` ones have the larger budget. */
export const INDEX_REQUESTS: Readonly<Record<string, Request>> = {
  'patients by name': patients('name'),
  'patients by name, last first': patients('-name'),
  'patients by birth date': patients('birthDate'),
  'patients by last study': patients('-lastStudyAt'),
  'patients by record number': patients('recordNumber'),
  'patients, newest first': patients('-createdAt'),
  'patients to read': patients('name', { filters: { status: 'TO_READ' } }),
  'patients in progress': patients('name', { filters: { status: 'IN_PROGRESS' } }),
  'patients of a birth date': patients('name', { filters: { birthDate: '1970-03-05' } }),
  'patients to review': patients('name', { filters: { identityStatus: 'IDENTITY_REVIEW' } }),
  'patients confirmed': patients('name', { filters: { identityStatus: 'CONFIRMED' } }),
  'patients of a group': patients('name', { filters: { groupId: GROUP } }),
  'patients "martin"': patients('name', { q: 'martin' }),
  'patients "mar"': patients('name', { q: 'mar' }),
  'patients "marie"': patients('-lastStudyAt', { q: 'marie' }),
  'patients "dupin marie"': patients('name', { q: 'dupin marie' }),
  'patients "ma"': patients('name', { q: 'ma' }),
  'patients "a"': patients('name', { q: 'a' }),
  'patients "zo"': patients('name', { q: 'zo' }),
  'patients "le na"': patients('name', { q: 'le na' }),
  'patients "NG-2026-000042"': patients('name', { q: 'NG-2026-000042' }),
  'patients "dur" to read': patients('name', { q: 'dur', filters: { status: 'TO_READ' } }),
  'patients, nothing found': patients('name', { q: 'zzzzqqqxx' }),
  'patients typo "lambeaxu"': patients('name', { q: 'lambeaxu' }),
  'patients typo "dupnit maire"': patients('name', { q: 'dupnit maire' }),
  'worklist, newest first': studies('-studyDate'),
  'worklist, oldest first': studies('studyDate'),
  'studies by arrival': studies('-receivedAt'),
  'studies by patient': studies('patientName'),
  'studies to read': studies('-studyDate', { filters: { status: 'TO_READ' } }),
  'studies in progress': studies('-studyDate', { filters: { status: 'IN_PROGRESS' } }),
  'studies of a patient': studies('-studyDate', { filters: { patientId: PATIENT } }),
  'studies of a month': studies('-studyDate', { filters: { from: '2020-01-01', to: '2020-01-31' } }),
  'studies of an accession number': studies('-studyDate', { filters: { accessionNumber: 'ACC104729' } }),
  'studies of PT': studies('-studyDate', { filters: { modality: 'PT' } }),
  'studies of CT': studies('-studyDate', { filters: { modality: 'CT' } }),
  'studies of CT to read': studies('-studyDate', { filters: { modality: 'CT', status: 'TO_READ' } }),
  'studies "martin"': studies('-studyDate', { q: 'martin' }),
  'studies "thorax"': studies('-studyDate', { q: 'thorax' }),
  'studies "thorax martin"': studies('-studyDate', { q: 'thorax martin' }),
  'studies "ct"': studies('-studyDate', { q: 'ct' }),
  'studies "a"': studies('-studyDate', { q: 'a' }),
  'studies "ACC104729"': studies('-studyDate', { q: 'ACC104729' }),
  'studies typo "dupnit thorax"': studies('-studyDate', { q: 'dupnit thorax' }),
};
