// Numbers, times and names as people read them.

const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const AGO = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function compact(count: number): string {
  return COMPACT.format(count);
}

/** `1 post`, `2 posts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${compact(count)} ${count === 1 ? one : many}`;
}

/** How long ago an RFC 3339 instant was. */
export function ago(instant: string): string {
  const seconds = (Date.parse(instant) - Date.now()) / 1_000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? AGO.format(Math.trunc(seconds / step[1]), step[0]) : "just now";
}

export function moment(instant: string): string {
  return FULL.format(new Date(instant));
}

export function regionName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
