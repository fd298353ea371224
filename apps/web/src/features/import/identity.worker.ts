import type { HeaderIdentity } from '@negatoscope/contract';
import { ofBlob } from './bytes.ts';
import { identityIn } from './header-identity.ts';
import { entrySource, isZipFile, zipEntries } from './zip-entries.ts';

/** Reads whose files are off the main thread: takes files, answers identities as they are read, undefined where a file says nothing. */
export interface IdentityAnswer {
  readonly identities: readonly (HeaderIdentity | undefined)[];
  /** Everything that was asked for has been answered. */
  readonly isLast: boolean;
}

const AT_ONCE = 6;
const TOLD_AT_ONCE = 200;

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

let read: (HeaderIdentity | undefined)[] = [];
function tell(isLast: boolean): void {
  const answer: IdentityAnswer = { identities: read, isLast };
  postMessage(answer);
  read = [];
}
function add(identity: HeaderIdentity | undefined): void {
  read.push(identity);
  if (read.length >= TOLD_AT_ONCE) tell(false);
}

/** A ZIP is what its entries are; one inside another is refused by the server, and says nothing here. */
async function readFile(file: File): Promise<void> {
  const source = ofBlob(file);
  if (!(await isZipFile(source).catch(() => false))) return add(await identityIn(source));
  const entries = await zipEntries(source).catch(() => []);
  await eachOf(entries, async (entry) => add(await entrySource(file, entry).then(identityIn, () => undefined)));
}

addEventListener('message', (event: MessageEvent<readonly File[]>) => {
  void eachOf(event.data, readFile).then(() => tell(true));
});
