/** Writes a number as the exposition format wants it: `+Inf`, `-Inf` and `NaN` by those names. */
export function formatMetricValue(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
