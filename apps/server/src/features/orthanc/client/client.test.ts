import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openClient } from './client.ts';
import { listInstances } from './list.ts';

const ID = '8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52';

describe('an Orthanc that means no good', () => {
  const ends: (() => unknown)[] = [];
  afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

  /** Answers as it is told; the client that asks it is patient for a third of a second. */
  async function orthanc(answer: (response: ServerResponse, url: string) => void) {
    const server = http.createServer((request, response) => {
      request.resume();
      answer(response, request.url ?? '');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const access = { url: `http://127.0.0.1:${port}`, username: 'x', password: 'Lanterne-Marbre-42' };
    const client = openClient(access, { idleMs: 300, answerMs: 300 });
    ends.push(client.close, () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    });
    return client;
  }
  const trickle = (response: ServerResponse, what: () => unknown): void => {
    const timer = setInterval(what, 30);
    response.on('close', () => clearInterval(timer));
  };

  test('and says the head of its answer a byte at a time is given up', async () => {
    const client = await orthanc((response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
      trickle(response, () => response.socket?.write('x'));
    });
    await expect(client.text('/changes')).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(client.status('GET', '/system')).rejects.toMatchObject({ code: 'TIMEOUT' });
    const body = { stream: Readable.from([Buffer.from('x')]), length: 1 };
    await expect(client.post('/instances', body, z.unknown())).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test.each([500, 404])('and never ends an answer that is none is left (%s)', async (status) => {
    let left = (): void => undefined;
    const hasLeft = new Promise<void>((done) => {
      left = done;
    });
    const client = await orthanc((response) => {
      response.on('close', left);
      response.writeHead(status);
      trickle(response, () => response.write('x'.repeat(10_000)));
    });
    const told = await client.text('/x').catch((error: Error) => error.message);
    expect(told).toBe(status === 404 ? undefined : 'ERROR 500');
    await hasLeft;
  });

  test('and sends us elsewhere is not followed', async () => {
    const asked: string[] = [];
    const client = await orthanc((response, url) => {
      asked.push(url);
      response.writeHead(302, { location: '/elsewhere', 'content-length': 0 }).end();
    });
    await expect(client.text('/here')).rejects.toMatchObject({ code: 'ERROR', status: 302 });
    expect(asked).toEqual(['/here']);
  });

  test('and does not count the pages of its list is no list without end', async () => {
    const some = await orthanc((response) => response.end(JSON.stringify([ID])));
    expect(await listInstances(some, 0, 1)).toEqual([ID]);
    await expect(listInstances(some, 1, 1)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    const many = await orthanc((response) => response.end(JSON.stringify([ID, ID])));
    await expect(listInstances(many, 0, 1)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  test('fails without its password in what is told', async () => {
    const client = await orthanc((response) => response.socket?.destroy());
    const error: unknown = await client.text('/x').catch((failure: unknown) => failure);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/Lanterne|Basic|authorization/i);
  });
});
