import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addNode,
  nodesIn,
  noNodes,
  roomFor,
  settled,
  withoutNodes,
} from '../../src/simulator/compact/node-set.ts';

const COUNT = 100;
const node = fc.nat({ max: COUNT - 1 });

function setOf(nodes: Iterable<number>) {
  const set = roomFor(COUNT);
  for (const one of nodes) addNode(set, one);
  return settled(set);
}

test('holds what was put in, ascending and once', () => {
  fc.assert(
    fc.property(fc.array(node), (nodes) => {
      expect(nodesIn(setOf(nodes))).toEqual([...new Set(nodes)].sort((a, b) => a - b));
    }),
  );
});

test('without some it is the set of the others', () => {
  fc.assert(
    fc.property(fc.uniqueArray(node), fc.array(fc.nat({ max: 2 * COUNT })), (nodes, gone) => {
      expect(withoutNodes(setOf(nodes), gone)).toEqual(setOf(nodes.filter((one) => !gone.includes(one))));
    }),
  );
});

test('nothing has no words', () => {
  expect(setOf([])).toBe(noNodes);
  expect(withoutNodes(setOf([31, 64]), [64, 31])).toBe(noNodes);
});
