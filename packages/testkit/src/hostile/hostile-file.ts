/**
 * A file made to hurt. `reject`: no reader should store it. `recover`: a reader may repair it or refuse it, with a reason either way.
 * `accept`: odd but right, it must be read.
 */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expectation: 'reject' | 'recover' | 'accept';
  /** What is wrong or odd, in words. */
  readonly about: string;
}

type Expectation = HostileFile['expectation'];
export const file = (name: string, expectation: Expectation, about: string, bytes: Uint8Array): HostileFile => ({
  name,
  bytes,
  expectation,
  about,
});
