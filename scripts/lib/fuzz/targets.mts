import { FILE_TARGETS } from './file-targets.mts';
import { JSON_TARGETS } from './json-targets.mts';
import type { Target } from './oracles.mts';
import { TEXT_TARGETS } from './text-targets.mts';

export const TARGETS: Record<string, Target> = {
  ...TEXT_TARGETS,
  ...JSON_TARGETS,
  ...FILE_TARGETS,
};
