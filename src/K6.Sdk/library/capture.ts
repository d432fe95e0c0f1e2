import { check } from 'k6';
import type { Answer, Place } from './expectations.ts';

/**
 * Takes a value out of an answer, for a later request. That it is there is a check of its own, so that a missing one is seen where it is missing.
 * @param answer The answer.
 * @param name Name of the check, such as `POST /login: token`.
 * @param where Where the value is: `json('$.token')`, `header('Location')`, `cookie('sid')`, `formField('csrf')`, `between('<b>', '</b>')`.
 * @returns The value, an object as JSON; undefined when it is not there.
 */
export function capture(answer: Answer, name: string, where: Place): string | number | boolean | undefined {
  const value = where.read(answer);
  const found = value !== undefined && value !== null && value !== '';
  check(answer, { [`${name} is in ${where.text}`]: () => found });
  return !found ? undefined : typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}

/** A cookie that the answer sets. */
export function cookie(name: string): Place {
  return { text: `cookie ${name}`, read: (answer) => answer.cookies[name]?.[0]?.value };
}

/** The text between two others in the body, from the first place where both are. */
export function between(left: string, right: string): Place {
  return {
    text: `body between ${left} and ${right}`,
    read: (answer) => {
      const text = String(answer.body ?? '');
      const start = text.indexOf(left);
      const end = start < 0 ? -1 : text.indexOf(right, start + left.length);
      return end < 0 ? undefined : text.slice(start + left.length, end);
    },
  };
}

/** What a regular expression finds in the body: its first group, or all of it. */
export function match(pattern: RegExp): Place {
  return { text: `body at ${pattern}`, read: (answer) => { const found = pattern.exec(String(answer.body ?? '')); return found?.[1] ?? found?.[0]; } };
}

/** The value of an input field of an HTML form, such as ASP.NET Core's `__RequestVerificationToken`. */
export function formField(name: string): Place {
  return {
    text: `form field ${name}`,
    read: (answer) => {
      for (const [input] of String(answer.body ?? '').matchAll(/<input\b[^>]*>/gi)) {
        if (attribute(input, 'name') === name) {
          return attribute(input, 'value');
        }
      }
      return undefined;
    },
  };
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const text = found?.[1] ?? found?.[2] ?? found?.[3];
  return text?.replace(/&(amp|lt|gt|quot|#39);/g, (_, entity: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[entity]!);
}
