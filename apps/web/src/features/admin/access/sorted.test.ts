import { ReviewedNode, ReviewedPerson } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { idOf, make } from '../../../test/sample.ts';
import { sortedNodes, sortedPeople } from './sorted.ts';

const person = (number: number, lastName: string, fields: Partial<ReviewedPerson> = {}): ReviewedPerson =>
  make(ReviewedPerson, { id: idOf(number), lastName, firstName: '', tokens: [], groups: [], patients: number, ...fields });
const node = (number: number, name: string, fields: Partial<ReviewedNode> = {}): ReviewedNode =>
  make(ReviewedNode, { id: idOf(number), name, rights: [], patients: number, ...fields });
const names = (sort: string, ...people: readonly ReviewedPerson[]) => sortedPeople(people, sort).map(({ lastName }) => lastName);

describe('people of the review of access', () => {
  it('are in the order of names as people read them: without case, accents beside their letter', () => {
    const people = ['zola', 'Émile', 'ETIENNE', 'Ба', 'edna'].map((name, at) => person(at, name));
    expect(names('name', ...people)).toEqual(['edna', 'Émile', 'ETIENNE', 'zola', 'Ба']);
    expect(names('-name', ...people)).toEqual(['Ба', 'zola', 'ETIENNE', 'Émile', 'edna']);
  });

  it('who never came stand before everybody, and last where the latest come first', () => {
    const people = [
      person(1, 'Late', { lastLoginAt: '2026-03-01T08:00:00.000Z' }),
      person(2, 'Never', { lastLoginAt: null }),
      person(3, 'Early', { lastLoginAt: '2025-03-01T08:00:00.000Z' }),
    ];
    expect(names('lastLoginAt', ...people)).toEqual(['Never', 'Early', 'Late']);
    expect(names('-lastLoginAt', ...people)).toEqual(['Late', 'Early', 'Never']);
  });

  it('are counted as numbers, and those of one number stay in their order', () => {
    const people = [person(100, 'Hundred'), person(9, 'Nine'), person(9, 'Also nine')];
    expect(names('patients', ...people)).toEqual(['Nine', 'Also nine', 'Hundred']);
    expect(names('-patients', ...people)).toEqual(['Hundred', 'Nine', 'Also nine']);
  });

  it('are by all of their groups; who is in none first', () => {
    const group = (name: string) => ({ id: idOf(7), name });
    const people = [
      person(1, 'B', { groups: [group('Sud')] }),
      person(2, 'A', { groups: [group('Nord'), group('Sud')] }),
      person(3, 'None'),
    ];
    expect(names('group', ...people)).toEqual(['None', 'A', 'B']);
  });

  it('stay as they came where nobody knows the column', () => {
    const people = [person(2, 'B'), person(1, 'A')];
    for (const sort of ['', '-', 'password', 'constructor-']) expect(names(sort, ...people)).toEqual(['B', 'A']);
    expect(sortedPeople(people, 'name')).not.toBe(people);
    expect(people.map(({ lastName }) => lastName)).toEqual(['B', 'A']);
  });
});

it('nodes are by name, by when they were seen last, and by their group; those of none first', () => {
  const nodes = [
    node(1, 'scanner', { lastSeenAt: '2026-01-01T00:00:00.000Z', group: { id: idOf(7), name: 'Nord' } }),
    node(2, 'Irm', { lastSeenAt: null, group: null }),
  ];
  const order = (sort: string) => sortedNodes(nodes, sort).map(({ name }) => name);
  expect([order('name'), order('-name'), order('lastSeen'), order('-group')]).toEqual([
    ...[
      ['Irm', 'scanner'],
      ['scanner', 'Irm'],
      ['Irm', 'scanner'],
      ['scanner', 'Irm'],
    ],
  ]);
});
