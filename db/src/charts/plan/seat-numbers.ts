import type { PlanBlock } from './plan-schema.ts';

/** The numbers of a row's seats, from its left end to its right end as people in it see them. */
export function seatNumbers(scheme: PlanBlock['numbers'], count: number): string[] {
  const { from, first, step } = scheme;
  const number = (place: number): string => {
    switch (from) {
      case 'left':
        return `${first + place * step}`;
      case 'right':
        return `${first + (count - 1 - place) * step}`;
      case 'split':
        return splitNumber(place, count);
    }
  };
  return Array.from({ length: count }, (_, place) => number(place));
}

/** 5 3 1 2 4: odd numbers grow to the left from the middle, even ones to the right. */
function splitNumber(place: number, count: number): string {
  const left = Math.ceil(count / 2);
  return place < left ? `${(left - place) * 2 - 1}` : `${(place - left + 1) * 2}`;
}
