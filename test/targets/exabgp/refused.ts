const ends = 'local-address 10.0.0.2; local-as 65001; peer-as 65002;';

/** A neighbor with these lines. */
export function neighbor(lines: string, head = '10.0.0.1', own = ends): string {
  return `neighbor ${head} {\n  ${own}\n  ${lines}\n}\n`;
}

const route = (words: string) => neighbor(`static { route 10.1.0.0/24 ${words}; }`);

/** Files that ExaBGP 4.2 does not start with: what is wrong with each, and the text. */
export const refusedFiles: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'no local-address', text: neighbor('', '10.0.0.1', 'local-as 1; peer-as 2;') },
  {
    name: 'local-address auto',
    text: neighbor('', '10.0.0.1', 'local-address auto; local-as 1; peer-as 2;'),
  },
  { name: 'no local-as', text: neighbor('', '10.0.0.1', 'local-address 10.0.0.2; peer-as 2;') },
  {
    name: 'peer-as auto',
    text: neighbor('', '10.0.0.1', 'local-address 10.0.0.2; local-as 1; peer-as auto;'),
  },
  { name: 'an address that is none', text: neighbor('', '10.0.0.256') },
  {
    name: 'an IPv6 neighbor without router-id',
    text: neighbor('', '2001:db8::1', 'local-address 2001:db8::2; local-as 1; peer-as 2;'),
  },
  {
    name: 'two families on one session',
    text: neighbor('router-id 1.1.1.1;', '10.0.0.1', 'local-address 2001:db8::2; local-as 1; peer-as 2;'),
  },
  { name: 'a range that is not passive', text: neighbor('', '10.0.0.0/24') },
  {
    name: 'an IPv6 network of length 32 from an IPv4 neighbor',
    text: neighbor('static { route 10.1.0.1/32 next-hop self; route 2001:db8::/32 next-hop 2001:db8::1; }'),
  },
  { name: 'a neighbor twice', text: neighbor('') + neighbor('') },
  { name: 'an unknown word', text: neighbor('holdtime 30;') },
  { name: 'an unknown section', text: neighbor('families { ipv4 unicast; }') },
  { name: 'an unknown word at the top', text: 'router-id 1.1.1.1;\n' },
  { name: 'the group of ExaBGP 3', text: `group g {\n${neighbor('')}}\n` },
  { name: 'a hold time of two', text: neighbor('hold-time 2;') },
  { name: 'a TTL above 255', text: neighbor('outgoing-ttl 256;') },
  { name: 'a flag that is none', text: neighbor('passive maybe;') },
  { name: 'family all', text: neighbor('family { all; }') },
  { name: 'a family twice', text: neighbor('family { ipv4 unicast; ipv4 unicast; }') },
  { name: 'an unknown family', text: neighbor('family { ipv4 anycast; }') },
  ...[
    'target:70000:70000',
    'target4:1.2.3.4:5',
    'target:1.2.3.4:70000',
    'redirect:70000:1',
    'bandwidth:1:2.5',
  ].map((text) => ({
    name: `the extended community ${text}`,
    text: route(`next-hop self extended-community [ ${text} ]`),
  })),
  { name: 'an unknown capability', text: neighbor('capability { refresh; }') },
  { name: 'add-path receive/send', text: neighbor('capability { add-path receive/send; }') },
  {
    name: 'a route of a family that is not listed',
    text: neighbor('family { ipv4 unicast; } static { route 2001:db8::/32 next-hop 2001:db8::1; }'),
  },
  { name: 'a route without next-hop', text: route('med 5') },
  { name: 'a network with host bits', text: neighbor('static { route 10.1.0.1/24 next-hop self; }') },
  { name: 'a network that is none', text: neighbor('static { route 10.1.0/24 next-hop self; }') },
  { name: 'an unknown attribute', text: route('next-hop self metric 5') },
  { name: 'a MED that is no number', text: route('next-hop self med high') },
  { name: 'a MED beyond 32 bits', text: route('next-hop self med 4294967296') },
  { name: 'an origin that is none', text: route('next-hop self origin static') },
  { name: 'a community that is none', text: route('next-hop self community [ 65001:a ]') },
  { name: 'a community name that is none', text: route('next-hop self community graceful-shutdown') },
  { name: 'a list of communities that stays open', text: route('next-hop self community [ 65001:1') },
  { name: 'a large community with two parts', text: route('next-hop self large-community 1:2') },
  {
    name: 'an extended community of unknown kind',
    text: route('next-hop self extended-community [ color:1:2 ]'),
  },
  { name: 'a set without blanks', text: route('next-hop self as-path [ 1 (2 3) ]') },
  { name: 'an as-path with a dot', text: route('next-hop self as-path [ 1.10 ]') },
  { name: 'an aggregator without ASN', text: route('next-hop self aggregator ( 10.0.0.1 )') },
  { name: 'an originator-id that is a number', text: route('next-hop self originator-id 5') },
  { name: 'an empty cluster-list', text: route('next-hop self cluster-list [ ]') },
  { name: 'split without a slash', text: route('next-hop self split 25') },
  { name: 'raw bytes that are not hexadecimal', text: route('next-hop self attribute [ 4 0x80 0x00 ]') },
  { name: 'an odd number of hexadecimal digits', text: route('next-hop self attribute [ 0x04 0x80 0x000 ]') },
  { name: 'a statement over two lines', text: neighbor('static { route 10.1.0.0/24\n next-hop self; }') },
  { name: 'a comment right behind a word', text: neighbor('hold-time 30# seconds\n;') },
  { name: 'a process without encoder', text: 'process p { run /bin/true; }\n' },
  { name: 'a process that nobody defines', text: neighbor('api { processes [ p ]; }') },
  { name: 'a list of processes without brackets', text: neighbor('api { processes p; }') },
  { name: 'two templates of one name', text: 'template { neighbor t { } neighbor t { } }\n' },
  { name: 'two api sections of one name', text: neighbor('api a { } api a { }') },
  {
    name: 'a template that leaves open what the neighbor gives',
    text: `template { neighbor t { local-address auto; } }\n${neighbor('inherit t;')}`,
  },
  { name: 'an empty statement', text: neighbor(';') },
];
