import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { endUnsentBodies } from '../../src/http/head-answers.ts';
import { SentBody } from '../../src/platform/sending/sent-body.ts';

/** How many pieces are read of a body without an end by who asks for its headers, and whether it has been ended. */
async function askedByHead(bodyOf: (pieces: AsyncGenerator<Uint8Array>) => Readable) {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1;
      await setImmediate();
      yield Buffer.from('x');
    }
  }
  let body: Readable | undefined;
  const app = Fastify();
  endUnsentBodies(app);
  app.get('/', (_request, reply) => {
    body = bodyOf(endless());
    return reply.type('application/zip').header('content-length', 77).send(body);
  });
  const { statusCode, headers, body: text } = await app.inject({ method: 'HEAD', url: '/' });
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  await app.close();
  return { statusCode, length: headers['content-length'], text, read, isEnded: body?.destroyed };
}

test('a HEAD is answered without reading what would have been sent, which is ended', async () => {
  const answered = { statusCode: 200, length: '77', text: '', read: 0, isEnded: true };
  expect(await askedByHead((pieces) => new SentBody(pieces))).toEqual(answered);
  expect(await askedByHead((pieces) => Readable.from(pieces))).toEqual(answered);
});
