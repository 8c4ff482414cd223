import {
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** From which value on a figure has which colour; the first begins at minus infinity. */
export type Limits = readonly [from: number | null, color: 'green' | 'orange' | 'red' | 'text'][];

/** A figure that is neither good nor bad. */
export const noLimits: Limits = [[null, 'text']];

export const redFrom = (value: number): Limits => [
  [null, 'green'],
  [value, 'red'],
];

export const orangeFrom = (value: number): Limits => [
  [null, 'green'],
  [value, 'orange'],
];

export const orangeThenRed = (orange: number, red: number): Limits => [
  [null, 'green'],
  [orange, 'orange'],
  [red, 'red'],
];

export const redBelow = (value: number): Limits => [
  [null, 'red'],
  [value, 'green'],
];

export function thresholdsOf(limits: Limits): ThresholdsConfigBuilder {
  const steps = limits.map(([value, color]): Threshold => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
