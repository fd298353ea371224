import { StartError } from '../kernel/start-error.ts';
import type { Values } from './shape.ts';

/** An Orthanc beside this server. */
export interface OrthancSettings {
  /** Without a slash at its end, name or password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Name or id of the group of what comes from there; undefined is no group. */
  readonly group: string | undefined;
  /** Whether what arrives here is sent there. */
  readonly send: boolean;
  /** What is done about what was deleted there. */
  readonly deletions: 'ignore' | 'trash' | 'repair';
}

export function orthancOf(values: Values): OrthancSettings | undefined {
  const {
    ORTHANC_URL: url,
    ORTHANC_USERNAME: username,
    ORTHANC_PASSWORD: password,
    ORTHANC_GROUP: group,
    ORTHANC_SEND: send,
    ORTHANC_DELETIONS: deletions,
  } = values;
  const others = {
    ORTHANC_DELETIONS: deletions,
    ORTHANC_USERNAME: username,
    ORTHANC_PASSWORD: password,
    ORTHANC_GROUP: group,
    ORTHANC_SEND: send,
  };
  const [named] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (url === undefined && named !== undefined)
    throw new StartError('SETTING_MISSING', `ORTHANC_URL is missing although ${named} is set: set it, or none of them`);
  if (url !== undefined && (username === undefined) !== (password === undefined)) {
    const missing = username === undefined ? 'ORTHANC_USERNAME' : 'ORTHANC_PASSWORD';
    throw new StartError(
      'SETTING_MISSING',
      `${missing} is missing: set ORTHANC_USERNAME and ORTHANC_PASSWORD together, or none of them`,
    );
  }
  if (deletions === 'repair' && send !== 'on')
    throw new StartError('SETTING_MISSING', 'ORTHANC_SEND is not on although ORTHANC_DELETIONS is repair: set ORTHANC_SEND=on');
  return url === undefined
    ? undefined
    : { url, username, password, group, send: send === 'on', deletions: deletions ?? 'ignore' };
}

/** Settings that make sense only all together: undefined when none is given, an error naming the first one that is missing. */
export function allOrNone<Name extends keyof Values>(values: Values, names: readonly Name[]): Record<Name, string> | undefined {
  const given = names.flatMap((name): (readonly [string, string])[] => {
    const value = values[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  if (given.length === 0) return undefined;
  const missing = names.find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw new StartError(
      'SETTING_MISSING',
      `${missing} is missing although ${given[0]?.[0]} is set: set ${names.join(', ')} together, or none of them`,
    );
  }
  return Object.fromEntries(given) as Record<Name, string>; // every name is in `given`, checked above
}
