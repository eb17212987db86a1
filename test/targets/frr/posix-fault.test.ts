import { describe, expect, it } from 'vitest';
import { posixFault } from '../../../src/targets/frr/read/posix-fault.ts';

/** Each as `bgpd -C` of FRR 8.4.4 has it, which asks glibc's regcomp. */
describe('expressions that FRR takes', () => {
  const taken =
    '^1:2$ ) a** a++ } a{1,300} a{256} x{,3} a| |a () (|a) [[:alpha:]] (a)\\1 [:alpha:] []a] [^]a] _ _* 1_{2} [_1] ^^ a)*';
  it.each(taken.split(' '))('%s', (expression) => {
    expect(posixFault(expression)).toBeNull();
  });
});

describe('expressions that FRR refuses', () => {
  const refused =
    '( (( * + ? [ [z-a] [a { {1} a{1 a{2,1} a{1,99999} \\ a\\ [[:foo:]] ^* $* (*a) a|* \\1 (a)\\2 (a\\1) [] [^] [1- (?1) [a-[:digit:]]';
  it.each(refused.split(' '))('%s', (expression) => {
    expect(posixFault(expression)).not.toBeNull();
  });
});
