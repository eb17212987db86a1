import { commandsOf } from './neighbor-sections.ts';
import type { Reading } from './reading.ts';
import { type Change, readAnnounced, readAttributes, readRoute, readRouteBlock, split } from './routes.ts';
import type { Section } from './sections.ts';
import { Words } from './words.ts';

/**
 * Routes of the neighbor or template being read, in ExaBGP's one list (scope.py). The end of a `route { }` and of an `announce`
 * family splits whatever the list holds then, which is why `split` in `announce` works only if another such section follows.
 */
export type RouteList = Change[];

function splitAll(routes: RouteList, reading: Reading): void {
  const done = routes.flatMap((one) => split(one, reading));
  routes.length = 0;
  for (const one of done) routes.push(one);
}

/** `static { route ...; route P { ... } attributes ... nlri ...; }` */
export function readStatic(section: Section, routes: RouteList, reading: Reading): void {
  for (const child of section.children) {
    const [command, ...rest] = child.words;
    const words = new Words(rest, child.source);
    if (child.kind === 'section' && command?.text === 'route') {
      const one = readRouteBlock(child, reading);
      if (one) routes.push(one);
      splitAll(routes, reading);
    } else if (child.kind === 'command' && command?.text === 'route') {
      for (const one of readRoute(words, child.source, reading)) routes.push(one);
    } else if (
      child.kind === 'command' &&
      (command?.text === 'attributes' || command?.text === 'attribute')
    ) {
      for (const one of readAttributes(words, child.source, reading)) routes.push(one);
    } else reading.unknown(command, child.source, 'static', ['route', 'attributes']);
  }
}

const elsewhere = ['nlri-mpls', 'mpls-vpn', 'flow', 'flow-vpn'];

/** `announce { ipv4 { unicast ...; } ipv6 { ... } l2vpn { ... } }` */
export function readAnnounce(section: Section, routes: RouteList, reading: Reading): void {
  for (const child of section.children) {
    const name = child.words[0]?.text;
    if (child.kind === 'command' || (name !== 'ipv4' && name !== 'ipv6' && name !== 'l2vpn')) {
      reading.unknown(child.words[0], child.source, 'announce', ['ipv4', 'ipv6', 'l2vpn']);
      continue;
    }
    const known = name === 'l2vpn' ? ['vpls'] : ['unicast', 'multicast', ...elsewhere];
    const found: Change[] = [];
    for (const { words, source } of commandsOf(child, name, known, reading)) {
      const [command, ...rest] = words;
      if (!command || !known.includes(command.text)) reading.unknown(command, source, name, known);
      else if (name !== 'l2vpn' && (command.text === 'unicast' || command.text === 'multicast')) {
        const family = name === 'ipv4' ? 4 : 6;
        found.push(...readAnnounced(new Words(rest, source), family, command.text, source, reading));
      } else
        reading.note(
          command.source,
          `${name} ${command.text}`,
          'routes of this family are not simulated',
          false,
        );
    }
    splitAll(routes, reading);
    for (const one of found) routes.push(one);
  }
}
