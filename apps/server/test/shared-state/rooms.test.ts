import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SOURCES = path.resolve(import.meta.dirname, '..', '..', 'src');
const ROOM = 'platform/shared-state/';
/** Who joins the parts knows the adapters. */
const JOINER = 'shared-state.ts';
/** Names the folders of a cluster, of which one is called so. */
const NAMES_FOLDERS = 'platform/postgres/base-copy.ts';
/** What of the index has changed is told by the archive alone. */
const TELLER = 'archive/notify.ts';

/** What a source does to the state that processes share, past its port. */
function trespassesIn(file: string, source: string): string[] {
  if (file.startsWith(ROOM) || file === NAMES_FOLDERS) return [];
  const past = [
    ...source.matchAll(
      /'[./]*(?:platform\/)?shared-state\/(?!index\.ts')[^']+'|'rate-limiter-flexible'|'@redis\/client'|\bpg_notify\b|\bLISTEN\b/g,
    ),
  ];
  const adapter = file === JOINER ? [] : [...source.matchAll(/\bopen(?:Postgres|Redis)State\b/g)];
  const telling = file === TELLER ? [] : [...source.matchAll(/\bannounce\b/g)];
  return [...past, ...adapter, ...telling].map(([what]) => what);
}

describe('rooms of shared state', () => {
  test('counters, changes and live events are known by their port alone', () => {
    const found = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !/(?:\.test|\.gen|-fixture)\.ts$/.test(file))
      .flatMap((file) => {
        const source = readFileSync(path.join(SOURCES, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
        return trespassesIn(file, source).map((what) => `${file}: ${what}`);
      });
    expect(found).toEqual([]);
  });

  test.each([
    ['features/identity/x.ts', "import { RateLimiterPostgres } from 'rate-limiter-flexible';", true],
    ['archive/pixels/x.ts', "tx.run('SELECT pg_notify($1, $2)')", true],
    ['features/system/x.ts', "client.query('LISTEN negatoscope_index')", true],
    ['features/dicomweb/x.ts', "import { announce } from '../../platform/shared-state/index.ts';", true],
    ['features/dicomweb/x.ts', "import type { Changes } from '../../platform/shared-state/port.ts';", true],
    ['platform/queue/x.ts', "import { createListener } from '../shared-state/postgres-listener.ts';", true],
    ['web-process.ts', 'openPostgresState({ db, connection })', true],
    ['compose.ts', 'openRedisState(state, { url })', true],
    ['features/identity/x.ts', "import { createClient } from '@redis/client';", true],
    ['features/dicomweb/x.ts', "import type { Changes } from '../../platform/shared-state/index.ts';", false],
    ['archive/notify.ts', "import { announce } from '../platform/shared-state/index.ts';", false],
  ])('%s, %s', (file, source, isRefused) => {
    expect(trespassesIn(file, source).length > 0).toBe(isRefused);
  });
});
