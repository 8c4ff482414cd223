import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { email } from './email.mts';
import { imports } from './imports.mts';
import { messaging } from './messaging.mts';
import { overview } from './overview.mts';
import { resources } from './resources.mts';

/** Every dashboard, by the name of the file it becomes. */
export const dashboards: Record<string, Dashboard> = {
  overview,
  messaging,
  imports,
  email,
  resources,
};
