import { csrfFrom } from '../../api/csrf.ts';
import { signedInAgain } from '../../api/session.ts';
import type { Standing } from '../../entities/group/site.ts';
import type { StudyAtAddress } from '../../entities/study/address.ts';
import type { Question } from '../model/asked-early.ts';

/** What the page's first script has asked for before anything may be shown. */
export interface Asked {
  /** What the page's address names. */
  readonly opened: StudyAtAddress;
  /** Who is signed in. */
  readonly who: Question;
  /** What the server says of the study. */
  readonly study: Question;
  /** How studies hang for this person, and what may hang beside this one; undefined where nothing is to. */
  readonly rules: Question;
  readonly priors: Question | undefined;
  /** By whose session (its CSRF value: one for as long as a session lasts, however often it is renewed); undefined without one. */
  readonly session: string | undefined;
  /** Told once or more: the first picture stands, or there will be none. */
  readonly onSettled: () => void;
}

/** Who may see a first picture. */
export interface Reader extends Standing {
  readonly id: string;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;

/** What is answered; undefined where it is refused. One of a session whose access token has run out is asked for again when that is renewed. */
export async function answerOf<T>({ address, response: asked }: Question): Promise<T | undefined> {
  let response = await asked;
  if (response.status === 401 && (await signedInAgain()))
    response = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  return response.ok ? response.json() : undefined;
}

/** Whether nothing has to be said above its images: neither that they name somebody else or nobody, nor that a name was read by another character set. */
const isPlain = (study: Fields | undefined): boolean =>
  study?.identityMismatch === null && study.textUncertain === false && fieldsOf(study.patient)?.textUncertain === false;

/** Whether the session by which all was asked for is still the one that this browser has. */
export const isStillThere = ({ session }: Pick<Asked, 'session'>): boolean =>
  session !== undefined && csrfFrom(document.cookie) === session;

function readerFrom(user: Fields | undefined): Reader | undefined {
  const { id, groupId, groupIds } = user ?? {};
  if (typeof id !== 'string') return undefined;
  const all = Array.isArray(groupIds) ? groupIds.filter((group) => typeof group === 'string') : undefined;
  return { id, groupId: typeof groupId === 'string' ? groupId : null, groupIds: all };
}

/** Who may see a first picture of the study at once; undefined where nobody is signed in, another person is by now, or there is more to say of the study than a picture can. */
export async function readerOf(asked: Asked): Promise<Reader | undefined> {
  const answers = await Promise.all([answerOf<unknown>(asked.who), answerOf<unknown>(asked.study)]);
  const [me, study] = answers.map(fieldsOf);
  const isSame = me?.csrfToken === asked.session && isStillThere(asked);
  return isSame && isPlain(study) ? readerFrom(fieldsOf(me?.user)) : undefined;
}
