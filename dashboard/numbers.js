// Numbers for people. null is no value, and never looks like 0.

export const NO_VALUE = "–";

const known = (value) => value !== null && value !== undefined;

function rounded(value, decimals) {
  return value.toLocaleString("en", { minimumFractionDigits: decimals,
                                      maximumFractionDigits: decimals });
}

// Three digits or so: 0.05, 3.27, 48.1, 12,345.
export function rate(value) {
  if (!known(value)) return NO_VALUE;
  return rounded(value, value >= 100 ? 0 : value >= 10 ? 1 : value === 0 ? 0 : 2);
}

export const count = (value) => (known(value) ? rounded(value, 0) : NO_VALUE);

// 0 is none at all; what is more is at least 0.01 %.
export function share(value) {
  if (!known(value)) return NO_VALUE;
  if (value === 0) return "0 %";
  const percent = Math.max(value * 100, 0.01);
  return `${rounded(percent, percent >= 10 ? 0 : percent >= 1 ? 1 : 2)} %`;
}

export function milliseconds(value) {
  if (!known(value)) return NO_VALUE;
  return value >= 10000 ? `${rounded(value / 1000, 1)} s` : `${rounded(value, value >= 100 ? 0 : 1)} ms`;
}

export function seconds(value) {
  if (!known(value)) return NO_VALUE;
  if (value < 120) return `${rounded(value, 1)} s`;
  return value < 7200 ? `${rounded(value / 60, 0)} min` : `${rounded(value / 3600, 0)} h`;
}

export function bytes(value) {
  if (!known(value)) return NO_VALUE;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit + 1 < units.length) {
    value /= 1000;
    ++unit;
  }
  return `${rounded(value, unit > 0 && value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB");
export const hourAndMinute = (ms) => clock(ms).slice(0, 5);
