import type { Answer, Expectation } from './expectations.ts';

/** A schema of an OpenAPI document; a function stands for one that is named elsewhere. */
export type Schema = boolean | SchemaObject | (() => Schema);

/** What a value has to be, in words of JSON Schema. */
export interface SchemaObject {
  readonly type?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema | undefined>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/**
 * What is wrong with a value, such as `$.items[0].price is a string, and number is wanted`; undefined when nothing is. Stops at the first mistake. Formats are not looked at.
 * @param value The value.
 * @param schema What it has to be.
 * @param path Where it is.
 */
export function invalid(value: unknown, schema: Schema, path = '$'): string | undefined {
  while (typeof schema === 'function') {
    schema = schema();
  }
  if (typeof schema === 'boolean') {
    return schema ? undefined : `${path} should not be there`;
  }
  const kind = kindOf(value);
  if (schema.type && !schema.type.some((type) => type === kind || (type === 'number' && kind === 'integer'))) {
    return `${path} is ${kind}, and ${schema.type.join(' or ')} is wanted`;
  }
  if (schema.enum && !schema.enum.some((one) => one === value || JSON.stringify(one) === JSON.stringify(value))) {
    return `${path} is ${JSON.stringify(value)}, and none of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  }
  for (const part of schema.allOf ?? []) {
    const problem = invalid(value, part, path);
    if (problem) {
      return problem;
    }
  }
  return alternatives(value, schema, path) ?? own(value, kind, schema, path);
}

function alternatives(value: unknown, schema: SchemaObject, path: string): string | undefined {
  for (const [list, most] of [[schema.anyOf, Infinity], [schema.oneOf, 1]] as const) {
    if (list) {
      const problems = list.map((one) => invalid(value, one, path));
      const fits = problems.filter((problem) => problem === undefined).length;
      if (fits === 0) {
        return list.length === 1 ? problems[0] : `${path} is none of ${list.length} alternatives: ${problems[0]}`;
      }
      if (fits > most) {
        return `${path} is ${fits} of ${list.length} alternatives, and one of them is wanted`;
      }
    }
  }
  return undefined;
}

function own(value: any, kind: string, schema: SchemaObject, path: string): string | undefined {
  switch (kind) {
    case 'object':
      return members(value, schema, path);
    case 'array':
      return limits(value.length, 'items', schema.minItems, schema.maxItems, path)
        ?? (schema.items === undefined ? undefined : first(value, (item, index) => invalid(item, schema.items!, `${path}[${index}]`)));
    case 'string':
      return limits([...value].length, 'characters', schema.minLength, schema.maxLength, path)
        ?? (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value) ? `${path} is ${JSON.stringify(value)}, and does not match ${schema.pattern}` : undefined);
    case 'integer':
    case 'number':
      return range(value, schema, path);
    default:
      return undefined;
  }
}

function members(value: Record<string, unknown>, schema: SchemaObject, path: string): string | undefined {
  const names = Object.keys(value);
  const { properties = {}, additionalProperties: more = true } = schema;
  const missing = schema.required?.find((name) => value[name] === undefined);
  if (missing !== undefined) {
    return `${path}.${missing} is missing`;
  }
  return limits(names.length, 'members', schema.minProperties, schema.maxProperties, path)
    ?? first(names, (name) => {
      const known = Object.hasOwn(properties, name) ? properties[name]! : more;
      return known === true ? undefined : invalid(value[name], known, `${path}.${name}`);
    });
}

function range(value: number, schema: SchemaObject, path: string): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  return minimum !== undefined && value < minimum ? `${path} is ${value}, less than ${minimum}`
    : maximum !== undefined && value > maximum ? `${path} is ${value}, more than ${maximum}`
    : exclusiveMinimum !== undefined && value <= exclusiveMinimum ? `${path} is ${value}, not more than ${exclusiveMinimum}`
    : exclusiveMaximum !== undefined && value >= exclusiveMaximum ? `${path} is ${value}, not less than ${exclusiveMaximum}`
    : multipleOf !== undefined && Math.abs(value / multipleOf - Math.round(value / multipleOf)) > 1e-9 ? `${path} is ${value}, no multiple of ${multipleOf}`
    : undefined;
}

function limits(count: number, what: string, least: number | undefined, most: number | undefined, path: string): string | undefined {
  return least !== undefined && count < least ? `${path} has ${count} ${what}, fewer than ${least}`
    : most !== undefined && count > most ? `${path} has ${count} ${what}, more than ${most}`
    : undefined;
}

function first<T>(list: readonly T[], look: (one: T, index: number) => string | undefined): string | undefined {
  for (let i = 0; i < list.length; i++) {
    const problem = look(list[i]!, i);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

/** The body is JSON that fits a schema. Why one does not is logged: of each request the first time. */
export function fits(schema: Schema): Expectation {
  let said = false;
  return {
    text: 'body fits its schema',
    holds: (answer: Answer) => {
      let problem: string | undefined;
      try {
        problem = invalid(answer.json(), schema);
      } catch {
        problem = 'the body is no JSON';
      }
      if (problem && !said) {
        said = true;
        console.warn(`${answer.request.method} ${answer.request.url} (${answer.status}): ${problem}`);
      }
      return problem === undefined;
    },
  };
}

/** The body is JSON that fits the schema of its status: `200`, `2XX` or `default`; nothing is said of other statuses. */
export function fitsByStatus(schemas: Readonly<Record<string, () => Schema>>): Expectation {
  const ready = new Map<string, Expectation>();
  return {
    text: 'body fits its schema',
    holds: (answer) => {
      const key = [String(answer.status), `${Math.floor(answer.status / 100)}XX`, 'default'].find((one) => schemas[one]);
      if (key === undefined) {
        return true;
      }
      let expectation = ready.get(key);
      if (!expectation) {
        expectation = fits(schemas[key]!);
        ready.set(key, expectation);
      }
      return expectation.holds(answer);
    },
  };
}
