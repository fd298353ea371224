import type { Counter } from '../../platform/shared-state/index.ts';

/** Tries of one network, and those of one who is known once their network has none left: no neighbour behind the same address uses these up. */
export interface Tries {
  readonly ofNetwork: Counter;
  readonly ofOne: Counter;
}

type Taken = { readonly giveBack: () => Promise<void> } | { readonly waitMs: number };

/** Takes a try and gives what takes it back, or says how long there is none, ms. `known` is asked only where the network has none left. */
export async function takeTry(
  { ofNetwork, ofOne }: Tries,
  network: string,
  known: () => string | undefined | Promise<string | undefined>,
): Promise<Taken> {
  const waitMs = await ofNetwork.take(network);
  if (waitMs === 0) return { giveBack: () => ofNetwork.giveBack(network) };
  const one = await known();
  if (one === undefined || (await ofOne.take(one)) > 0) return { waitMs };
  return { giveBack: () => ofOne.giveBack(one) };
}
