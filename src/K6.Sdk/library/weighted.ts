import exec from 'k6/execution';

// Longer turns would cost each virtual user more memory than they are worth.
const LONGEST_TURN = 10000;

/**
 * Shares the iterations of a scenario out by weights: exactly, not by chance. Of any 100 iterations in a row, weights of 70, 20 and 10 get
 * 70, 20 and 10, well mixed, whichever virtual users run them (smooth weighted round robin).
 * @param choices Each with its weight, 0 or more.
 * @returns Gives the choice of the current iteration.
 */
export function weighted<T>(...choices: readonly (readonly [choice: T, weight: number])[]): () => T {
  const weights = whole(choices.map(([, weight]) => weight));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) {
    throw new Error(`weights have to be 0 or more, and one of them more: ${choices.map(([, weight]) => weight).join(', ')}`);
  }
  if (total > LONGEST_TURN) {
    const next = turns(weights, total);
    return () => choices[next()]![0];
  }
  const next = turns(weights, total);
  const wheel = Uint16Array.from({ length: total }, next);
  return () => choices[wheel[exec.scenario.iterationInTest % total]!]![0];
}

/** Gives, one after the other, who is next: each comes as often as its weight says, and as evenly as can be. */
function turns(weights: readonly number[], total: number): () => number {
  const credit = weights.map(() => 0);
  return () => {
    let best = -1;
    for (let i = 0; i < weights.length; i++) {
      credit[i]! += weights[i]!;
      if (weights[i]! > 0 && (best < 0 || credit[i]! > credit[best]!)) {
        best = i;
      }
    }
    credit[best]! -= total;
    return best;
  };
}

/** The same ratios in the smallest whole numbers; up to six decimals count. */
function whole(weights: readonly number[]): number[] {
  const millionths = weights.map((weight) => (weight >= 0 ? Math.round(weight * 1e6) : NaN));
  const divisor = millionths.reduce(function gcd(a: number, b: number): number {
    return b ? gcd(b, a % b) : a;
  }, 0);
  return millionths.map((weight) => weight / (divisor || 1));
}
