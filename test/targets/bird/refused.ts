const BGP = (line: string) =>
  `protocol bgp { local as 1; neighbor 10.0.0.2 as 2; ${line} ipv4 { import all; export all; }; }`;

/** Configurations that BIRD 2.0.12 refuses, and words of what is said about each; test/lab/bird-refused.test.ts asks bird itself. */
export const refused: readonly (readonly [text: string, words: string])[] = [
  [
    'protocol bgp { local as 1; neighbor 10.0.0.2 as 2; ipv4 { import all; }; }',
    'needs both import and export',
  ],
  ['protocol bgp { neighbor 10.0.0.2 as 2; ipv4 { import all; export all; }; }', 'has no local AS'],
  ['protocol bgp { local as 1; ipv4 { import all; export all; }; }', 'has no neighbor'],
  ['define hop = 1;', "'hop' is a word of BIRD's own"],
  ['protocol static { ipv4; route 10.0.0.1/24 blackhole; }', 'Write 10.0.0.0/24'],
  ['protocol static { ipv4; route 2001:db8::/32 blackhole; }', 'no channel for 2001:db8::/32'],
  ['filter f1 { if net = 10.0.0.0/8 then accept }', "';' is expected here"],
  ['filter f1 { bgp_meds = 5; accept; }', "there is no command or variable 'bgp_meds'"],
  ['protocol kernel { ipv4 { export filter nowhere; }; }', "there is no filter 'nowhere'"],
  ['protocol bgp { locale as 5; }', "the nearest is 'local'"],
  ['protocol statics { }', "the nearest is 'static'"],
  ['routr id 1.1.1.1;', "the nearest is 'router'"],
  ['define x1 = "never closed', 'does not end'],
  ['/* never closed', 'does not end'],
  ['include "missing.conf";\n', 'is not in the folder of the host'],
  ['filter f1 { accept;', "'}' is missing"],
  ['define x1 = 99999999999;', 'does not fit into 32 bits'],
  ['filter f1 { bgp_community.add((65536, 1)); accept; }', '16 bits'],
  ['define own = 70000; filter f1 { if (0, own) ~ bgp_community then reject; accept; }', '16 bits'],
  [
    'protocol bgp a { local as 65000; neighbor 10.0.0.2 as 65000; ipv4 { import all; gateway direct; }; }',
    'direct gateways',
  ],
  [BGP('hold time 2;'), "'hold time' takes 0, or 3 to 65535, not 2"],
  [BGP('keepalive time 0;'), "'keepalive time' takes 1 to 65535, not 0"],
  [BGP('multihop 256;'), "'multihop' takes 1 to 255, not 256"],
  [BGP('ipv4 { preference 70000; };'), "'preference' takes 0 to 65535, not 70000"],
  ['attribute string mine;', 'no attributes of type string'],
  ['attribute clist mine; filter f1 { mine.add((1, 2)); accept; }', "there is no command or variable 'mine'"],
  ['filter f1 { if bgp_ext_community ~ [ (ro, 10.0.0.1, *) ] then reject; accept; }', 'a number is expected'],
  ['filter f1 { if bgp_large_community ~ [ (1, 0..31, 0) ] then reject; accept; }', "nothing but '*'"],
];
