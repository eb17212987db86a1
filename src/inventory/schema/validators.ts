import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { hostVarsSchema, type VarName } from './host-vars.ts';

/**
 * `verbose` puts the failing schema into each error, whose title completes "expected ...". Each schema judges a few distinct
 * values in a run: making its code shorter would take longer than running it. The schemas are our own: that they
 * are schemas is tested, not asked in every run.
 */
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  code: { optimize: false },
  validateSchema: false,
});
const compiled = new Map<VarName, ValidateFunction>();

/** All violations of one variable's schema by a plain value; compiled at first use, since most runs use a few variables. */
export function violations(name: VarName, value: unknown): readonly ErrorObject[] {
  let validate = compiled.get(name);
  if (!validate) {
    validate = ajv.compile(hostVarsSchema.properties[name]);
    compiled.set(name, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []);
}
