import { describeError } from '../errors/describe-error.js';

/** One thing a service depends on, and how it is; `reason` says in words why it is not as it should be. */
export interface HealthCheck {
  name: string;
  check: () => Promise<CheckAnswer>;
  /** False for what is told when it is away, and does not make the service unready. (Default: true) */
  isNeeded?: boolean;
  /** Why it does not answer in time, where that can be told. */
  whyLate?: () => string | undefined;
}

export interface CheckAnswer {
  /** Whether the service can do its work. It may be so although there is something to tell. */
  isUp: boolean;
  reason?: string | undefined;
}

export interface HealthFinding extends CheckAnswer {
  name: string;
}

export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

/** Longest that a check may take, in milliseconds; shorter than balancers and Prometheus wait for us. */
const defaultTimeoutMs = 2_000;

/**
 * Looks at everything that the service depends on, side by side and never for long.
 *
 * A check that hangs is told in words. It is not begun once more before it has ended, so that a
 * dependency that hangs is not asked again and again by every probe.
 */
export class LookAtHealth {
  private readonly open = new Map<string, Promise<CheckAnswer>>();

  constructor(
    private readonly checks: readonly HealthCheck[],
    private readonly timeoutMs = defaultTimeoutMs,
  ) {}

  /** Never throws: whatever goes wrong is a finding. */
  look(): Promise<HealthFinding[]> {
    return Promise.all(
      this.checks.map(async (check) => {
        const { isUp, reason } = await this.inTime(check);
        return { name: check.name, isUp: isUp || check.isNeeded === false, reason };
      }),
    );
  }

  private async inTime(check: HealthCheck): Promise<CheckAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<CheckAnswer>((resolve) => {
      timer = setTimeout(() => {
        const late = `It has not answered within ${this.timeoutMs / 1000} s.`;
        resolve({ isUp: false, reason: check.whyLate?.() ?? late });
      }, this.timeoutMs);
    });
    const answer = await Promise.race([this.begin(check), tooLate]);
    clearTimeout(timer);
    return answer;
  }

  private begin({ name, check }: HealthCheck): Promise<CheckAnswer> {
    const begun = this.open.get(name);
    if (begun) return begun;
    const answer = answerOf(check).finally(() => this.open.delete(name));
    this.open.set(name, answer);
    return answer;
  }
}

async function answerOf(check: HealthCheck['check']): Promise<CheckAnswer> {
  try {
    return await check();
  } catch (error) {
    return { isUp: false, reason: describeError(error).message };
  }
}
