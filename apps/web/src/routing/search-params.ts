import { ROLES } from '@negatoscope/contract/permissions';
import { AGE_BANDS, REFERENCES } from '@negatoscope/contract/screening';
import { LAST_SEEN, WAYS } from '@negatoscope/contract/user-filters';
import { LISTED_STATUSES, STATUSES } from './reading-statuses.ts';

/** What the address of a list holds: anything unreadable there is left out, never an error. */
type Raw = Readonly<Record<string, unknown>>;
const textOf = (value: unknown, max = 200): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text.slice(0, max) : undefined;
};
const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((entry) => entry === value);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A day that the calendar has, `YYYY-MM-DD`: what is reckoned from another one is no date at all. */
const dayOf = (value: unknown): string | undefined => {
  const text = String(value);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(text) ? undefined : text;
};
/** Leaves out undefined values, so that addresses stay short. */
function tidy<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> }; // Same keys, undefined left out.
}

export const PATIENT_SORTS = [
  'name',
  '-name',
  'birthDate',
  '-birthDate',
  'lastStudyAt',
  '-lastStudyAt',
  'recordNumber',
  '-recordNumber',
  'createdAt',
  '-createdAt',
] as const;
export const STUDY_SORTS = ['studyDate', '-studyDate', 'receivedAt', '-receivedAt', 'patientName', '-patientName'] as const;
export const DATE_RANGES = ['today', 'week', 'month'] as const;
export type DateRange = (typeof DATE_RANGES)[number];

export const URGENCY_FILTERS = ['PRESSING', 'STAT', 'URGENT', 'ROUTINE'] as const;
export const PRIOR_FILTERS = ['only', 'without'] as const;
const uuidOf = (value: unknown): string | undefined => {
  const text = textOf(value, 36);
  return text !== undefined && UUID.test(text) ? text : undefined;
};

export const patientSearch = (raw: Raw) =>
  tidy({
    q: textOf(raw.q),
    sort: oneOf(raw.sort, PATIENT_SORTS),
    status: oneOf(raw.status, STATUSES),
    review: raw.review === true ? true : undefined,
    selected: textOf(raw.selected, 36),
    create: raw.create === true ? true : undefined,
  });
export const studySearch = (raw: Raw) =>
  tidy({
    q: textOf(raw.q),
    sort: oneOf(raw.sort, STUDY_SORTS),
    status: oneOf(raw.status, LISTED_STATUSES),
    modality: textOf(raw.modality, 16),
    range: oneOf(raw.range, DATE_RANGES),
    urgency: oneOf(raw.urgency, URGENCY_FILTERS),
    assignee: raw.assignee === 'me' || raw.assignee === 'none' ? raw.assignee : uuidOf(raw.assignee),
    label: uuidOf(raw.label),
    site: uuidOf(raw.site),
    prior: oneOf(raw.prior, PRIOR_FILTERS),
  });
export const PREDICTION_STATES = ['QUEUED', 'FAILED', 'DONE', 'READ', 'VALIDATED', 'REJECTED'] as const;
export const predictionSearch = (raw: Raw) =>
  tidy({
    state: oneOf(raw.state, PREDICTION_STATES),
    site: textOf(raw.site, 36),
    range: oneOf(raw.range, DATE_RANGES),
  });
export const SEXES = ['M', 'F', 'O', 'U'] as const;
export const STATISTICS_BY = ['sites', 'models', 'periods', 'ages', 'sexes'] as const;
export const STATISTICS_VIEWS = ['arrivals', 'delays', 'storage', 'people', 'screening'] as const;
export const STATISTICS_STEPS = ['DAY', 'WEEK', 'MONTH'] as const;
export const DELAY_BY = ['MODALITY', 'URGENCY', 'READER', 'PERIOD'] as const;
export const STATISTICS_RANGES = ['week', 'month', 'quarter', 'year'] as const;
/** `view`: which figures; `step` and `modality` of those of studies; `split`: what delays are told apart by; `by`: what the table tells apart; `month`: of what is told by month. */
export const statisticsSearch = (raw: Raw) =>
  tidy({
    view: oneOf(raw.view, STATISTICS_VIEWS),
    range: oneOf(raw.range, STATISTICS_RANGES),
    step: oneOf(raw.step, STATISTICS_STEPS),
    modality: /^[A-Z0-9_]{1,16}$/.test(String(raw.modality)) ? String(raw.modality) : undefined,
    split: oneOf(raw.split, DELAY_BY),
    model: textOf(raw.model, 201),
    site: textOf(raw.site, 36),
    age: oneOf(raw.age, AGE_BANDS),
    sex: oneOf(raw.sex, SEXES),
    reference: oneOf(raw.reference, REFERENCES),
    by: oneOf(raw.by, STATISTICS_BY),
    month: dayOf(`${String(raw.month)}-01`)?.slice(0, 7),
  });
/** `date`: another day than today; `register`: a patient is to be registered, this one where `patient` names them. */
export const consultationSearch = (raw: Raw) =>
  tidy({
    date: dayOf(raw.date),
    register: raw.register === true ? true : undefined,
    patient: textOf(raw.patient, 36),
  });
/** `compare` is the study to lay beside, of the partition `compareGroup`; `alone` is for a second window, in which nothing stands beside; `panel` opens what stands beside the images. */
export const viewerSearch = (raw: Raw) =>
  tidy({
    groupId: textOf(raw.groupId, 36),
    series: textOf(raw.series, 64),
    compare: textOf(raw.compare, 64),
    compareGroup: textOf(raw.compareGroup, 36),
    alone: raw.alone === true ? true : undefined,
    panel: raw.panel === true ? true : undefined,
  });
export const importSearch = (raw: Raw) => tidy({ patientId: textOf(raw.patientId, 36) });
/** `open`: only shares that stand, or only the others. */
export const sharesSearch = (raw: Raw) => tidy({ open: typeof raw.open === 'boolean' ? raw.open : undefined });
export const loginSearch = (raw: Raw) => tidy({ next: textOf(raw.next, 500) });
export const AUDIT_OUTCOMES = ['SUCCESS', 'FAILURE', 'DENIED'] as const;
export const auditSearch = (raw: Raw) =>
  tidy({
    action: textOf(raw.action, 60),
    entity: textOf(raw.entity, 64),
    range: oneOf(raw.range, DATE_RANGES),
    patient: UUID.test(String(raw.patient)) ? String(raw.patient) : undefined,
    actor: UUID.test(String(raw.actor)) ? String(raw.actor) : undefined,
    outcome: oneOf(raw.outcome, AUDIT_OUTCOMES),
  });
export const USER_STATUSES = ['ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
export const USER_SORTS = ['name', '-name', 'email', '-email', 'lastLoginAt', '-lastLoginAt', 'createdAt', '-createdAt'] as const;
/** `groupId` is `none` for who is in no group. */
export const usersSearch = (raw: Raw) =>
  tidy({
    q: textOf(raw.q),
    sort: oneOf(raw.sort, USER_SORTS),
    role: oneOf(raw.role, ROLES),
    groupId: raw.groupId === 'none' || UUID.test(String(raw.groupId)) ? String(raw.groupId) : undefined,
    status: oneOf(raw.status, USER_STATUSES),
    way: oneOf(raw.way, WAYS),
    lastSeen: oneOf(raw.lastSeen, LAST_SEEN),
  });
export const conflictSearch = (raw: Raw) =>
  tidy({
    decided: raw.decided === true ? true : undefined,
    importId: textOf(raw.importId, 36),
    study: textOf(raw.study, 64),
  });

/** First day of a range that ends today, both local dates. */
export const RANGE_DAYS: Readonly<Record<DateRange, number>> = { today: 0, week: 6, month: 29 };
