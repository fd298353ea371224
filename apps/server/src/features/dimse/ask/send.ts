import type { Asked, Patience } from './asked.ts';
import type { RequestedAssociation } from './association.ts';
import { openAssociation } from './open-association.ts';
import { type Kind, kindKey, type Load, loadsOf } from './sending-contexts.ts';
import {
  type InstanceToSend,
  type OpenDataset,
  type Originator,
  type SentInstance,
  type StoreChannel,
  storeAll,
} from './store-all.ts';

export interface Sending<I extends InstanceToSend = InstanceToSend> {
  readonly open: OpenDataset<I>;
  readonly patience?: Partial<Patience>;
  readonly originator?: Originator;
  /** Then no other instance is begun; the one on its way has some seconds to come to its end. */
  readonly signal?: AbortSignal | undefined;
}

const GRACE_MS = 5_000;

/** The association of one load: opened when it is first needed, and anew when it has ended. */
class Line {
  readonly #open: () => Promise<RequestedAssociation>;
  #opening: Promise<RequestedAssociation> | undefined;
  #association: RequestedAssociation | undefined;

  constructor(open: () => Promise<RequestedAssociation>) {
    this.#open = open;
  }

  async channel(): Promise<StoreChannel> {
    const association = await this.#have();
    return {
      contexts: () => association.contexts.values(),
      store: ({ contextId, command }, dataset, next) => association.ask(contextId, command, dataset, next),
    };
  }

  /** Who asks at the same time gets the same one. */
  #have(): Promise<RequestedAssociation> {
    if (this.#association?.isOpen === false) this.#opening = undefined;
    this.#association = this.#opening === undefined ? undefined : this.#association;
    this.#opening ??= this.#open().then(
      (association) => {
        this.#association = association;
        return association;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.release();
  }
}

/** Becomes aborted some time after the other. */
function later(signal: AbortSignal | undefined, ms: number): { readonly signal: AbortSignal; readonly leave: () => void } {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => late.abort(), ms);
  };
  signal?.addEventListener('abort', begin, { once: true });
  return {
    signal: late.signal,
    leave: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', begin);
    },
  };
}

function* ofLoad<I extends Kind>(instances: Iterable<I>, { kinds }: Load): Generator<I> {
  for (const instance of instances) if (kinds.has(kindKey(instance))) yield instance;
}

/**
 * Sends instances to a node (C-STORE, PS3.4 B.2) and tells what became of each as soon as it has; those that one association has no contexts for go by others.
 * Datasets go out as they are opened, and wait where the node does. Never fails: what can't be sent is told. Whoever stops taking ends it.
 */
export async function* sendInstances<I extends InstanceToSend>(
  node: Asked,
  instances: readonly I[],
  { open, patience = {}, originator, signal }: Sending<I>,
): AsyncGenerator<SentInstance<I>, void> {
  const end = later(signal, GRACE_MS);
  const isCancelled = (): boolean => signal?.aborted === true;
  try {
    for (const load of loadsOf(instances)) {
      if (isCancelled()) return;
      const line = new Line(() => openAssociation(node, { contexts: load.contexts, patience, signal: end.signal }));
      try {
        yield* storeAll(ofLoad(instances, load), { channel: () => line.channel(), open, originator, isCancelled });
      } finally {
        await line.close();
      }
    }
  } finally {
    end.leave();
  }
}
