import net from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * A socket that sends what is written in one turn of the event loop together: the statements of a pipeline leave by one system call and
 * wake PostgreSQL once.
 */
export class GatheringSocket extends net.Socket {
  #isGathering = false;

  constructor() {
    super();
    // `connect` puts Socket's own `write` in front of any other: it must not stay there.
    this.once('connect', () => Reflect.deleteProperty(this, 'write'));
  }

  override write(data: Uint8Array | string, encoding?: BufferEncoding | Written, written?: Written): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return typeof encoding === 'string' ? super.write(data, encoding, written) : super.write(data, encoding ?? written);
  }
}
