/** A duration as k6 writes it: `30s`, `1m30s`, `500ms`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}` | `${number}${'d' | 'h' | 'm' | 's'}${number}${string}`;

const units: Record<string, number> = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1 };
const known = new Map<string, number>();

/** A duration in milliseconds; a script that asks for the same one again pays nothing. */
export function milliseconds(duration: string): number {
  let sum = known.get(duration);
  if (sum === undefined) {
    if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(duration)) {
      throw new Error(`'${duration}' is not a duration such as 30s, 1m30s or 500ms`);
    }
    sum = 0;
    for (const [, number, unit] of duration.matchAll(/([\d.]+)(ms|[dhms])/g)) {
      sum += Number(number) * units[unit!]!;
    }
    known.set(duration, sum);
  }
  return sum;
}
