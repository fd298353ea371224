import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { networkOf } from './network.ts';

const DAY_MS = 86_400_000;
const KEPT_MS = 180 * DAY_MS;
const MOST_OF_ONE_PERSON = 50;
const DEVICE = /^[\w-]{43}$/;

/** Where somebody tries to sign in: the address, and what the browser shows of an earlier time. */
export interface Place {
  readonly ip: string;
  readonly device?: string | undefined;
}

/** How well a place is known to an account. Nobody's account has no place. */
export interface Standing {
  /** The browser or, without one, the network from which this account has signed in before, as it is stored. */
  readonly known: string | undefined;
  /** Somebody has signed in from this network before. */
  readonly isHouse: boolean;
}

export interface Places {
  standing(email: string, place: Place): Promise<Standing>;
  /** A browser in which somebody has signed in before, as it is stored; undefined for any other. */
  knownBrowser(device: string | undefined): Promise<string | undefined>;
  /** Notes that a person has signed in here; the browser is to keep what is returned. */
  remember(tx: Tx, userId: string, place: Place): Promise<string>;
}

interface PlacesContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly key: KeyObject;
}

/**
 * Where people have signed in before, for 180 days. Stored as keyed hashes: the table names no address and opens no browser's place to who
 * reads it.
 */
export const createPlaces = (context: PlacesContext): Places => ({
  standing: (email, place) => standing(context, email, place),
  knownBrowser: (device) => knownBrowser(context, device),
  remember: (tx, userId, place) => remember(context, tx, userId, place),
});

async function standing(context: PlacesContext, email: string, { ip, device }: Place): Promise<Standing> {
  const network = networkPlace(context, ip);
  // Without a cookie one is asked for that nobody has, so that every try costs the same.
  const browser = devicePlace(context, isDevice(device) ? device : newDevice());
  const rows = await context.db.withSystem((tx) =>
    tx.rows(
      `SELECT w.place,
         EXISTS (SELECT FROM sign_in_places p JOIN users u ON u.id = p.user_id
                 WHERE u.email_key = lower($1) AND p.place = w.place AND p.last_seen > $3) AS own,
         EXISTS (SELECT FROM sign_in_places p WHERE p.place = w.place AND p.last_seen > $3) AS house
       FROM unnest($2::text[]) AS w (place)`,
      [email, [browser, network], oldestKept(context)],
      'identity-places',
    ),
  );
  const own = new Set(rows.flatMap((row) => (row.own ? [row.place] : [])));
  return {
    known: [browser, network].find((place) => own.has(place)),
    isHouse: rows.some((row) => row.house && row.place === network),
  };
}

async function knownBrowser(context: PlacesContext, device: string | undefined): Promise<string | undefined> {
  if (!isDevice(device)) return undefined;
  const found = await context.db.withSystem((tx) =>
    tx.first('SELECT place FROM sign_in_places WHERE place = $1 AND last_seen > $2 LIMIT 1', [
      devicePlace(context, device),
      oldestKept(context),
    ]),
  );
  return found?.place;
}

async function remember(context: PlacesContext, tx: Tx, userId: string, { ip, device }: Place): Promise<string> {
  const kept = isDevice(device) ? device : newDevice();
  await tx.run(
    `INSERT INTO sign_in_places (user_id, place, last_seen) SELECT $1, place, $3 FROM unnest($2::text[]) AS w (place)
     ON CONFLICT (user_id, place) DO UPDATE SET last_seen = excluded.last_seen`,
    [userId, [devicePlace(context, kept), networkPlace(context, ip)].sort(), context.clock.now()],
  );
  await tx.run(
    `DELETE FROM sign_in_places WHERE user_id = $1 AND (last_seen <= $2 OR place IN
       (SELECT place FROM sign_in_places WHERE user_id = $1 ORDER BY last_seen DESC, place OFFSET ${MOST_OF_ONE_PERSON}))`,
    [userId, oldestKept(context)],
  );
  return kept;
}

const hashed = ({ key }: PlacesContext, text: string): string => createHmac('sha256', key).update(text).digest('base64url');
const networkPlace = (context: PlacesContext, ip: string): string => hashed(context, `network ${networkOf(ip)}`);
const devicePlace = (context: PlacesContext, device: string): string => hashed(context, `device ${device}`);
const oldestKept = ({ clock }: PlacesContext): Date => new Date(clock.now().getTime() - KEPT_MS);
const isDevice = (device: string | undefined): device is string => device !== undefined && DEVICE.test(device);
const newDevice = (): string => randomBytes(32).toString('base64url');
