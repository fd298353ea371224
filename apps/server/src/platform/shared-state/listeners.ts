import type { Topic } from './port.ts';

/** Who listens to live events in this process. */
export class TopicListeners {
  readonly #of = new Map<Topic, Set<(payload: string) => void>>();

  add(topic: Topic, listener: (payload: string) => void): () => void {
    const of = this.#of.get(topic) ?? new Set();
    this.#of.set(topic, of.add(listener));
    return () => void of.delete(listener);
  }

  /** `<topic> <payload>`, as it comes. One that nobody knows has no listeners. */
  tell(text: string): void {
    const [topic = ''] = text.split(' ', 1);
    for (const listener of this.#of.get(topic as Topic) ?? []) listener(text.slice(topic.length + 1));
  }
}
