import { describe, expect, it } from 'vitest';
import { renderFabric, renderHost } from '../../src/targets/render.ts';
import type { FilePlan, Target } from '../../src/targets/target.ts';
import { type TemplateFiles, templateEngine } from '../../src/targets/template.ts';
import { fabric, host } from './sample.ts';

function templates(files: Readonly<Record<string, string>>): TemplateFiles {
  return new Map(
    Object.entries(files).map(([name, text]) => [name, { path: `inventory/templates/${name}`, text }]),
  );
}

function print(files: Readonly<Record<string, string>>, context: Record<string, unknown> = {}) {
  return templateEngine(templates(files)).print('t/main.hbs', context);
}

function finding(files: Readonly<Record<string, string>>, context: Record<string, unknown> = {}) {
  const printed = print(files, context);
  if (!('diagnostics' in printed)) throw new Error(`printed ${JSON.stringify(printed.text)}`);
  return printed.diagnostics.map(({ rule, message, ranges, nearest }) => {
    const [place] = ranges;
    return `${rule} ${place ? `${place.file}:${place.line}:${place.column}` : '-'} ${message} [${nearest ?? ''}]`;
  });
}

describe('templates print', () => {
  it('names, lists, conditions and partials of the same folder, without escaping', () => {
    const printed = print(
      {
        't/main.hbs': '{{#each peers}}\n{{> peer}}\n{{/each}}\n{{#if none}}x{{else}}<"&>{{/if}}\n',
        't/peer.hbs': 'neighbor {{address}} in {{@root.name}}\n',
      },
      { name: 'w', peers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }], none: null },
    );
    expect(printed).toEqual({ text: 'neighbor 10.0.0.1 in w\nneighbor 10.0.0.2 in w\n<"&>\n' });
  });
});

describe('a template that cannot be used is a finding at its place', () => {
  const place = 'inventory/templates/t/main.hbs';
  it.each([
    ['an unknown name', 'a\n  {{hostnam}}', `template-unknown-name ${place}:2:5`, 'hostname'],
    [
      'an unknown name in a condition',
      '{{#if hostnam}}x{{/if}}',
      `template-unknown-name ${place}:1:7`,
      'hostname',
    ],
    [
      'an unknown name in a loop',
      '\n{{#each list}}{{adress}}{{/each}}',
      `template-unknown-name ${place}:2:17`,
      'address',
    ],
    ['an unknown helper', 'x\n{{upper hostname}}', `template-unknown-name ${place}:2:3`, ''],
    ['an unknown block', '{{#eech list}}{{/eech}}', `template-unknown-name ${place}:1:4`, 'each'],
    [
      'a helper that Handlebars has and we do not',
      '{{log hostname}}',
      `template-unknown-name ${place}:1:3`,
      '',
    ],
    ['a computed partial', '{{> (lookup . "x")}}', `template-unknown-name ${place}:1:6`, ''],
    ['a missing partial', 'a\nb {{> peers}}', `template-unknown-name ${place}:2:7`, 'peer'],
    ['a partial of another folder', '{{> u/other}}', `template-unknown-name ${place}:1:5`, ''],
    ['an open block', 'a\n  {{#each list}}x', `template-syntax ${place}:2:18`, ''],
    [
      'an open expression',
      'a\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa {{x',
      `template-syntax ${place}:2:45`,
      '',
    ],
    ['the wrong end of a block', '\n {{#each list}}{{/if}}', `template-syntax ${place}:2:5`, ''],
    ['endless partials', '{{> main}}', `template-error ${place}:1:1`, ''],
  ])('%s', (_, text, expected, near) => {
    const found = finding(
      { 't/main.hbs': text, 't/peer.hbs': '', 'u/other.hbs': '' },
      { hostname: 'web01', list: [{ address: '10.0.0.1' }] },
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${expected} `);
    expect(found[0]).toContain(`[${near}]`);
  });

  it('names the partial that fails, not the template that includes it', () => {
    const files = { 't/main.hbs': 'a\n{{> peer}}', 't/peer.hbs': '\n\n{{nam}}' };
    expect(finding(files, { name: 1 })).toEqual([
      "template-unknown-name inventory/templates/t/peer.hbs:3:3 the template names 'nam', which it is not given [name]",
    ]);
    expect(finding({ 't/main.hbs': '{{> peer}}', 't/peer.hbs': '{{#each' })[0]).toContain(
      'template-syntax inventory/templates/t/peer.hbs:1:4 ',
    );
  });

  it('a fault of syntax is told in what people write, not in tokens of the parser', () => {
    const [said] = finding({ 't/main.hbs': '{{#each list}}x' }, { list: [] });
    expect(said).toContain('the end of the file is not expected here');
    expect(finding({ 't/main.hbs': '{{#if x}' })[0]).toContain('this character is not expected here');
  });

  it('several unknown helpers and partials are told at once', () => {
    expect(finding({ 't/main.hbs': '{{a b}}{{> c}}{{#d}}{{/d}}' })).toHaveLength(3);
  });

  it('a template that does not exist', () => {
    expect(finding({ 't/mainn.hbs': '' })).toEqual([
      "template-unknown-name - there is no template 't/main.hbs' [t/mainn.hbs]",
    ]);
  });
});

const plan: FilePlan = {
  path: 'x.conf',
  template: 't/main.hbs',
  context: { name: 'x' },
  destination: '/etc/x.conf',
  owner: 'root:root',
  mode: '0644',
  check: null,
  apply: 'true',
};

function target(name: string, plans: readonly FilePlan[]): Target {
  return {
    name,
    applies: () => true,
    limits: () => [],
    files: () => plans,
    read: () => ({ router: null, docker: null, lines: [], diagnostics: [] }),
  };
}

describe('rendering', () => {
  const net = fabric(host('a'), host('b'));

  it('prints every plan, text plans as they are', () => {
    const text: FilePlan = { ...plan, path: 'y.json', template: null, context: '{}\n' };
    const [a] = renderFabric(net, templates({ 't/main.hbs': 'is {{name}}\n' }), undefined, [
      target('t', [plan, text]),
    ]);
    expect(a?.complete).toBe(true);
    expect(a?.files.map(({ path, text, target: by }) => [path, by, text])).toEqual([
      ['x.conf', 't', 'is x\n'],
      ['y.json', 't', '{}\n'],
    ]);
  });

  it('tells a fault of a template once, and marks every host it concerns', () => {
    const hosts = [
      ...renderFabric(net, templates({ 't/main.hbs': '{{nme}}' }), undefined, [target('t', [plan])]),
    ];
    expect(hosts.map(({ complete, diagnostics }) => [complete, diagnostics.length])).toEqual([
      [false, 1],
      [false, 0],
    ]);
  });

  it.each([
    ['another text under the same name', [plan, { ...plan, context: { name: 'y' } }], 1],
    ['the same text under the same name', [plan, plan], 0],
    ['a path that leaves the folder', [{ ...plan, path: '../x' }], 1],
    ['the name of the manifest', [{ ...plan, path: 'manifest.json' }], 1],
  ])('%s', (_, plans, findings) => {
    const web = host('web01');
    const { diagnostics } = renderHost(web, fabric(web), templates({ 't/main.hbs': '{{name}}' }), [
      target('t', plans),
    ]);
    expect(diagnostics).toHaveLength(findings);
  });
});
