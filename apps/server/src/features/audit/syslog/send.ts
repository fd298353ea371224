import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { Loop } from '../../../platform/queue/job.ts';
import { beginPlace, findLinked, holdPlace, movePlace, noteFailing } from '../following/places.ts';
import { type Source, syslogMessage } from './message.ts';
import { openReceiver, type Receiver, type ReceiverAddress } from './receiver.ts';

export interface SendingPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Events that are handed over together, and kept again together where it fails: a receiver may have some of them twice. */
const TOGETHER = 200;
const PAUSE_MS = 1_000;

/**
 * Sends every event once it is linked, in the order of the chain. How far it is stands in the database, so that nothing is lost while the receiver is away or this server is
 * killed; what was under way then is sent again.
 */
export async function sendStep({ db, clock }: Omit<SendingPorts, 'log'>, receiver: Receiver, source: Source): Promise<number> {
  return db
    .withScope(NOTHING, async (tx) => {
      const place = await holdPlace(tx, 'syslog');
      if (place === undefined) {
        await beginPlace(tx, 'syslog');
        return 0;
      }
      const events = await findLinked(tx, place.sequence, TOGETHER);
      const last = events.at(-1);
      if (last === undefined) return 0;
      await receiver.send(events.map((event) => syslogMessage(event, source)));
      await movePlace(tx, 'syslog', last.sequence);
      return events.length;
    })
    .catch(async (error: unknown) => {
      await db.withScope(NOTHING, (tx) => noteFailing(tx, 'syslog', clock.now()));
      throw error;
    });
}

/** The loop of the job process that follows the journal to a receiver of syslog. */
export function syslogLoop(ports: SendingPorts, address: ReceiverAddress, source: Source): Omit<Loop, 'name'> {
  const receiver = openReceiver(address);
  return {
    pauseMs: PAUSE_MS,
    step: async (signal) => {
      while (!signal.aborted && (await sendStep(ports, receiver, source)) === TOGETHER);
      if (signal.aborted) receiver.close();
    },
  };
}
