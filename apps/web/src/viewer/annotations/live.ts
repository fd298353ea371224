import type { Annotation } from '@negatoscope/contract';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { LiveEvents } from '../../api/live-events.ts';
import { ROUTES } from '../../api/routes.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { ringStudy } from '../model/study-bell.ts';

/** What `changed` events and lists hold. */
interface Changes {
  readonly items: readonly Annotation[];
  readonly seq: number;
}

/** Gives what is drawn on a study, and every change of it, for as long as it is open. */
export class LiveAnnotations {
  readonly #study: StudyRef;
  readonly #receive: (items: readonly Annotation[]) => void;
  readonly #events: LiveEvents;
  #seq = 0;

  constructor(study: StudyRef, receive: (items: readonly Annotation[]) => void) {
    this.#study = study;
    this.#receive = receive;
    const { studyInstanceUid, groupId } = study;
    const [, path = ''] = ROUTES.annotationEvents.split(' ');
    this.#events = new LiveEvents({
      address: () => addressOf(path, { studyInstanceUid }, { groupId, after: this.#seq }),
      catchUp: () => this.refresh(),
      on: {
        changed: (data) => this.#take(JSON.parse(data) as Changes), // The server's own list.
        reading: () => ringStudy(study),
      },
    });
  }

  close(): void {
    this.#events.close();
  }

  /** Asks now for what has changed. */
  async refresh(): Promise<void> {
    const { studyInstanceUid, groupId } = this.#study;
    this.#take(await call('listAnnotations', { params: { studyInstanceUid }, query: { groupId, after: this.#seq } }));
  }

  #take({ items, seq }: Changes): void {
    if (this.#events.isClosed) return;
    this.#seq = Math.max(this.#seq, seq);
    this.#receive(items);
  }
}
