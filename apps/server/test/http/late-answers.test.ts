import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { type Person, person } from '../../src/access/index.ts';
import { endRevokedAnswers } from '../../src/http/revoked-answers.ts';

const somebody: Person = person({
  ...{ userId: '019a0000-0000-7000-b000-00000000000a', role: 'ADMIN', level: 'ADMIN', groupId: null, sessionId: 's' },
  ...{ via: 'session', ip: '::1', permissions: new Set() },
});

/** An answer that is made while the rights of who asked change, and that says how much of it was read. */
async function answerMadeMeanwhile(holds: boolean) {
  let epoch = 1;
  let read = 0;
  let body: Readable | undefined;
  const app = Fastify();
  app.decorateRequest('actor', undefined);
  endRevokedAnswers(app, {
    rights: {
      get epoch() {
        return epoch;
      },
      onChange: () => undefined,
      isOver: () => false,
      stillHolds: async () => {
        await sleep(30);
        return holds;
      },
    },
    places: { epoch: 0, onChange: () => undefined, stillSees: async () => true },
    visits: { stillHolds: async () => false, isOver: () => true },
  });
  app.get('/', (request, reply) => {
    request.actor = somebody;
    epoch += 1;
    body = new Readable({
      read() {
        read += 1;
        this.push(read < 3 ? 'secret' : null);
      },
    });
    return reply.type('application/octet-stream').send(body);
  });
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  const text = await fetch(baseUrl)
    .then((answer) => answer.text())
    .catch(() => undefined);
  await app.close();
  return { text, isGone: body?.destroyed };
}

test('an answer that took long to make does not begin when the rights it was asked with are over by then', async () => {
  expect(await answerMadeMeanwhile(true)).toEqual({ text: 'secretsecret', isGone: true });
  expect(await answerMadeMeanwhile(false)).toEqual({ text: undefined, isGone: true });
});
