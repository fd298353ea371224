import pg from 'pg';
import { addressesOf } from './addresses.ts';
import { PrimaryFinder } from './primary.ts';

/** One a URL: who connects at the same time looks for the primary once. */
const finders = new Map<string, PrimaryFinder>();

function finderOf(url: string): PrimaryFinder {
  const finder = finders.get(url) ?? new PrimaryFinder(url);
  finders.set(url, finder);
  return finder;
}

/** Connects to whichever of several servers is the primary when it connects. */
class PrimaryClient extends pg.Client {
  readonly #finder: PrimaryFinder;

  constructor({ connectionString = '', ...options }: pg.ClientConfig = {}) {
    super({ ...options, connectionString: addressesOf(connectionString)[0] });
    this.#finder = finderOf(connectionString);
    // What waits for an answer fails with the connection; nobody else has to listen.
    this.on('error', () => undefined);
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    // node-postgres itself gives null where there is no error, which its types do not say.
    connected.then(() => callback(null as unknown as Error), callback);
    return undefined;
  }

  async #connect(): Promise<pg.Client> {
    const { host, port } = await this.#finder.find();
    Object.assign(this, { host, port });
    this.#finder.keep(this);
    return super.connect();
  }
}

const isOfSeveral = ({ connectionString }: pg.ClientConfig): boolean =>
  connectionString !== undefined && addressesOf(connectionString).length > 1;

/** A connection that is not open yet: node-postgres' own, or to the primary where the URL names several servers. */
export const clientOf = (config: pg.ClientConfig): pg.Client =>
  isOfSeveral(config) ? new PrimaryClient(config) : new pg.Client(config);

/** What a pool of node-postgres needs beside its configuration to connect as `clientOf` does. */
export const poolClientOf = (config: pg.ClientConfig): Pick<pg.PoolConfig, 'Client'> =>
  isOfSeveral(config) ? { Client: PrimaryClient } : {};
