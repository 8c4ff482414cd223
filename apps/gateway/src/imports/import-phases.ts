import type { ImportPhase } from '@offload/contracts';
import type { PhaseProgress } from '@offload/contracts/http';
import type { ImportRow } from './import-row.js';
import { speedOf } from './import-speed.js';
import { hasEnded, isAtRest } from './import-states.js';

type Phased = Pick<
  ImportRow,
  'state' | 'standing' | 'phases' | 'bytesDone' | 'bytesTotal' | 'samples'
>;

/** How much of the whole a phase is, as far as can be told beforehand. */
const weights: Record<ImportPhase['name'], number> = {
  converting: 1,
  loading: 3,
  merging: 2,
  reverting: 1,
};

/** The phase that is being worked on, or was last. */
export function currentPhase(run: Omit<Phased, 'samples' | 'state'>): ImportPhase {
  const loading: ImportPhase = {
    name: 'loading',
    done: run.bytesDone,
    total: run.bytesTotal,
    unit: 'bytes',
  };
  const relevant = relevantPhases(run);
  return relevant.find((phase) => !isComplete(phase)) ?? relevant.at(-1) ?? loading;
}

/** Every phase with its own bar. */
export function phaseProgress(run: Phased): PhaseProgress[] {
  const current = currentPhase(run);
  const phases = run.phases.length > 0 ? run.phases : [current];
  return phases.map((phase) => {
    const state = stateOf(phase, phase.name === current.name, run);
    const isRunning = state === 'running';
    return {
      ...phase,
      state,
      percent: state === 'done' ? 100 : Math.min(99, Math.floor(shareOf(phase) * 100)),
      rate_per_s: isRunning ? rateOf(run) : null,
      eta_s: isRunning ? etaOf(phase, run) : null,
    };
  });
}

/**
 * Of all phases, each with its weight; of the undoing alone while it is undone. 100 only when everything is
 * committed: the last percent is not given away before.
 */
export function wholePercent(run: Phased): number {
  if (run.state.startsWith('completed') || run.state === 'reverted') return 100;
  const relevant = relevantPhases(run);
  // It was asked to be undone, and nothing of that is reported yet.
  if (run.state === 'reverting' && relevant.every(({ name }) => name !== 'reverting')) return 0;
  const phases = relevant.length > 0 ? relevant : [currentPhase(run)];
  const whole = sum(phases.map(({ name }) => weights[name]));
  const done = sum(phases.map((phase) => weights[phase.name] * shareOf(phase)));
  return Math.min(99, Math.floor((done / whole) * 100));
}

/** While something is undone, because it was asked for or because it fails, nothing else is worked on. */
function relevantPhases({ phases, standing }: Pick<Phased, 'phases' | 'standing'>): ImportPhase[] {
  const undoing = phases.filter(({ name }) => name === 'reverting');
  const isUndone = !hasEnded(standing) || standing === 'reverted';
  if (undoing.length > 0 && isUndone) return undoing;
  return phases.filter(({ name }) => name !== 'reverting');
}

function stateOf(
  phase: ImportPhase,
  isCurrent: boolean,
  { state, standing }: Phased,
): PhaseProgress['state'] {
  const isOver = standing.startsWith('completed') && phase.name !== 'reverting';
  if (isComplete(phase) || isOver) return 'done';
  if (phase.name === 'reverting' && state === 'reverted') return 'done';
  if (hasEnded(state)) return phase.done > 0 ? 'stopped' : 'waiting';
  return isCurrent && !isAtRest(state) && state !== 'queued' ? 'running' : 'waiting';
}

function isComplete({ done, total }: ImportPhase): boolean {
  return total > 0 && done >= total;
}

function shareOf({ done, total }: ImportPhase): number {
  return total === 0 ? 0 : Math.min(1, done / total);
}

function rateOf({ samples }: Phased): number | null {
  const speed = speedOf(samples);
  return speed ? Math.round(speed.unitsPerS) : null;
}

function etaOf({ name, done, total }: ImportPhase, { samples, state }: Phased): number | null {
  const speed = samples.at(-1)?.phase === name ? speedOf(samples) : undefined;
  if (!speed || speed.unitsPerS <= 0 || total === 0 || state === 'interrupted') return null;
  // Bytes without rows are the header: nothing to judge the speed by.
  if (name === 'loading' && speed.rowsPerS <= 0) return null;
  return Math.ceil((total - done) / speed.unitsPerS);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
