const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const lengths: Record<string, number> = { ms: 1, s: 1000, m: 60000, h: 3600000, d: 86400000, w: 604800000 };

/** A unit of time: milliseconds, seconds, minutes, hours, days, weeks, months, quarters, years. */
export type DateUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'y';

/**
 * Now, or so much later; a negative number is earlier. A month later than the last of January is the last of February.
 * @param count How many units.
 * @param unit The unit.
 */
export function moment(count = 0, unit: DateUnit = 'ms'): Date {
  const length = lengths[unit];
  const now = new Date();
  if (length !== undefined) {
    return new Date(now.getTime() + count * length);
  }
  const day = now.getUTCDate();
  now.setUTCDate(1);
  now.setUTCMonth(now.getUTCMonth() + count * (unit === 'y' ? 12 : unit === 'Q' ? 3 : 1));
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate();
  now.setUTCDate(Math.min(day, last));
  return now;
}

/**
 * A moment in a format of .NET: `yyyy-MM-dd HH:mm:ss.fff zzz`. Names are English.
 * @param format The format, of signs of its own; a letter alone is such a sign too.
 * @param date The moment.
 * @param local Whether in the time zone of the machine; otherwise in UTC.
 */
export function dateText(format: string, date: Date, local = false): string {
  const minutes = local ? -date.getTimezoneOffset() : 0;
  const at = new Date(date.getTime() + minutes * 60000);
  return format.replace(/\\([^])|'([^']*)'|"([^"]*)"|%|\.?F+|(d+|f+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+)/g, (whole, escaped, single, double, sign) => {
    if (sign !== undefined) {
      return part(sign, at, minutes);
    }
    if (whole === '%') {
      return '';
    }
    if (whole.endsWith('F') && escaped === undefined && single === undefined && double === undefined) {
      const fraction = digits(at.getUTCMilliseconds(), 3).padEnd(7, '0').slice(0, whole.replace('.', '').length).replace(/0+$/, '');
      return fraction === '' ? '' : whole.replace(/F+/, fraction);
    }
    return escaped ?? single ?? double;
  });
}

function part(sign: string, at: Date, minutes: number): string {
  const count = sign.length;
  const hour = at.getUTCHours();
  switch (sign[0]) {
    case 'd': return count > 3 ? days[at.getUTCDay()]! : count === 3 ? days[at.getUTCDay()]!.slice(0, 3) : digits(at.getUTCDate(), count);
    case 'f': return digits(at.getUTCMilliseconds(), 3).padEnd(7, '0').slice(0, count);
    case 'g': return 'A.D.';
    case 'h': return digits(hour % 12 || 12, Math.min(count, 2));
    case 'H': return digits(hour, Math.min(count, 2));
    case 'm': return digits(at.getUTCMinutes(), Math.min(count, 2));
    case 'M': return count > 3 ? months[at.getUTCMonth()]! : count === 3 ? months[at.getUTCMonth()]!.slice(0, 3) : digits(at.getUTCMonth() + 1, count);
    case 's': return digits(at.getUTCSeconds(), Math.min(count, 2));
    case 't': return (hour < 12 ? 'AM' : 'PM').slice(0, count);
    case 'y': return count < 3 ? digits(at.getUTCFullYear() % 100, count) : digits(at.getUTCFullYear(), count);
  }
  const hours = `${minutes < 0 ? '-' : '+'}${digits(Math.floor(Math.abs(minutes) / 60), sign === 'z' ? 1 : 2)}`;
  return sign === 'z' || sign === 'zz' ? hours : `${hours}:${digits(Math.abs(minutes) % 60, 2)}`;
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}
