import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { hash } from './random.ts';

/** Test data: the rows of a `K6Data` item. All virtual users share one copy. */
export interface Dataset<T> {
  /** Its name: `users` of `k6-data/users`. */
  readonly name: string;

  /** How many rows there are. */
  readonly length: number;

  /** A row by its number from 0; -1 is the last one. Each call gives a copy of its own. */
  at(index: number): T;

  /** The row of this iteration: the iterations of a scenario take the rows in turn, and start again after the last one. */
  perIteration(): T;

  /** Like `perIteration`, but no row twice: when all are used, the test is aborted and fails. */
  unique(): T;

  /** The row of this virtual user; users in excess of the rows start again at the first one. */
  perVu(): T;

  /**
   * A row by chance that is the same in each run: it depends on the seed, on the number of the iteration and on how many were taken in it before,
   * and not on which virtual user comes first. Without a seed it is that of the item.
   */
  random(seed?: number): T;
}

/**
 * Makes a dataset; for the modules that the build generates.
 * @param name Its name.
 * @param read Gives the rows as text: a JSON value a line. Called once per test.
 * @param columns Names of the values in a row that is a list; null for rows that are as they are.
 * @param seed Seed of `random`.
 */
export function dataset<T>(name: string, read: () => string, columns: readonly string[] | null, seed: number): Dataset<T> {
  // A text per row: the rows are parsed when they are asked for, and never all at once.
  const rows = new SharedArray<string>(`k6-data/${name}`, () => read().split('\n'));
  const parse = (text: string): T => {
    const row = JSON.parse(text);
    return columns === null ? row : (Object.fromEntries(columns.map((column, index) => [column, row[index]])) as T);
  };
  const at = (index: number): T => {
    const text = rows[index < 0 ? rows.length + index : index];
    if (text === undefined) {
      throw new RangeError(`k6-data/${name} has ${rows.length} rows, and no row ${index}`);
    }
    return parse(text);
  };
  let iteration = -1;
  let taken = 0;
  return {
    name,
    length: rows.length,
    at,
    perIteration: () => at(inTest(`k6-data/${name}: perIteration()`) % rows.length),
    unique: () => {
      const index = inTest(`k6-data/${name}: unique()`);
      if (index >= rows.length) {
        exec.test.abort(`k6-data/${name}: all ${rows.length} rows are used, and unique() gives none twice. Add rows, run fewer iterations, or use perIteration().`);
      }
      return at(index);
    },
    perVu: () => {
      const vu = exec.vu.idInTest;
      if (vu === 0) {
        throw new Error(`k6-data/${name}: perVu() needs a virtual user, and this is none: setup and teardown take rows with at()`);
      }
      return at((vu - 1) % rows.length);
    },
    random: (own = seed) => {
      const current = inTest(`k6-data/${name}: random()`);
      taken = current === iteration ? taken + 1 : 0;
      iteration = current;
      return at(hash(own, current, taken) % rows.length);
    },
  };
}

function inTest(what: string): number {
  try {
    return exec.scenario.iterationInTest;
  } catch {
    throw new Error(`${what} needs an iteration, and this is none: setup, teardown and the top level take rows with at()`);
  }
}
