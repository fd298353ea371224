import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { revisionOf } from '../src/platform/db/migration-plan.ts';

const FOLDER = path.resolve(import.meta.dirname, '../migrations');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
const numbers = names.map((name) => Number(name.slice(0, 4))).sort((a, b) => a - b);

/** Until here numbers were handed out in blocks. */
const LAST_OF_THE_BLOCKS = 109;

test('migrations are named by a number of their own and words', () => {
  expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.sql$/.test(name))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('numbers have no gap from 0110 on', () => {
  const later = numbers.filter((number) => number > LAST_OF_THE_BLOCKS);
  expect(later).toEqual(later.map((_, index) => LAST_OF_THE_BLOCKS + 1 + index));
});

test('what was released is as it was: databases out there were made with it', () => {
  const released = read('released.txt')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
  expect(released.length).toBeGreaterThan(20);
  for (const [sha256, name = ''] of released)
    expect(createHash('sha256').update(read(name)).digest('hex'), `${name} was released`).toBe(sha256);
});

test('files of functions say their revision and hold functions that may be made again', () => {
  const files = readdirSync(path.join(FOLDER, 'functions'));
  for (const file of files) {
    const sql = read(`functions/${file}`);
    expect(revisionOf({ name: file, sql })).toBeGreaterThan(0);
    expect(sql, file).not.toMatch(/^CREATE FUNCTION/m);
  }
});

test('no migration from 0096 on makes a function that has a file of its own', () => {
  const owned = readdirSync(path.join(FOLDER, 'functions')).flatMap((file) =>
    [...read(`functions/${file}`).matchAll(/^CREATE OR REPLACE FUNCTION (\w+)\(/gm)].map(([, name = '']) => name),
  );
  expect(owned.length).toBeGreaterThan(25);
  const copies = names
    .filter((name) => name >= '0096')
    .flatMap((name) => [...read(name).matchAll(/^CREATE (?:OR REPLACE )?FUNCTION (\w+)\(/gm)].map(([, made = '']) => made));
  expect(copies.filter((made) => owned.includes(made))).toEqual([]);
});
