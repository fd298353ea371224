interface Begun<T, R> {
  readonly item: T;
  readonly result: Promise<R>;
}

/**
 * Begins the work for the next item before the one in front is used: it is read while that is sent. Items for which `isLight` is false wait
 * until the one in front was used. A failure is told to who awaits the result.
 */
export async function* oneAhead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<R>,
  isLight: (item: T) => boolean = () => true,
): AsyncGenerator<Begun<T, R>> {
  const begin = (item: T): Begun<T, R> => {
    const result = work(item);
    // When nobody awaits it any more, the client has gone.
    result.catch(() => undefined);
    return { item, result };
  };
  let front: Begun<T, R> | undefined;
  for await (const item of items) {
    const next = isLight(item) ? begin(item) : undefined;
    if (front !== undefined) yield front;
    front = next ?? begin(item);
  }
  if (front !== undefined) yield front;
}
