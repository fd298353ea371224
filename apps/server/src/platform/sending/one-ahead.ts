export interface Begun<T, R> {
  readonly item: T;
  readonly result: Promise<R>;
}

/** With the one that comes next, where that is begun. */
type Front<T, R> = Begun<T, R> & { readonly following: Begun<T, R> | undefined };

interface Options<T, R> {
  /** Items for which it is false wait until the one in front was used. */
  readonly isLight?: (item: T) => boolean;
  /** Gives back what was made for nobody: whoever uses the results left before it came to them. */
  readonly drop?: (result: R) => void;
}

/**
 * Begins the work for the next item before the one in front is used: it is read while that is sent. A failure is told to who awaits the result.
 */
export async function* oneAhead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<R>,
  { isLight = () => true, drop = () => undefined }: Options<T, R> = {},
): AsyncGenerator<Front<T, R>> {
  const begun: Begun<T, R>[] = [];
  const begin = (item: T): void => {
    const result = work(item);
    // When nobody awaits it any more, the client has gone.
    result.catch(() => undefined);
    begun.push({ item, result });
  };
  try {
    for await (const item of items) {
      const isBegun = isLight(item);
      if (isBegun) begin(item);
      const front = begun.length > (isBegun ? 1 : 0) ? begun.shift() : undefined;
      if (front !== undefined) yield { ...front, following: begun[0] };
      if (!isBegun) begin(item);
    }
    for (let front = begun.shift(); front !== undefined; front = begun.shift()) yield { ...front, following: begun[0] };
  } finally {
    for (const { result } of begun) result.then(drop, () => undefined);
  }
}
