import { Decimal } from './decimal.ts';

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?)?(Z)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:\.(\d{0,9}))?)?$/;
const TIME = /^(-?)(\d{1,3}):(\d{2})(?::(\d{2})(?:\.(\d{0,6}))?)?$/;
const DAY_MS = 86_400_000;

/** A date, a time of day or both, without a zone: the store's clock is UTC. `text` is as MySQL prints it. */
export class Moment {
  readonly kind: 'date' | 'datetime' | 'time';
  readonly text: string;

  constructor(kind: 'date' | 'datetime' | 'time', text: string) {
    this.kind = kind;
    this.text = text;
  }

  /** An instant with so many digits of a second, cut off as NOW() does. */
  static fromDate(date: Date, digits: number, microseconds = 0): Moment {
    const whole = date.toISOString().slice(0, 19).replace('T', ' ');
    const fraction = `${String(date.getUTCMilliseconds()).padStart(3, '0')}${String(microseconds).padStart(3, '0')}`;
    return new Moment('datetime', digits === 0 ? whole : `${whole}.${fraction.slice(0, digits)}`);
  }

  /** Reads what MySQL takes as a date or datetime; null when it is none. */
  static parse(text: string): Moment | null {
    const match = DATE.exec(text.trim()) ?? COMPACT.exec(text.trim());
    if (match === null) return null;
    const [, year = '', month = '', day = '', hour, minute = '0', second = '0', fraction = ''] = match;
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (date !== '0000-00-00' && !isDay(date)) return null;
    if (hour === undefined) return new Moment('date', date);
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
    const time = [hour, minute, second].map((part) => part.padStart(2, '0')).join(':');
    return new Moment('datetime', `${date} ${time}${fraction === '' ? '' : `.${fraction}`}`);
  }

  /** Reads a TIME; null when it is none. */
  static parseTime(text: string): Moment | null {
    const match = TIME.exec(text.trim());
    if (match === null) return null;
    const [, sign = '', hours = '', minutes = '', seconds = '00', fraction = ''] = match;
    if (Number(minutes) > 59 || Number(seconds) > 59) return null;
    const whole = `${sign}${hours.padStart(2, '0')}:${minutes}:${seconds}`;
    return new Moment('time', fraction === '' ? whole : `${whole}.${fraction}`);
  }

  get date(): string {
    return this.text.slice(0, 10);
  }

  /** Digits behind the seconds. */
  get fraction(): string {
    return this.text.split('.')[1] ?? '';
  }

  /** Microseconds since the epoch, or of the time; for comparing and computing. */
  toMicroseconds(): bigint {
    const fraction = BigInt(this.fraction.padEnd(6, '0').slice(0, 6));
    if (this.kind === 'time') {
      const [hours = '0', minutes = '0', seconds = '0'] = this.text.replace('-', '').split('.')[0]?.split(':') ?? [];
      const total = ((BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds)) * 1_000_000n + fraction;
      return this.text.startsWith('-') ? -total : total;
    }
    // Day zero is before all real days, as it sorts in MySQL.
    if (this.text.startsWith('0000')) return -(10n ** 18n);
    const time = this.kind === 'date' ? '00:00:00' : this.text.slice(11, 19);
    return BigInt(Date.parse(`${this.date}T${time}Z`)) * 1000n + fraction;
  }

  static fromMicroseconds(total: bigint, digits: number): Moment {
    const micros = ((total % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const date = new Date(Number((total - micros) / 1000n) + Number(micros / 1000n));
    return Moment.fromDate(date, digits, Number(micros % 1000n));
  }

  /** With so many digits of a second; rounded, as MySQL does when it stores. */
  round(digits: number): Moment {
    if (this.kind === 'date') return digits < 0 ? this : new Moment('datetime', `${this.text} 00:00:00`).round(digits);
    const whole = this.text.split('.')[0] ?? '';
    if (this.fraction.length <= digits || this.kind === 'time' || whole.startsWith('0000')) {
      const fraction = this.fraction.padEnd(digits, '0').slice(0, digits);
      return new Moment(this.kind, digits === 0 ? whole : `${whole}.${fraction}`);
    }
    const step = 10n ** BigInt(6 - digits);
    const nanos = BigInt(this.fraction.padEnd(9, '0').slice(6));
    const micros = this.toMicroseconds() + (digits === 6 && nanos >= 500n ? 1n : 0n);
    const rest = ((micros % step) + step) % step;
    return Moment.fromMicroseconds(rest * 2n >= step ? micros - rest + step : micros - rest, digits);
  }

  /** Days since the epoch, of a date or datetime. */
  toDays(): bigint {
    return BigInt(Math.floor(Date.parse(`${this.date}T00:00:00Z`) / DAY_MS));
  }

  /** `20240229120000.5`, where MySQL wants a number. */
  toNumeric(): bigint | Decimal {
    const digits = this.text.replace(/[-: ]/g, '');
    return digits.includes('.') ? Decimal.parse(digits) : BigInt(digits);
  }
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === date;
}
