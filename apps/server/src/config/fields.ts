import { isIP } from 'node:net';
import { z } from 'zod';
import { addressesOf } from '../platform/db/addresses.ts';

/** The shapes of single settings: text in, typed value out. A message completes the sentence "NAME must be …". */

export function integer(from: number, to: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`);
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };

/** Bytes, plain or with a binary unit: `8589934592`, `8 GiB`. */
export const sizeBytes = z.string().transform((text, context) => {
  const [, number = '', unit = ''] = /^(\d{1,15})\s*([kmgt]ib|b)?$/i.exec(text) ?? [];
  const size = Number(number) * (units[unit.toLowerCase()] ?? 0);
  if (number !== '' && Number.isSafeInteger(size) && size >= 2 ** 20) return size;
  context.addIssue({ code: 'custom', message: 'a size of at least 1 MiB, such as 8 GiB or 8589934592' });
  return z.NEVER;
});

const times: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time in minutes, hours or days, in milliseconds: `30m`, `24h`, `7d`. */
export const duration = z.string().transform((text, context) => {
  const [, number = '', unit = ''] = /^(\d{1,4})\s*([mhd])$/.exec(text) ?? [];
  const ms = Number(number) * (times[unit] ?? 0);
  if (number !== '' && ms > 0) return ms;
  context.addIssue({ code: 'custom', message: 'a time such as 30m, 24h or 7d' });
  return z.NEVER;
});

export function webAddress(...protocols: string[]) {
  const message = `an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message);
}

/** `postgres://…`, of one server or several. Of several the primary is looked for, so that nothing else can be wished for. */
export const databaseAddress = z
  .string()
  .refine(
    (text) => addressesOf(text).every((one) => webAddress('postgres:', 'postgresql:').safeParse(one).success),
    'an address that begins with postgres:// or postgresql://, with a host or several, such as postgres://user:password@a:5432,b:5432/negatoscope',
  )
  .refine((text) => {
    const [address = '', ...others] = addressesOf(text);
    const wish = new URL(address).searchParams.get('target_session_attrs');
    return others.length === 0 || wish === null || wish === 'read-write' || wish === 'primary';
  }, 'of several servers that which takes writes: target_session_attrs=read-write, or none');

export const publicAddress = webAddress('http:', 'https:')
  .transform((text) => new URL(text))
  .refine(
    (url) => url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '',
    'an address without path, query or password',
  )
  .transform((url) => url.origin);

/** An address that others are asked at, with a path or not; without the slash at its end. */
export const plainAddress = webAddress('http:', 'https:')
  .refine((text) => {
    const { search, hash, username, password } = new URL(text);
    return search === '' && hash === '' && username === '' && password === '';
  }, 'an address without query, name or password')
  .transform((text) => new URL(text).href.replace(/\/+$/, ''));

export const hostName = z.string().refine((text) => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text), {
  message: 'an IP address or a host name, such as 127.0.0.1 or 0.0.0.0',
});

/** Addresses and networks whose forwarding headers count. */
/** What processes a node runs. */
export const ROLES = ['web', 'worker', 'dimse'] as const;
export type Role = (typeof ROLES)[number];
export const roleList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(ROLES), 'some of web, worker and dimse, such as web,dimse').min(1));

/** Parts with commas between them; empty ones are none. */
const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const addressList = commaList
  .refine(
    (parts) => parts.every(isAddressOrNetwork),
    'a comma-separated list of IP addresses or networks, such as 10.0.0.1,192.168.0.0/16',
  )
  .refine(
    (parts) => !parts.some((part) => /\/0+$/.test(part)),
    'the addresses of your proxies, not every address: anybody could then write whose address a request comes from',
  );

function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/** PS3.5 6.2, VR AE: up to 16 printable characters, no backslash, no spaces only. */
export const aeTitle = z
  .string()
  .regex(/^[\x20-\x5b\x5d-\x7e]{1,16}$/, 'an application entity title of 1 to 16 printable characters without a backslash');

/** Hours of a day, `07:00-19:30`; over midnight where the second is before the first. */
export const hours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'hours of a day, such as 07:00-19:30')
  .refine((text) => text.slice(0, 5) !== text.slice(6), 'two different times, such as 07:00-19:30');

export const timeZone = z.string().refine((text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}, 'a time zone, such as Africa/Dakar');

const EMAIL = /^[^\s@]+@[^\s@]+$/;
export const emailList = commaList.refine(
  (parts) => parts.every((part) => EMAIL.test(part)),
  'email addresses with commas between them',
);

export const email = z.string().regex(EMAIL, 'an email address');
