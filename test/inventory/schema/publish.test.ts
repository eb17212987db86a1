import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hostVarsSchema } from '../../../src/inventory/schema/host-vars.ts';
import { inventorySchema, type JsonSchema, varsSchema } from '../../../src/inventory/schema/publish.ts';

const compile = (schema: JsonSchema): ValidateFunction =>
  new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
const inventory = compile(inventorySchema());
const vars = compile(varsSchema());
const read = (path: string): unknown => parse(readFileSync(path, 'utf8'), { version: '1.1' });

describe.each(readdirSync('inventory'))('the published schema and the example %s', (name) => {
  it('takes hosts.yml', () => {
    expect([inventory(read(`inventory/${name}/hosts.yml`)), inventory.errors]).toEqual([true, null]);
  });

  it.each(readdirSync(`inventory/${name}/group_vars`))('takes group_vars/%s', (file) => {
    expect([vars(read(`inventory/${name}/group_vars/${file}`)), vars.errors]).toEqual([true, null]);
  });
});

describe('the published schema', () => {
  it.each<[string, unknown, boolean]>([
    ['variables of other roles', { docker_users: ['me'], nginx: { port: 80 } }, true],
    ['unknown names in our namespaces', { bgp_neighbours: [] }, false],
    ['wrong types', { bgp_asn: [] }, false],
    ['unknown keys', { bgp_timers: { keepalives: 3 } }, false],
  ])('on %s', (_what, value, valid) => {
    expect(vars(value)).toBe(valid);
  });

  it.each<[unknown, boolean]>([
    [{ all: null }, true],
    [{ all: { hosts: { 'web[01:20]': null }, children: { a: { vars: null } } } }, true],
    [{ all: { children: { a: { children: { b: { hosts: { h: { bgp_asn: 1 } } } } } } } }, true],
    [{ all: { children: { a: { children: { b: { hosts: { h: { bgp_asm: 1 } } } } } } } }, false],
    [{ all: { host: {} } }, false],
  ])('on %j', (value, valid) => {
    expect(inventory(value)).toBe(valid);
  });

  it('explains every variable', () => {
    const silent = Object.entries(hostVarsSchema.properties).filter(([, schema]) => !schema['description']);
    expect(silent.map(([name]) => name)).toEqual([]);
  });
});
