import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../../../../src/base/ip.ts';
import { asSequence } from '../../../../src/bgp/as-path-table.ts';
import { emptyPath, type PathData } from '../../../../src/bgp/attributes.ts';
import { createPathStore, internPath } from '../../../../src/bgp/path-store.ts';
import { runProgram } from '../../../../src/bgp/policy/program/run.ts';
import { read, said } from '../../../targets/bird/support.ts';

const store = createPathStore();

/** Runs the body of a filter over a route that came from a peer, with the given attributes. */
function run(body: string, changes: Partial<PathData> = {}, before = '') {
  const result = read(`${before}\nprotocol kernel { ipv4 { export filter { ${body} }; }; }`);
  const program = result.router?.table?.kernel['ipv4-unicast']?.policy[0]?.program;
  const prefix = parsePrefix('10.1.2.0/24');
  if (!program || !prefix) throw new Error(said(result).join('\n'));
  const path = { ...emptyPath(store), asPath: asSequence(store.asPaths, [65001, 65002, 65002]), ...changes };
  const subject = { prefix, peer: null, ownNextHop: null, learnedFrom: null, localAs: 65000 };
  return runProgram(program, path, subject, store);
}

const accepts = (condition: string, changes: Partial<PathData> = {}, before = '') =>
  run(`if ${condition} then accept; reject;`, changes, before).accepted;

describe('sets whose items overlap', () => {
  // Sorted by where they begin, searched from the middle: 7 is above [5..6] and not looked for before it.
  it.each([
    ['1 ~ [0..9, 5..6, 20]', true],
    ['7 ~ [0..9, 5..6, 20]', false],
    ['7 ~ [0..9, 20]', true],
    ['(65001, 77) ~ [(65001, 1..5), (65001, *), (65009, 9)]', false],
    ['(65001, 3) ~ [(65001, 1..5), (65001, *), (65009, 9)]', true],
    // One interval from (1,0) to (65001,65535), which the search from (3,0) on does not come to.
    ['(65001, 4) ~ [(3, *), (1..65001, *)]', false],
    ['(3, 4) ~ [(3, *), (1..65001, *)]', true],
  ])('%s: %s', (condition, expected) => {
    expect(accepts(condition)).toBe(expected);
  });

  it('are the labels of a case, with else in front of them', () => {
    const text = (length: number) =>
      `case ${length} { 16: reject; 8..24: reject; 20..32: accept; 25: reject; else: reject; }`;
    expect([21, 25, 32].map((length) => run(text(length)).accepted)).toEqual([true, false, false]);
  });
});

describe('attributes of the own making', () => {
  const made = 'attribute int mark1; attribute clist list1;';
  it.each([
    ['if defined(mark1) then reject; mark1 = 5; if mark1 = 5 then accept; reject;', true],
    ['if list1.len = 0 then accept; reject;', true],
    ['list1 = add(list1, (1, 2)); if (1, 2) ~ list1 then accept; reject;', true],
    ['krt_metric = 7; if krt_metric + 1 = 8 then accept; reject;', true],
  ])('%s', (body, accepted) => {
    expect(run(body, {}, made).accepted).toBe(accepted);
  });

  it('make routes differ', () => {
    const [one, other] = [5, 6].map((value) => run(`mark1 = ${value}; accept;`, {}, made).path);
    expect(internPath(store, one ?? emptyPath(store))).not.toBe(internPath(store, other ?? emptyPath(store)));
  });
});

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3 = 7', true],
    ['0 - 1 = 4294967295', true],
    ['7 / 2 = 3', true],
    // && and || bind alike, from the left.
    ['true || false && false', false],
    // ! binds tighter than ~.
    ['! (1 ~ [2..3])', true],
    ['net ~ [ 10.0.0.0/8{24,32} ]', true],
    ['net ~ [ 10.0.0.0/8 ]', false],
    ['net ~ [ 10.1.2.128/25- ]', true],
    ['net ~ 10.1.0.0/16', true],
    ['net.len = 24 && net.ip = 10.1.2.0', true],
    ['net.ip.mask(16) = 10.1.0.0', true],
    ['bgp_path.len = 3 && bgp_path.first = 65001 && bgp_path.last = 65002', true],
    ['bgp_path ~ [= 65001 * =]', true],
    ['bgp_path ~ [= ? 65002 + =]', true],
    ['bgp_path ~ [= 65001 65002 =]', false],
    ['bgp_path ~ [= 65001 [65002, 65005] 65000..65009 =]', true],
    ['bgp_path ~ [65002..65010]', true],
    ['65001 ~ bgp_path', true],
    ['(65001,7) ~ bgp_community', true],
    ['bgp_community ~ [(65001, 5..9), (*, 3)]', true],
    ['bgp_community ~ [(65001, 8..9)]', false],
    ['bgp_large_community ~ [(65001, 1, *)]', true],
    ['bgp_community.len = 1', true],
    ['(65001, 7).asn = 65001 && (65001, 7).data = 7', true],
    ['bgp_origin = ORIGIN_IGP', true],
    ['"eth0" ~ "eth*"', true],
    ['defined(bgp_med)', false],
    ['defined(bgp_local_pref)', true],
    // Nothing comes before every number.
    ['bgp_med < 5', true],
    ['bgp_med > 5', false],
    ['add(-empty-, (1,2)) ~ [(1,2)]', true],
  ])('%s is %s', (condition, wanted) => {
    const attributes = { communities: [65001 * 65536 + 7], largeCommunities: ['65001:1:2'], localPref: 100 };
    expect(accepts(condition, attributes)).toBe(wanted);
  });

  it('a runtime error rejects and names the line', () => {
    const { accepted, fault, source } = run('bgp_local_pref = 5;\nbgp_med = bgp_med + 1;\naccept;');
    expect([accepted, fault, source?.line]).toEqual([false, 'a number is needed, not void', 3]);
    expect(run('int nil = 0; if 1 / nil = 1 then accept; accept;').fault).toBe('division by zero');
    expect(run('if bgp_med ~ [1..5] then accept; accept;').accepted).toBe(false);
  });

  it.each([
    ['format(net) = "10.1.2.0/24"'],
    ['format(bgp_path) = "(path 65001 65002 65002)"'],
    ['format(add(add(-empty-, (1,2)), (3,4))) = "(clist (1,2) (3,4))"'],
    ['format((rt, 10.0.0.1, 5)) = "(rt, 10.0.0.1, 5)"'],
    ['format(add(---empty---, (1,2,3))) = "(lclist (1, 2, 3))"'],
    ['format((generic, 0x43000000, 1)) = "(generic, 0x43000000, 0x1)"'],
    ['format([(5,*), (3,4)..(4,8), (6..7,1)]) = "[(3,4)..(4,8), (5,0)..(5,65535), (6,1), (7,1)]"'],
    ['format([= 1 2+ * 5..9 =]) = "[= 1 2 + * 5..9 =]"'],
    ['format(RTS_STATIC) = "(enum 30)1"'],
    ['format(100000:5) = "100000:5" && format(2:10:5) = "2:10:5"'],
    ['bgp_community.min = (0,0)'],
    ['defined(bgp_community) || bgp_large_community.max = (0,0,0)'],
    ['10:20 ~ [10:1..10:30, 10.0.0.1:5]'],
    ['five() ~ [(five()), 9]', 'function five() { return 5; }'],
    ['nil != [1] && nil = []', 'define nil = [];'],
  ])('%s', (condition, before = '') => {
    expect(accepts(condition, {}, before)).toBe(true);
  });

  it('a filter that comes to its end without a word rejects', () => {
    expect(run('bgp_med = 5;')).toMatchObject({ accepted: false, source: null, fault: null });
  });
});

describe('commands', () => {
  it('change the attributes of the path', () => {
    const { path } = run(
      `bgp_path.prepend(65009); bgp_path.delete(65002); bgp_community.add((65001,1)); bgp_med = 7;
       bgp_large_community.add((1,2,3)); bgp_origin = ORIGIN_EGP; unset(bgp_local_pref); accept;`,
      { localPref: 200 },
    );
    expect(path).toMatchObject({ med: 7, medByPolicy: true, origin: 1, localPref: null });
    expect([path.asPath.text, path.largeCommunities]).toEqual(['65009 65001', ['1:2:3']]);
  });

  it('case, for, variables and functions', () => {
    const functions = 'function twice(int n) { return n * 2; } function stop() { reject; }';
    const body = `
      int sum = 0;
      for int one in bgp_path do { if one = 65002 then sum = sum + 1; }
      case sum { 0, 1: stop(); 2..9: bgp_med = twice(sum); else: bgp_med = 1; }
      accept;`;
    expect(run(body, {}, functions).path.med).toBe(4);
    expect(run(body, { asPath: store.asPaths.empty }, functions).accepted).toBe(false);
  });

  it('recursion without end is a runtime error', () => {
    const { accepted, fault } = run('forever(1); accept;', {}, 'function forever(int n) { forever(n); }');
    expect([accepted, fault]).toEqual([false, 'function forever calls itself without end']);
  });

  it('an empty list is there once the route is stored', () => {
    const stored = run('bgp_community = -empty-; if defined(bgp_community) then reject; accept;');
    expect(stored.accepted).toBe(true);
    expect(run('if defined(bgp_community) then accept; reject;', stored.path).accepted).toBe(true);
  });
});
