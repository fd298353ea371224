import { csrfFrom } from '../../api/csrf.ts';
import { signedInAgain } from '../../api/session.ts';

/** What the page's first script has asked for before anything may be shown. */
export interface Asked {
  /** Of `/api/auth/me`. */
  readonly who: Promise<Response>;
  /** What the server says of the study, and its address. */
  readonly study: Promise<Response>;
  readonly studyAddress: string;
  /** By whose session (its CSRF value: one for as long as a session lasts, however often it is renewed); undefined without one. */
  readonly session: string | undefined;
  /** Told once or more: the first picture stands, or there will be none. */
  readonly onSettled: () => void;
}

const ME = '/api/auth/me';

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;

/** The answer's fields; undefined where it is none. One of a session whose access token has run out is asked for again when that is renewed. */
async function answerOf(asked: Promise<Response>, address: string): Promise<Fields | undefined> {
  let response = await asked;
  if (response.status === 401 && (await signedInAgain()))
    response = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  return response.ok ? fieldsOf(await response.json()) : undefined;
}

/** Whether nothing has to be said above its images: neither that they name somebody else or nobody, nor that a name was read by another character set. */
const isPlain = (study: Fields | undefined): boolean =>
  study?.identityMismatch === null && study.textUncertain === false && fieldsOf(study.patient)?.textUncertain === false;

/** Whether the session by which all was asked for is still the one that this browser has. */
export const isStillThere = ({ session }: Pick<Asked, 'session'>): boolean =>
  session !== undefined && csrfFrom(document.cookie) === session;

/** Who may see a first picture of the study at once; undefined where nobody is signed in, another person is by now, or there is more to say of the study than a picture can. */
export async function readerOf(asked: Asked): Promise<string | undefined> {
  const [me, study] = await Promise.all([answerOf(asked.who, ME), answerOf(asked.study, asked.studyAddress)]);
  const id = fieldsOf(me?.user)?.id;
  const isSame = me?.csrfToken === asked.session && isStillThere(asked);
  return isSame && isPlain(study) && typeof id === 'string' ? id : undefined;
}
